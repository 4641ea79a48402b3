"""Good requests, in all the forms in which they come."""

import json

from check_image import limits
from check_image.caller import Answer, TooLate
from check_image.outcome import Failed, Skipped, require
from check_image.records import CSV, count, expected, rows_of, with_rows_repeated
from check_image.rule import Severity, Source, rule
from check_image.runs import first_answers, good_request, good_server
from check_image.sample import Request
from check_image.subject import Subject

ACCEPTED = ("*/*", "application/json;q=0.1, text/csv;q=0.05, */*;q=0.01")
PLATFORM_HEADERS = {
    "X_Amzn_SageMaker_Custom_Attributes": "check-image",
    "X_Amzn_SageMaker_Inference_Id": "check-1",
    "X_Amzn_SageMaker_Some_New_Header": "1",
}
MEGABYTE = 1_000_000
PADDED = ("application/json", "application/jsonlines", "application/x-jsonlines", "text/plain")


@rule("hosting.invocations", Source.DOCUMENTED)
def invocations(subject: Subject) -> str:
    """POST /invocations must be answered within 60 s."""
    tried = first_answers(subject)
    answer = tried[-1][1]
    told = ", ".join(f"{request.media_type}: {answer.status}" for request, answer in tried)
    if not (answer.is_success or subject.sample.given or any(a.status >= 500 for _, a in tried)):  # noqa: PLR2004
        raise Skipped(f"it does not read letters as we send them: give a --request ({told})")
    require(answer.is_success, told)
    require(answer.seconds < limits.ANSWER_SECONDS, f"it took {answer.seconds:.0f} s")
    require(answer.body, "the answer is empty")
    return f"{told} in {answer.seconds * 1000:.0f} ms, {len(answer.body)} bytes"


@rule("hosting.answer-type", Source.DOCUMENTED)
def answer_type(subject: Subject) -> str:
    """The answer's Content-Type is passed on to the caller, and to a pipeline's next container."""
    _, answer = good_request(subject)
    require(answer.content_type, "the answer has no Content-Type")
    try:
        _parse(answer)
    except ValueError as error:
        raise Failed(f"the body is no {answer.content_type}: {error}") from None
    return answer.content_type


@rule("hosting.type-parameters", Source.OBSERVED)
def type_parameters(subject: Subject) -> str:
    """Clients and pipelines write parameters behind a type, as in "; charset=utf-8"."""
    request, _ = good_request(subject)
    if not request.is_text or ";" in request.content_type:
        raise Skipped(f"{request.content_type} takes no charset")
    written = [f"{request.content_type}; charset=utf-8", f"{request.content_type};charset=UTF-8"]
    for content_type in written:
        _answered(subject, Request(request.body, content_type), f"Content-Type: {content_type}")
    return written[0]


@rule("hosting.accept", Source.OBSERVED)
def accept(subject: Subject) -> str:
    """Clients send no Accept, */*, lists with q-values, or the type that they know."""
    request, first = good_request(subject)
    for accepted in (*ACCEPTED, first.content_type):
        _answered(subject, request, f"Accept: {accepted}", Accept=accepted)
    return f"none, {', '.join(ACCEPTED)}, {first.content_type}"


@rule("hosting.platform-headers", Source.DOCUMENTED)
def platform_headers(subject: Subject) -> str:
    """The platform adds headers of its own, and more of them over the years."""
    request, _ = good_request(subject)
    _answered(subject, request, "with X-Amzn-SageMaker headers", **PLATFORM_HEADERS)
    return "custom attributes, an inference id and an unknown one were taken"


@rule("hosting.chunked", Source.DOCUMENTED)
def chunked(subject: Subject) -> str:
    """Batch transform with MaxPayloadInMB 0 sends bodies in chunks, without a length."""
    request, _ = good_request(subject)
    answer = good_server(subject).caller.request(
        "POST", "/invocations", request.body, {"Content-Type": request.content_type}, chunked=True
    )
    require(answer.is_success and answer.body, f"a chunked body: {answer.status}")
    return f"{answer.status}, {len(answer.body)} bytes"


@rule("hosting.body-6-mb", Source.API)
def body_6_mb(subject: Subject) -> str:
    """Bodies of 6 MB come through in real time: a proxy's limit of 1 MB refuses them."""
    return _large(subject, 6)


@rule("hosting.body-25-mb", Source.DOCUMENTED, Severity.SHOULD)
def body_25_mb(subject: Subject) -> str:
    """Newer documents say 25 MB."""
    return _large(subject, 25)


def _large(subject: Subject, megabytes: int) -> str:
    """Send the request made larger: with blanks behind it, or with its rows again and again."""
    request, answer = good_request(subject)
    if request.media_type == CSV:
        return _many_rows(subject, request, answer, megabytes)
    if request.media_type not in PADDED:
        raise Skipped(f"a body of {request.media_type} cannot be made larger with blanks")
    body = request.body.ljust(megabytes * MEGABYTE)
    answer = _answered(subject, Request(body, request.content_type), f"{megabytes} MB")
    return f"{_in_time(answer)}, filled up with blanks"


def _many_rows(subject: Subject, request: Request, usual: Answer, megabytes: int) -> str:
    """Send rows again and again; each must be answered, where each is in the usual request."""
    body, added = with_rows_repeated(request.body, megabytes * MEGABYTE)
    rows = len(rows_of(body))
    try:
        answer = _answered(subject, Request(body, request.content_type), f"{megabytes} MB of CSV")
    except TooLate:
        raise Skipped(
            f"{rows} rows, which {megabytes} MB take, are too much work to tell"
        ) from None
    told = f"{_in_time(answer)}, of {rows} rows"
    try:
        usually, received = count(usual), count(answer)
    except ValueError:
        raise Failed(f"the body is no {answer.content_type}") from None
    if usually not in expected(request.body):
        return told
    require(received == usually + added, f"{told}: {received} records, not {usually + added}")
    return f"{told}: {received} records"


def _in_time(answer: Answer) -> str:
    require(answer.seconds < limits.ANSWER_SECONDS, f"it took {answer.seconds:.0f} s")
    return f"{answer.status} in {answer.seconds:.2f} s"


def _answered(subject: Subject, request: Request, how: str, **headers: str) -> Answer:
    """Send a request that must be answered 2xx."""
    answer = good_server(subject).caller.invocations(request, **headers)
    require(answer.is_success, f"{how}: {answer.status}")
    return answer


def _parse(answer: Answer) -> None:
    """Raise ``ValueError`` where a body of a known type is none."""
    if answer.content_type == "application/json":
        json.loads(answer.body)
    elif "jsonlines" in answer.content_type:
        for line in answer.body.splitlines():
            json.loads(line)
    elif answer.content_type.startswith("text/"):
        answer.body.decode("utf-8")
