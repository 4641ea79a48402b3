"""Small requests are answered without the application; whatever else happens is its business."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, BinaryIO, NoReturn

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.fast_path import PROBLEM_KEY, SMALL_BYTES, ShortWay
from text_classification.serving.predictions.format.negotiation import ATTRIBUTES_HEADER
from text_classification.serving.predictions.handover import AT_ONCE, FOLDER_KEY
from text_classification.serving.predictions.limits.deadline import Deadline
from text_classification.serving.predictions.requests.request_timing import Measures
from text_classification.serving.predictions.transport import Answered

Asked = list[bytes]


def _application(asked: Asked) -> Any:
    """Return an application that takes down the bodies that it is asked."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(environ["wsgi.input"].read())
        start_response("418 I'm a teapot", [])
        return [b"from the application"]

    return application


def _answered(answer: bytes | IO[bytes]) -> Answered:
    return Answered(answer, "text/csv", Measures(Deadline.after(60)))


def _echo(_: dict[str, Any], body: Callable[[], BinaryIO], length: int | None) -> Answered:
    """Answer with the body itself."""
    given = body().read()
    assert length == len(given)
    return _answered(given)


def _ask(way: ShortWay, **request: Any) -> tuple[bytes, str, Any]:
    given = {"path": "/invocations", "method": "POST", "data": b"body", **request}
    environ = EnvironBuilder(**given).get_environ()
    answer, status, headers = run_wsgi_app(way, environ)
    return b"".join(answer), status, headers


def test_a_small_request_is_answered_without_the_application() -> None:
    """With its type, its length and the caller's attributes."""
    asked: Asked = []
    way = ShortWay(_application(asked), _echo)
    answer, status, headers = _ask(way, headers={ATTRIBUTES_HEADER: "request 7"})
    assert (answer, status) == (b"body", "200 OK")
    assert headers.pop("Server-Timing").startswith("wait;dur=")
    assert dict(headers) == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Length": "4",
        ATTRIBUTES_HEADER: "request 7",
    }
    assert _ask(way, data=b"x" * SMALL_BYTES)[1] == "200 OK"
    assert not asked


@pytest.mark.parametrize(
    "request_",
    [
        {"data": b"x" * (SMALL_BYTES + 1)},
        {"method": "PUT"},
        {"path": "/ping"},
        {"environ_overrides": {"CONTENT_LENGTH": "-4"}},
        {"environ_overrides": {"CONTENT_LENGTH": "four"}},
        {"environ_overrides": {"CONTENT_LENGTH": "1" * 5000}},
        {"environ_overrides": {"CONTENT_LENGTH": ""}},
    ],
)
def test_any_other_request_is_the_applications(request_: dict[str, Any]) -> None:
    """Nothing of the body has been read then."""
    asked: Asked = []
    answer, status, _ = _ask(ShortWay(_application(asked), _echo), **request_)
    assert (answer, status) == (b"from the application", "418 I'm a teapot")
    assert asked == [request_.get("data", b"body")]


@pytest.mark.parametrize(
    "error", [RequestError(400, Code.BODY_INVALID, "it is wrong"), ZeroDivisionError()]
)
def test_what_goes_wrong_is_told_by_the_application(error: Exception) -> None:
    """It finds the very error, and does not ask again."""
    told: list[Exception] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        told.append(environ[PROBLEM_KEY])
        start_response("400 Bad Request", [])
        return [b""]

    def fail(_: Any, __: Any, ___: int | None) -> NoReturn:
        raise error

    assert _ask(ShortWay(application, fail))[1] == "400 Bad Request"
    assert told == [error]


@pytest.mark.parametrize("answer", [b"x" * (AT_ONCE + 1), b"in a file"])
def test_a_large_answer_is_sent_without_the_application_too(answer: bytes) -> None:
    """As Flask would send it, with the caller's attributes."""
    asked: Asked = []

    def large(_: Any, __: Any, ___: int | None) -> Answered:
        return _answered(answer if len(answer) > AT_ONCE else io.BytesIO(answer))

    way = ShortWay(_application(asked), large)
    body, status, headers = _ask(way, headers={ATTRIBUTES_HEADER: "request 7"})
    assert (body, status) == (answer, "200 OK")
    assert headers["Content-Length"] == str(len(answer))
    assert "Server-Timing" in headers
    assert headers[ATTRIBUTES_HEADER] == "request 7"
    assert not asked


def test_a_large_answer_is_handed_to_nginx_where_it_can_be(tmp_path: Path) -> None:
    """It is named rather than sent."""

    def large(_: Any, __: Any, ___: int | None) -> Answered:
        return _answered(io.BytesIO(b"in a file"))

    body, _, headers = _ask(
        ShortWay(_application([]), large), environ_overrides={FOLDER_KEY: tmp_path}
    )
    assert not body
    name = headers["X-Accel-Redirect"].removeprefix("/answers/")
    assert (tmp_path / name).read_bytes() == b"in a file"


def test_half_a_body_is_told_by_the_application() -> None:
    """A client that is gone has sent less than it promised."""
    asked: Asked = []
    way = ShortWay(_application(asked), _echo)
    assert _ask(way, environ_overrides={"CONTENT_LENGTH": "8"})[1] == "418 I'm a teapot"
    assert asked == [b"body"]
