"""What batch transform requires of a server besides."""

import json
from http import HTTPStatus

from check_image import limits
from check_image.client import Response
from check_image.outcome import Failed, Skipped, require
from check_image.records import CSV, count, expected
from check_image.rule import Source, rule
from check_image.runs import good_server
from check_image.sample import Request
from check_image.subject import Subject

STRATEGIES = ("MULTI_RECORD", "SINGLE_RECORD")
LINES = ("application/jsonlines", "application/x-jsonlines")


@rule("hosting.execution-parameters", Source.DOCUMENTED)
def execution_parameters(subject: Subject) -> str:
    """GET /execution-parameters may tell how batch transform shall send; it is optional."""
    response = good_server(subject).client.request("GET", "/execution-parameters")
    if response.is_refusal:
        return f"{response.status}: not offered"
    require(response.status == HTTPStatus.OK, f"answered {response.status}")
    try:
        found = json.loads(response.body)
        concurrent, payload = found["MaxConcurrentTransforms"], found["MaxPayloadInMB"]
        strategy = found["BatchStrategy"]
    except (ValueError, TypeError, KeyError) as error:
        raise Failed(f"a field is missing: {type(error).__name__} {error}") from None
    declared = f"{concurrent} x {payload} MB"
    require(
        isinstance(concurrent, int) and isinstance(payload, int), f"{declared}: no whole numbers"
    )
    require(concurrent >= 1 and payload >= 0, declared)
    require(strategy in STRATEGIES, f"there is no BatchStrategy {strategy}")
    require(concurrent * payload <= limits.BATCH_MEGABYTES, f"{declared} is more than 100 MB")
    return f"{declared}, {strategy}"


@rule("hosting.records", Source.DOCUMENTED)
def records(subject: Subject) -> str:
    """Batch transform joins a line of output to each line of input."""
    declared = [_joined_records(subject, request) for request in subject.sample.requests]
    if not any(declared):
        raise Skipped("it reads neither JSON Lines nor CSV as we send them")
    return ", ".join(filter(None, declared))


def _joined_records(subject: Subject, request: Request) -> str:
    """Return how many records were answered; nothing where such a request is not read."""
    if request.media_type in LINES:
        sent = {sum(bool(line.strip()) for line in request.body.splitlines())}
    elif request.media_type == CSV:
        sent = expected(request.body)
    else:
        return ""
    response = _response(subject, request)
    if response.is_refusal:
        return ""
    require(response.is_success, f"{request.media_type} is answered {response.status}")
    try:
        received = count(response)
    except ValueError:
        raise Failed(f"the answer is no {response.content_type}") from None
    declared = f"{max(sent)} lines of {request.media_type} are answered by {received}"
    require(received in sent, declared)
    return declared


def _response(subject: Subject, request: Request) -> Response:
    """Ask for an answer of the request's own type, or for any where that is refused."""
    client = good_server(subject).client
    response = client.invocations(request, Accept=request.media_type)
    return client.invocations(request) if response.is_refusal else response
