"""What batch transform asks of a server besides."""

import csv
import json
from http import HTTPStatus

from check_image import limits
from check_image.caller import Answer
from check_image.outcome import Failed, Skipped, require
from check_image.rule import Source, rule
from check_image.runs import good_server
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
    lines = next((one for one in subject.sample.requests if one.media_type in LINES), None)
    if lines is None:
        raise Skipped("the request that was given is no JSON Lines")
    answer = good_server(subject).caller.invocations(lines, Accept=lines.media_type)
    if answer.is_refusal:
        raise Skipped(f"it reads no JSON Lines as we send them: {answer.status}")
    require(answer.is_success, f"answered {answer.status}")
    try:
        sent, received = len(lines.body.splitlines()), _records(answer)
    except ValueError:
        raise Failed(f"the answer is no {answer.content_type}") from None
    require(sent == received, f"{sent} records are answered by {received}")
    return f"{sent} records are answered by {received}"


def _records(answer: Answer) -> int:
    """Return how many records an answer has; of JSON, the length of its longest list."""
    if answer.content_type == "text/csv":
        return sum(bool(row) for row in csv.reader(answer.text.splitlines()))
    if answer.content_type != "application/json":
        return sum(bool(line.strip()) for line in answer.text.splitlines())
    content = json.loads(answer.body)
    lists = content.values() if isinstance(content, dict) else [content]
    return max((len(each) for each in lists if isinstance(each, list)), default=1)
