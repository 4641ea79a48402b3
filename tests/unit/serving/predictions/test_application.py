"""serving/predictions/application.py: predictions of any size, and all that goes past them."""

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.unit.helpers import random_artifact
from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions.application import PredictionApplication
from text_classification.serving.predictions.format.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.predictions.large_responses import AT_ONCE
from text_classification.serving.predictions.limits.admission import Admission
from text_classification.serving.predictions.request_environment import SMALL_BYTES
from text_classification.serving.predictions.request_handler import RequestHandler

CLASSIFIER = Classifier(random_artifact())
LIMIT = 1 << 20


class Asked:
    """An application with predictions below /invocations, and what it passes on."""

    def __init__(self, scratch: Path, responses: Path | None = None) -> None:
        self.passed_on: list[str] = []
        settings = Settings(scratch=scratch)
        self._application = PredictionApplication(
            RequestHandler(settings, Admission(), responses),
            self._route,
            self._control,
            limit=LIMIT,
            responses=responses,
        )

    def __call__(self, data: Any = b"good", **request: Any) -> tuple[bytes, str, dict[str, str]]:
        """Return body, status and headers of the response."""
        given = {"path": "/invocations", "method": "POST", "content_type": "text/plain", **request}
        environ = EnvironBuilder(data=data, **given).get_environ()
        pieces, status, headers = run_wsgi_app(self._application, environ)
        self.unread = environ["wsgi.input"].read()
        return b"".join(pieces), status, dict(headers)

    def _route(self, _: str, path: str) -> Callable[[], Classifier] | None:
        if path == "/fault":
            raise ZeroDivisionError
        return (lambda: CLASSIFIER) if path == "/invocations" else None

    def _control(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.passed_on.append(environ["PATH_INFO"])
        start_response("404 Not Found" if "lost" in environ["PATH_INFO"] else "200 OK", [])
        return [b"control"]


@pytest.fixture
def ask(tmp_path: Path) -> Asked:
    """An application without nginx."""
    return Asked(tmp_path)


@pytest.mark.parametrize("size", [4, SMALL_BYTES, SMALL_BYTES + 1, LIMIT])
def test_predictions_of_any_size_are_answered_here(ask: Asked, size: int) -> None:
    """With type, length, times and the caller's attributes."""
    body, status, headers = ask(b"good" * (size // 4), headers={ATTRIBUTES_HEADER: "request 7"})
    assert status == "200 OK"
    assert len(json.loads(body)["predictions"]) == 1
    assert headers.pop("Server-Timing").startswith("wait;dur=")
    assert headers == {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        ATTRIBUTES_HEADER: "request 7",
    }
    assert not ask.passed_on


def test_other_routes_are_passed_on(ask: Asked) -> None:
    """They get their attributes back, and a body is read before an error, here as well."""
    body, _, headers = ask(path="/ping", headers={ATTRIBUTES_HEADER: "request 7"})
    assert (body, headers) == (b"control", {ATTRIBUTES_HEADER: "request 7"})
    assert ask.unread
    ask(path="/lost")
    assert not ask.unread
    assert ask.passed_on == ["/ping", "/lost"]


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"content_type": "image/png"}, "415 Unsupported Media Type", "CONTENT_TYPE_UNSUPPORTED"),
        ({"data": b"x" * (LIMIT + 1)}, "413 Request Entity Too Large", "BODY_TOO_LARGE"),
        ({"environ_overrides": {"CONTENT_LENGTH": "8"}}, "400 Bad Request", "BODY_INVALID"),
        (
            {"data": b"x" * 70_000, "environ_overrides": {"CONTENT_LENGTH": "70001"}},
            "400 Bad Request",
            "BODY_INVALID",
        ),
        ({"data": b"\xff"}, "400 Bad Request", "BODY_INVALID"),
        ({"path": "/fault"}, "500 Internal Server Error", "INTERNAL"),
    ],
)
def test_errors_have_one_form(ask: Asked, request_: dict[str, Any], status: str, code: str) -> None:
    """Whatever fails and wherever; what is left of the body has been read then."""
    body, found, headers = ask(**request_, headers={ATTRIBUTES_HEADER: "request 7"})
    assert found.split()[0] == status.split(maxsplit=1)[0]
    assert json.loads(body)["error"]["code"] == code
    assert headers == {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        ATTRIBUTES_HEADER: "request 7",
    }
    assert not ask.unread


def test_body_without_a_length_has_a_limit_too(ask: Asked) -> None:
    """As gunicorn hands over one in chunks."""
    for size, status in ((LIMIT, "200 OK"), (LIMIT + 1, "413 ")):
        stream = {"wsgi.input": io.BytesIO(b"x" * size), "wsgi.input_terminated": True}
        found = ask(None, environ_overrides={**stream, "HTTP_TRANSFER_ENCODING": "chunked"})
        assert found[1].startswith(status)


def test_large_answer_is_left_to_nginx(tmp_path: Path) -> None:
    """It lies in a file that the response names; a small one is sent."""
    ask = Asked(tmp_path, tmp_path)
    assert ask()[0]
    assert not list(tmp_path.iterdir())
    rows = b"good\n" * (AT_ONCE // 20)
    body, status, headers = ask(rows, content_type="text/csv")
    assert (body, status) == (b"", "200 OK")
    assert headers["Content-Length"] == "0"
    name = headers["X-Accel-Redirect"].removeprefix("/responses/")
    assert len(json.loads((tmp_path / name).read_bytes())["predictions"]) == AT_ONCE // 20
