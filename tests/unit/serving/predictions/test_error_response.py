"""serving/predictions/error_response.py: the one place where errors become responses."""

import errno
import json
import logging

import pytest
from werkzeug.exceptions import ImATeapot, MethodNotAllowed, NotFound

from text_classification.errors import ArtifactError, Code, OverloadedError, RequestError
from text_classification.serving.predictions.error_response import error_response


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RequestError(413, Code.RECORDS_TOO_MANY, "many"), 413, "RECORDS_TOO_MANY"),
        (ArtifactError(Code.ARTIFACT_CORRUPT, "odd"), 500, "ARTIFACT_CORRUPT"),
        (NotFound(), 404, "NOT_FOUND"),
        (ImATeapot(), 418, "BODY_INVALID"),
        (OSError(errno.ENOSPC, "full"), 507, "DISK_FULL"),
        (OSError(errno.EDQUOT, "full"), 507, "DISK_FULL"),
        (OSError(errno.EROFS, "read-only"), 507, "DISK_FULL"),
        (MemoryError(), 507, "OUT_OF_MEMORY"),
        (OSError(errno.EIO, "secret"), 500, "INTERNAL"),
        (KeyError("secret"), 500, "INTERNAL"),
    ],
)
def test_each_error_has_a_status_and_a_code(error: Exception, status: int, code: str) -> None:
    """The body is JSON with its length, and says nothing of a fault's insides."""
    found = error_response(error)
    assert found.status == status
    assert json.loads(found.body)["error"]["code"] == code
    assert dict(found.headers)["Content-Length"] == str(len(found.body))
    assert b"secret" not in found.body


def test_headers_say_what_to_do_next() -> None:
    """When to come again, and which methods there are."""
    error = OverloadedError(Code.OVERLOADED, "busy", remedy="", retry_after=7)
    assert dict(error_response(error).headers)["Retry-After"] == "7"
    assert dict(error_response(MethodNotAllowed(["POST"])).headers)["Allow"] == "POST"
    body = json.loads(error_response(NotFound(), routes="There is GET /ping.").body)
    assert body["error"]["remedy"] == "There is GET /ping."


def test_only_faults_of_ours_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """With the request's identifier and a traceback."""
    error_response(RequestError(400, Code.BODY_INVALID, "odd"))
    assert not caplog.records
    with caplog.at_level(logging.ERROR):
        error_response(ZeroDivisionError(), request_id="r-7")
    assert "r-7" in caplog.text
    assert "ZeroDivisionError" in caplog.text
