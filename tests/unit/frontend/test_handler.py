"""The page's function: who may ask, what is refused before it costs, what errors become."""

import base64
import hashlib
import io
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.response import StreamingBody
from botocore.stub import Stubber

from frontend import endpoint, handler
from frontend.handler import Page
from frontend.request import CONTENT_TYPES, LARGEST_BODY, OPEN

KEY = "5hN0gq3dQ1yqS0cF8l2m9w"
DIGEST = hashlib.sha256(KEY.encode()).hexdigest()
TEXT = "a confidential text"
ASKED = {"EndpointName": "letters", "ContentType": "application/json", "Accept": "*/*"}


def event(body: str | None = None, method: str = "POST", **headers: str) -> dict[str, Any]:
    """Return a request with the key and a document, as the gateway hands it over."""
    given = {"x-page-key": KEY, "content-type": "application/json", "accept": "*/*"}
    return {
        "version": "2.0",
        "headers": {**given, **{name.replace("_", "-"): value for name, value in headers.items()}},
        "requestContext": {"http": {"method": method, "path": "/invocations"}},
        "body": json.dumps({"text": TEXT}) if body is None else body,
        "isBase64Encoded": False,
    }


@pytest.fixture
def stub() -> Iterator[Stubber]:
    client = boto3.client(
        "sagemaker-runtime",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with Stubber(client) as stub:
        yield stub


@pytest.fixture
def page(stub: Stubber) -> Page:
    return Page("letters", DIGEST, stub.client)


def answered(stub: Stubber, body: str, content_type: str, **asked: Any) -> None:
    stream = StreamingBody(io.BytesIO(body.encode()), len(body.encode()))
    expected = {**ASKED, "Body": event()["body"].encode(), **asked}
    stub.add_response("invoke_endpoint", {"Body": stream, "ContentType": content_type}, expected)


def container_error(page: Page, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return the status and the error that a request is answered with."""
    response = page.respond(asked)
    error: dict[str, Any] = json.loads(response.body)["error"]
    assert response.code == error["code"]
    assert TEXT not in response.body
    return response.status, error


def test_an_answer_comes_with_its_type(page: Page, stub: Stubber) -> None:
    """Body, content type and accept go on as they came; nobody keeps the answer."""
    answered(stub, '{"predictions": ["ä"]}', "application/json")
    response = page.respond(event()).for_gateway()
    assert (response["statusCode"], response["body"]) == (200, '{"predictions": ["ä"]}')
    assert response["headers"] == {"content-type": "application/json", "cache-control": "no-store"}
    stub.assert_no_pending_responses()


@pytest.mark.parametrize("content_type", [*CONTENT_TYPES, "text/csv; text_column=1"])
def test_every_type_of_the_container_is_passed_on(
    page: Page, stub: Stubber, content_type: str
) -> None:
    """With its parameters, and whether or not the gateway has encoded the body."""
    asked = event(content_type=content_type, accept="text/csv")
    answered(stub, "label", "text/csv", ContentType=content_type, Accept="text/csv")
    encoded = base64.b64encode(asked["body"].encode()).decode()
    assert page.respond({**asked, "body": encoded, "isBase64Encoded": True}).status == 200


@pytest.mark.parametrize("key", ["", KEY + "A", KEY.lower(), DIGEST, "ключ"])
def test_without_the_key_nothing_is_asked(page: Page, key: str) -> None:
    """Not even what is wrong with the request is told; a stubbed client would fail, too."""
    for asked in (event(x_page_key=key), event("{", "PUT", x_page_key=key)):
        status, error = container_error(page, asked)
        assert (status, error["code"]) == (403, "KEY_WRONG" if key else "KEY_MISSING")
    without = event()
    del without["headers"]["x-page-key"]
    assert container_error(page, without)[1]["code"] == "KEY_MISSING"


def test_an_open_page_needs_no_key(stub: Stubber) -> None:
    """It is open by a word, and by no digest that was left out."""
    answered(stub, "{}", "application/json")
    assert Page("letters", OPEN, stub.client).respond(event(x_page_key="")).status == 200
    assert container_error(Page("letters", "", stub.client), event(x_page_key=""))[0] == 403


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (event(method="GET"), 405, "METHOD_NOT_ALLOWED"),
        (event(content_type="application/x-www-form-urlencoded"), 415, "CONTENT_TYPE_UNSUPPORTED"),
        (event(content_type="text/csv; a=" + "b" * 1024), 415, "CONTENT_TYPE_UNSUPPORTED"),
        (event(accept="a" * 1025), 406, "NOT_ACCEPTABLE"),
        (event(""), 400, "BODY_INVALID"),
        (event(" \n", content_type="text/plain"), 400, "BODY_INVALID"),
        (event("{" + TEXT), 400, "BODY_INVALID"),
        (event("[" * 100_000), 400, "BODY_INVALID"),
        (event("42"), 400, "BODY_INVALID"),
        ({**event("?"), "isBase64Encoded": True}, 400, "BODY_INVALID"),
        (event("\ud800", content_type="text/plain"), 400, "BODY_INVALID"),
        (event("a" * (LARGEST_BODY + 1), content_type="text/plain"), 413, "BODY_TOO_LARGE"),
    ],
)
def test_what_no_endpoint_could_answer_is_not_asked(
    page: Page, asked: dict[str, Any], status: int, code: str
) -> None:
    """Each with its own status and code."""
    found, error = container_error(page, asked)
    assert (found, error["code"]) == (status, code)
    assert error["remedy"]


@pytest.mark.parametrize(
    ("error_of_the_service", "expected"),
    [
        (("ThrottlingException", "Rate exceeded"), (503, "THROTTLED")),
        (("ModelNotReadyException", ""), (503, "ENDPOINT_WAKING")),
        (("ServiceUnavailable", ""), (503, "ENDPOINT_UNAVAILABLE")),
        (("InternalFailure", ""), (503, "ENDPOINT_UNAVAILABLE")),
        (("InternalDependencyException", ""), (503, "ENDPOINT_UNAVAILABLE")),
        (("ValidationError", "Endpoint a of account 1 not found."), (502, "ENDPOINT_MISSING")),
        (("ValidationError", f"Request has {TEXT}"), (502, "ENDPOINT_FAILED")),
        (("AccessDeniedException", "no"), (502, "ENDPOINT_FORBIDDEN")),
    ],
)
def test_errors_of_the_service_become_answers(
    page: Page, stub: Stubber, error_of_the_service: tuple[str, str], expected: tuple[int, str]
) -> None:
    """What may be tried again says when, in the header and in the body."""
    stub.add_client_error("invoke_endpoint", *error_of_the_service)
    response = page.respond(event())
    error = json.loads(response.body)["error"]
    assert (response.status, error["code"]) == expected
    assert TEXT not in response.body
    headers = response.for_gateway()["headers"]
    if response.status == 503:
        assert int(headers["retry-after"]) == error["retry_after_seconds"] > 0
    else:
        assert "retry-after" not in headers
        assert "retry_after_seconds" not in error


def model_error(stub: Stubber, status: int, message: str) -> None:
    """Have the container answer an error, as InvokeEndpoint tells of it."""
    members = {"OriginalStatusCode": status, "OriginalMessage": message}
    stub.add_client_error(
        "invoke_endpoint", "ModelError", "Received client error", 424, modeled_fields=members
    )


def test_the_containers_error_is_its_own(page: Page, stub: Stubber) -> None:
    """Status and body, as if nobody stood between; a 503 also says when to come again."""
    own = {"code": "RECORDS_TOO_MANY", "message": "3 records, 2 are taken", "where": "records"}
    model_error(stub, 413, json.dumps({"error": own}))
    assert container_error(page, event()) == (413, own)
    model_error(stub, 503, json.dumps({"error": {"code": "OVERLOADED", "message": "busy"}}))
    status, error = container_error(page, event())
    assert (status, error["code"], error["retry_after_seconds"]) == (503, "OVERLOADED", 2)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (500, f"<html>{TEXT}"),
        (0, "Your invocation timed out"),
        (400, '{"error": "x"}'),
        (502, "[]"),
    ],
)
def test_an_error_that_is_not_the_containers_is_not_repeated(
    page: Page, stub: Stubber, status: int, message: str
) -> None:
    """It may be anything, of anybody."""
    model_error(stub, status, message)
    assert container_error(page, event())[0] == 502


def test_an_answer_that_lambda_would_not_hand_over_is_refused(page: Page, stub: Stubber) -> None:
    """Else the gateway would say nothing but that something went wrong."""
    answered(stub, "x" * (endpoint.LARGEST_RESPONSE + 1), "text/csv")
    assert container_error(page, event())[1]["code"] == "ANSWER_TOO_LARGE"


def test_who_does_not_answer_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The endpoint is asked once; the time-out is the client's own."""
    monkeypatch.setattr(endpoint, "READ_SECONDS", 0.2)
    for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        page = Page("letters", DIGEST, endpoint.runtime_client())
        status, error = container_error(page, event())
    assert (status, error["code"], error["retry_after_seconds"]) == (504, "TIMED_OUT", 5)
    # Now nobody listens there.
    status, error = container_error(page, event())
    assert (status, error["code"]) == (503, "ENDPOINT_UNAVAILABLE")


def test_what_nobody_foresaw_is_told_without_its_words(
    page: Page, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message of an exception may repeat what was sent; its name does not."""

    def fail(*_: object) -> None:
        raise RuntimeError(TEXT)

    monkeypatch.setattr(handler, "invoke", fail)
    assert container_error(page, event())[0] == 500
    assert [record.__dict__["error"] for record in caplog.records] == ["RuntimeError"]
    assert TEXT not in caplog.text


def test_a_request_has_one_line_without_text_or_key(
    page: Page, stub: Stubber, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sizes, status and time are all that the log learns."""
    answered(stub, "{}", "application/json")
    monkeypatch.setattr(handler, "_page", lambda: page)
    with caplog.at_level(logging.INFO, "page"):
        assert handler.handle(event(), None)["statusCode"] == 200
    (line,) = caplog.records
    assert (line.__dict__["status"], line.__dict__["answer_characters"]) == (200, 2)
    assert not [
        value for value in map(str, line.__dict__.values()) if TEXT in value or KEY in value
    ]
