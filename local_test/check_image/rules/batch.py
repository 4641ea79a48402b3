"""What batch transform asks of a server besides."""

import json
from http import HTTPStatus

from check_image import limits
from check_image.caller import Answer
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
    answer = good_server(subject).caller.request("GET", "/execution-parameters")
    if answer.is_refusal:
        return f"{answer.status}: not offered"
    require(answer.status == HTTPStatus.OK, f"answered {answer.status}")
    try:
        found = json.loads(answer.body)
        concurrent, payload = found["MaxConcurrentTransforms"], found["MaxPayloadInMB"]
        strategy = found["BatchStrategy"]
    except (ValueError, TypeError, KeyError) as error:
        raise Failed(f"a field is missing: {type(error).__name__} {error}") from None
    told = f"{concurrent} x {payload} MB"
    require(isinstance(concurrent, int) and isinstance(payload, int), f"{told}: no whole numbers")
    require(concurrent >= 1 and payload >= 0, told)
    require(strategy in STRATEGIES, f"there is no BatchStrategy {strategy}")
    require(concurrent * payload <= limits.BATCH_MEGABYTES, f"{told} is more than 100 MB")
    return f"{told}, {strategy}"


@rule("hosting.records", Source.DOCUMENTED)
def records(subject: Subject) -> str:
    """Batch transform joins a line of output to each line of input."""
    told = [_told(subject, request) for request in subject.sample.requests]
    if not any(told):
        raise Skipped("it reads neither JSON Lines nor CSV as we send them")
    return ", ".join(filter(None, told))


def _told(subject: Subject, request: Request) -> str:
    """Return how many records were answered; nothing where such a request is not read."""
    if request.media_type in LINES:
        sent = {sum(bool(line.strip()) for line in request.body.splitlines())}
    elif request.media_type == CSV:
        sent = expected(request.body)
    else:
        return ""
    answer = _answer(subject, request)
    if answer.is_refusal:
        return ""
    require(answer.is_success, f"{request.media_type} is answered {answer.status}")
    try:
        received = count(answer)
    except ValueError:
        raise Failed(f"the answer is no {answer.content_type}") from None
    told = f"{max(sent)} lines of {request.media_type} are answered by {received}"
    require(received in sent, told)
    return told


def _answer(subject: Subject, request: Request) -> Answer:
    """Ask for an answer of the request's own type, or for any where that is refused."""
    caller = good_server(subject).caller
    answer = caller.invocations(request, Accept=request.media_type)
    return caller.invocations(request) if answer.is_refusal else answer
