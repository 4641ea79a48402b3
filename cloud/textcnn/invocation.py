"""Invoke an endpoint of any kind and read its response."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from textcnn.artifacts import MISSING_CODES, S3Place
from textcnn.aws import Aws
from textcnn.documents import JSON, Body
from textcnn.endpoints import ANSWERING, Endpoint, Kind
from textcnn.errors import CommandError, Exit
from textcnn.polling import pauses

SLOW_SECONDS = 3.0
# An asynchronous endpoint may have to start its first instance.
LONGEST_WAIT_SECONDS = 3600.0
SLEEPING = {
    Kind.SERVERLESS: "No answer yet: a serverless endpoint without requests for some minutes "
    "starts a new container, which takes up to a minute ...",
    Kind.INSTANCE: "No answer yet: the instances may be busy ...",
    Kind.ASYNCHRONOUS: "No answer yet: with no instance running the first takes minutes to "
    "start ...",
}
REASONS = {
    "Creating": ("is being created", "Wait: `textcnn ls` shows when it is InService."),
    "Deleting": ("is being deleted", "`textcnn ls` shows what else there is."),
    "Failed": ("has failed", "Remove it (`textcnn rm`) and deploy again."),
}


def invoke(
    aws: Aws, endpoint: Endpoint, body: Body, attributes: str, say: Callable[[str], None]
) -> dict[str, Any]:
    """Return the answer, ``{"predictions": [...], ...}``.

    attributes are options of the request, such as ``top_k=3; explain=true``. say is called once
    where the answer takes long. Raises ``CommandError`` with the container's own words.
    """
    _check_status(endpoint)
    send = _through_s3 if endpoint.kind is Kind.ASYNCHRONOUS else _directly
    with _notice_when_slow(lambda: say(SLEEPING[endpoint.kind])):
        content = send(aws, endpoint, body, attributes)
    return _read_response(content)


def _check_status(endpoint: Endpoint) -> None:
    if endpoint.status in ANSWERING:
        return
    problem, remedy = REASONS.get(endpoint.status, (f"is {endpoint.status}", ""))
    reason = f": {endpoint.failure}" if endpoint.failure else ""
    raise CommandError(f"the endpoint {endpoint.name} {problem}{reason}", remedy)


@contextmanager
def _notice_when_slow(tell: Callable[[], None]) -> Iterator[None]:
    timer = threading.Timer(SLOW_SECONDS, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _directly(aws: Aws, endpoint: Endpoint, body: Body, attributes: str) -> bytes:
    try:
        response = aws.client("sagemaker-runtime").invoke_endpoint(
            EndpointName=endpoint.name,
            Body=body.content,
            ContentType=body.content_type,
            Accept=JSON,
            CustomAttributes=attributes,
        )
    except ClientError as error:
        if error.response["Error"].get("Code") != "ModelError":
            raise
        status = int(error.response.get("OriginalStatusCode", 500))
        raise container_error(error.response.get("OriginalMessage", ""), status) from None
    content: bytes = response["Body"].read()
    return content


def _through_s3(aws: Aws, endpoint: Endpoint, body: Body, attributes: str) -> bytes:
    """Ask an asynchronous endpoint: the request and the answer lie in S3 for some days."""
    output = endpoint.configuration["AsyncInferenceConfig"]["OutputConfig"]["S3OutputPath"]
    bucket = S3Place.parse(output).bucket
    key = f"temporary/asked/{endpoint.name}/{uuid.uuid4()}"
    s3 = aws.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=body.content, ContentType=body.content_type)
    response = aws.client("sagemaker-runtime").invoke_endpoint_async(
        EndpointName=endpoint.name,
        InputLocation=f"s3://{bucket}/{key}",
        ContentType=body.content_type,
        Accept=JSON,
        CustomAttributes=attributes,
    )
    for passed in pauses():
        content = _object(s3, response["OutputLocation"])
        if content is not None:
            return content
        failure = _object(s3, response.get("FailureLocation", ""))
        if failure is not None:
            raise container_error(failure.decode(errors="replace"), None)
        if passed > LONGEST_WAIT_SECONDS:
            break
    raise CommandError(
        f"no answer came within {LONGEST_WAIT_SECONDS / 60:.0f} minutes",
        f"It will lie at {response['OutputLocation']}.",
    )


def _object(s3: Any, uri: str) -> bytes | None:
    """Return an object, or None where it is not there yet."""
    if not uri:
        return None
    place = S3Place.parse(uri)
    try:
        content: bytes = s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING_CODES:
            return None
        raise
    return content


def container_error(message: str, status: int | None) -> CommandError:
    """Return the container's refusal in its own words, as far as it said them as the image does.

    status is the container's, None where the service does not tell it.
    """
    try:
        told = json.loads(message[message.index("{") :])["error"]
        words, where, remedy = told["message"], told.get("where"), told.get("remedy", "")
    except (ValueError, KeyError, TypeError):
        words, where, remedy = message.strip() or "it said nothing", None, ""
    place = f" [{where}]" if where else ""
    code = Exit.USAGE if status is not None and 400 <= status < 500 else Exit.FAILED  # noqa: PLR2004
    answered = "refused it" if status is None else f"answered {status}"
    return CommandError(f"the model {answered}: {words}{place}", remedy, code)


def _read_response(content: bytes) -> dict[str, Any]:
    try:
        response = json.loads(content)
    except ValueError:
        response = None
    if not isinstance(response, dict) or not isinstance(response.get("predictions"), list):
        raise CommandError(
            f"the answer is not this image's: {content[:80]!r}",
            "Ask the endpoint of another image by `aws sagemaker-runtime invoke-endpoint`.",
        )
    return response
