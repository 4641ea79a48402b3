"""InvokeEndpoint for a browser: what the endpoint answers, or what its error means.

The codes are from the service's model and its documentation.
"""

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    ReadTimeoutError,
)

from frontend.request import Request
from frontend.responses import Refused, Response

CONNECT_SECONDS = 2
# Both together end before the function does (28 s), and that before the gateway gives up (30 s):
# whoever waits is told what happened by the one who knows.
READ_SECONDS = 24
# Lambda hands over answers of 6 MB, in JSON, in which quotation marks take two bytes.
LARGEST_RESPONSE = 5_000_000
# When to come again: soon where others were first, later where something starts.
SOON, LATER = 2, 5
STATUSES = range(400, 600)

# What InvokeEndpoint's errors mean for a browser: the arguments of ``Refused``.
AGAIN = "Try again in a moment."
ABSENT = "the endpoint that this page asks is not there, or not in service"
OPERATOR = "Whoever runs the page can mend it, by `textcnn page` and `textcnn deploy`."
Refusal = tuple[int, str, str, str, int | None]
THROTTLED: Refusal = (503, "THROTTLED", "too many ask at once", AGAIN, SOON)
WAKING: Refusal = (503, "ENDPOINT_WAKING", "the endpoint is waking up", AGAIN, LATER)
UNAVAILABLE: Refusal = (
    503,
    "ENDPOINT_UNAVAILABLE",
    "the endpoint cannot be reached now",
    AGAIN,
    SOON,
)
MISSING: Refusal = (502, "ENDPOINT_MISSING", ABSENT, OPERATOR, None)
FORBIDDEN: Refusal = (
    502,
    "ENDPOINT_FORBIDDEN",
    "this page may not ask its endpoint",
    OPERATOR,
    None,
)
FAILED: Refusal = (502, "ENDPOINT_FAILED", "the endpoint refused the request", OPERATOR, None)
REFUSALS = {
    "AccessDenied": FORBIDDEN,
    "AccessDeniedException": FORBIDDEN,
    "InternalDependencyException": UNAVAILABLE,
    "InternalFailure": UNAVAILABLE,
    "ModelNotReadyException": WAKING,
    "ServiceUnavailable": UNAVAILABLE,
    "Throttling": THROTTLED,
    "ThrottlingException": THROTTLED,
    "TooManyRequestsException": THROTTLED,
}


def runtime_client() -> Any:
    """Return a client that asks once: to try again is the page's business, and its user's."""
    return boto3.client(
        "sagemaker-runtime",
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 1},
        ),
    )


def invoke(client: Any, endpoint: str, request: Request) -> Response:
    """Return the endpoint's answer, or the container's own error; raises ``Refused``."""
    try:
        response = client.invoke_endpoint(
            EndpointName=endpoint,
            Body=request.body,
            ContentType=request.content_type,
            Accept=request.accept,
        )
        body = response["Body"].read().decode("utf-8", "replace")
    except ClientError as error:
        if error.response["Error"].get("Code") != "ModelError":
            raise _refusal(error.response["Error"]) from None
        return _container_error(error.response)
    except (ConnectTimeoutError, ReadTimeoutError):
        raise Refused(
            504,
            "TIMED_OUT",
            f"the endpoint did not answer within {READ_SECONDS} seconds",
            "One that sleeps may be waking up: try again, or send less at once.",
            LATER,
        ) from None
    except BotoCoreError:
        raise Refused(*UNAVAILABLE) from None
    if len(body.encode()) > LARGEST_RESPONSE:
        raise Refused(
            502,
            "ANSWER_TOO_LARGE",
            "the answer is larger than can be handed over",
            "Send fewer documents at once, or ask for less of each.",
        )
    return Response(200, body, response.get("ContentType", "application/json"))


def _container_error(response: dict[str, Any]) -> Response:
    """Return the container's error as the container gave it; raises ``Refused`` for another's."""
    status = int(response.get("OriginalStatusCode") or 0)
    container_error = _error_of(response.get("OriginalMessage", ""))
    if container_error is None or status not in STATUSES:
        # No answer of ours: cut, or from what stands before the container. It may repeat anything.
        raise Refused(
            502, "MODEL_FAILED", "the model's server failed", "Its log, at the endpoint, says why."
        )
    retry_after = None
    if status == 503:  # noqa: PLR2004 - the status that asks to come again
        # The container's Retry-After is a header, and those do not come through.
        retry_after = container_error.setdefault("retry_after_seconds", SOON)
    body = json.dumps({"error": container_error})
    return Response(status, body, retry_after=retry_after, code=str(container_error["code"]))


def _error_of(message: str) -> dict[str, Any] | None:
    try:
        error = json.loads(message)["error"]
    except (ValueError, KeyError, TypeError):
        return None
    return error if isinstance(error, dict) and "code" in error else None


def _refusal(error: dict[str, Any]) -> Refused:
    code = error.get("Code", "")
    # The service has no code of its own for an endpoint that is not there.
    if code == "ValidationError" and "not found" in error.get("Message", ""):
        return Refused(*MISSING)
    return Refused(*REFUSALS.get(code, FAILED))
