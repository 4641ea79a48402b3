"""Good requests, in all the forms in which they come."""

import json

from check_image import limits
from check_image.client import Response, ResponseTimeout
from check_image.outcome import Failed, Skipped, require
from check_image.records import CSV, count, expected, rows_of, with_rows_repeated
from check_image.rule import Severity, Source, rule
from check_image.runs import first_responses, good_request, good_server
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
    tried = first_responses(subject)
    response = tried[-1][1]
    described = ", ".join(f"{request.media_type}: {response.status}" for request, response in tried)
    if not (response.is_success or subject.sample.given or any(a.status >= 500 for _, a in tried)):  # noqa: PLR2004
        raise Skipped(f"it does not read letters as we send them: give a --request ({described})")
    require(response.is_success, described)
    require(response.seconds < limits.RESPONSE_SECONDS, f"it took {response.seconds:.0f} s")
    require(response.body, "the answer is empty")
    return f"{described} in {response.seconds * 1000:.0f} ms, {len(response.body)} bytes"


@rule("hosting.answer-type", Source.DOCUMENTED)
def response_type(subject: Subject) -> str:
    """The answer's Content-Type is passed on to the caller, and to a pipeline's next container."""
    _, response = good_request(subject)
    require(response.content_type, "the answer has no Content-Type")
    try:
        _parse(response)
    except ValueError as error:
        raise Failed(f"the body is no {response.content_type}: {error}") from None
    return response.content_type


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
    response = good_server(subject).client.request(
        "POST", "/invocations", request.body, {"Content-Type": request.content_type}, chunked=True
    )
    require(response.is_success and response.body, f"a chunked body: {response.status}")
    return f"{response.status}, {len(response.body)} bytes"


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
    request, response = good_request(subject)
    if request.media_type == CSV:
        return _many_rows(subject, request, response, megabytes)
    if request.media_type not in PADDED:
        raise Skipped(f"a body of {request.media_type} cannot be made larger with blanks")
    body = request.body.ljust(megabytes * MEGABYTE)
    response = _answered(subject, Request(body, request.content_type), f"{megabytes} MB")
    return f"{_in_time(response)}, filled up with blanks"


def _many_rows(subject: Subject, request: Request, usual: Response, megabytes: int) -> str:
    """Send rows again and again; each must be answered, where each is in the usual request."""
    body, added = with_rows_repeated(request.body, megabytes * MEGABYTE)
    rows = len(rows_of(body))
    try:
        response = _answered(subject, Request(body, request.content_type), f"{megabytes} MB of CSV")
    except ResponseTimeout:
        raise Skipped(
            f"{rows} rows, which {megabytes} MB take, are too much work to tell"
        ) from None
    described = f"{_in_time(response)}, of {rows} rows"
    try:
        usually, received = count(usual), count(response)
    except ValueError:
        raise Failed(f"the body is no {response.content_type}") from None
    if usually not in expected(request.body):
        return described
    require(received == usually + added, f"{described}: {received} records, not {usually + added}")
    return f"{described}: {received} records"


def _in_time(response: Response) -> str:
    require(response.seconds < limits.RESPONSE_SECONDS, f"it took {response.seconds:.0f} s")
    return f"{response.status} in {response.seconds:.2f} s"


def _answered(subject: Subject, request: Request, how: str, **headers: str) -> Response:
    """Send a request that must be answered 2xx."""
    response = good_server(subject).client.invocations(request, **headers)
    require(response.is_success, f"{how}: {response.status}")
    return response


def _parse(response: Response) -> None:
    """Raise ``ValueError`` where a body of a known type is none."""
    if response.content_type == "application/json":
        json.loads(response.body)
    elif "jsonlines" in response.content_type:
        for line in response.body.splitlines():
            json.loads(line)
    elif response.content_type.startswith("text/"):
        response.body.decode("utf-8")
