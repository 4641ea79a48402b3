"""The caller's mistakes: refused with 4xx, in a short body that says what is wrong."""

import json
from collections.abc import Callable

from check_image import limits
from check_image.client import Response
from check_image.memoize import memoize
from check_image.outcome import Failed, Skipped, one_line, require
from check_image.rule import Severity, Source, rule
from check_image.runs import good_request, good_server
from check_image.sample import Request
from check_image.subject import Subject

TRACES = ("Traceback (most recent call last)", 'File "/', "\n    at ")
INVALID_UTF_8 = b"\xff\xfe"


def _empty(request: Request) -> Request:
    return Request(b"", request.content_type)


def _cut_in_half(request: Request) -> Request:
    if request.media_type != "application/json":
        raise Skipped(f"half a body of {request.media_type} may well be a whole one")
    return Request(request.body[: len(request.body) // 2], request.content_type)


def _not_utf_8(request: Request) -> Request:
    if not request.is_text:
        raise Skipped(f"{request.media_type} is no text")
    # Within the last quoted string, if there is one, so that nothing else is wrong with it.
    start, quote, end = request.body.rpartition(b'"')
    body = start + INVALID_UTF_8 + quote + end if quote else request.body + INVALID_UTF_8
    return Request(body, request.content_type)


def _unknown_type(request: Request) -> Request:
    return Request(request.body, "application/x-no-such-type")


MISTAKES: dict[str, Callable[[Request], Request]] = {
    "an empty body": _empty,
    "half a body": _cut_in_half,
    "a body that is not UTF-8": _not_utf_8,
    "an unknown Content-Type": _unknown_type,
}


@rule("hosting.empty-body", Source.OBSERVED)
def empty_body(subject: Subject) -> str:
    """An answer of 5xx counts as the endpoint's fault, in alarms and in what callers do next."""
    return _refused(subject, "an empty body")


@rule("hosting.half-a-body", Source.OBSERVED)
def half_a_body(subject: Subject) -> str:
    """Broken JSON is the caller's mistake: 4xx, not 5xx."""
    return _refused(subject, "half a body")


@rule("hosting.invalid-utf-8", Source.OBSERVED)
def invalid_utf_8(subject: Subject) -> str:
    """Text in another encoding is the caller's mistake: 4xx, not 5xx."""
    return _refused(subject, "a body that is not UTF-8")


@rule("hosting.unknown-type", Source.OBSERVED)
def unknown_type(subject: Subject) -> str:
    """A type that is not understood is the caller's mistake: best 415, in no case 5xx."""
    response = _responses(subject)["an unknown Content-Type"]
    if response.is_success:
        return f"{response.status}: the type is not looked at"
    return _refused(subject, "an unknown Content-Type")


@rule("hosting.error-length", Source.DOCUMENTED, Severity.SHOULD)
def error_length(subject: Subject) -> str:
    """Callers see at most 2048 characters of an error's body."""
    longest = max(len(response.text) for response in _errors(subject).values())
    require(longest <= limits.ERROR_CHARACTERS, f"one has {longest} characters")
    return f"at most {longest} characters"


@rule("hosting.error-json", Source.INFERRED, Severity.SHOULD)
def error_json(subject: Subject) -> str:
    """Clients find the reason of a ModelError in its body: as JSON it can be read by a program."""
    for mistake, response in _errors(subject).items():
        try:
            json.loads(response.body)
        except ValueError:
            raise Failed(f"{mistake}: {one_line(response.text, 100)!r} is no JSON") from None
    return "JSON"


@rule("hosting.error-no-traceback", Source.INFERRED, Severity.SHOULD)
def error_no_traceback(subject: Subject) -> str:
    """What an error's body tells reaches every caller: a traceback shows the inside to all."""
    for mistake, response in _errors(subject).items():
        trace = trace_in(response.text)
        require(not trace, f"{mistake}: the body has {trace!r}")
    return "none"


def trace_in(text: str) -> str:
    """Return what shows that a text holds a traceback; empty where nothing does."""
    return next((trace for trace in TRACES if trace in text), "")


@memoize
def _responses(subject: Subject) -> dict[str, Response]:
    """Make every mistake that the good request allows; return the answers."""
    client, (request, _) = good_server(subject).client, good_request(subject)
    responses = {}
    for name, make in MISTAKES.items():
        try:
            responses[name] = client.invocations(make(request))
        except Skipped:
            continue
    return responses


def _errors(subject: Subject) -> dict[str, Response]:
    errors = {
        name: response for name, response in _responses(subject).items() if not response.is_success
    }
    if not errors:
        raise Skipped("no mistake was answered with an error")
    return errors


def _refused(subject: Subject, mistake: str) -> str:
    responses = _responses(subject)
    if mistake not in responses:
        MISTAKES[mistake](good_request(subject)[0])
    response = responses[mistake]
    described = f"{mistake}: {response.status} {one_line(response.text, 100)}"
    require(response.is_refusal, described)
    return described
