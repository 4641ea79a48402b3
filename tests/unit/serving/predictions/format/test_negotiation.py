"""serving/predictions/format/negotiation.py."""

from dataclasses import asdict
from typing import Any

import pytest

from tests.unit.serving.predictions.requests.bodies import CSV, JSON, LINES, PLAIN
from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.negotiation import (
    ATTRIBUTES_HEADER,
    Negotiation,
    RequestFormat,
)
from text_classification.serving.predictions.format.options import Options

NEGOTIATION = Negotiation()


def request_format(
    content_type: str = JSON, accept: str = "", attributes: str = ""
) -> RequestFormat:
    """Negotiate."""
    return NEGOTIATION.request_format(content_type, accept, attributes)


def given(found: RequestFormat) -> dict[str, Any]:
    """Return the options that are not as by default."""
    default = asdict(Options())
    return {name: each for name, each in asdict(found.options).items() if each != default[name]}


@pytest.mark.parametrize(
    ("header", "body_type", "options"),
    [
        ("application/json", JSON, {}),
        ("APPLICATION/JSON; Charset=UTF-8", JSON, {}),
        ('text/csv; header=Present; charset="us-ascii"', CSV, {"header": "present"}),
        ('text/csv;fields="id,page";lines=1', CSV, {"fields": ("id", "page"), "lines": True}),
        ("application/x-ndjson", LINES, {}),
        ("application/X-JSONLines; charset=utf-8", LINES, {}),
        ("text/tab-separated-values", CSV, {"delimiter": "tab"}),
        ("text/plain; LINES=true", PLAIN, {"lines": True}),
        ("application/jsonlines;data=text", LINES, {}),
        ("text/plain; format=flowed; delsp=yes", PLAIN, {}),
        ("application/json; odata.metadata=none; profile=x; top_k=2", JSON, {"top_k": 2}),
    ],
)
def test_content_type(header: str, body_type: str, options: dict[str, Any]) -> None:
    """The type of the body, and options as its parameters."""
    found = request_format(header)
    assert (found.body_type, given(found)) == (body_type, options)


@pytest.mark.parametrize(
    ("header", "response_type", "options"),
    [
        ("", JSON, {}),
        ("*/*", JSON, {}),
        ("application/*", JSON, {}),
        ("text/*; top_k=2", CSV, {"top_k": 2}),
        ("Text/CSV", CSV, {}),
        ("text/csv; header=present", CSV, {"answer_header": "present"}),
        ("application/json; model=true; timing=true", JSON, {"model": True, "timing": True}),
        ("application/json; charset=utf-8", JSON, {}),
        ("text/html, text/csv;q=0.5, */*;q=0.1", CSV, {}),
        ("application/json;q=0.2, application/jsonlines;q=0.9", LINES, {}),
        ("application/json;q=0, */*", LINES, {}),
        ("text/csv;top_k=2;q=0.5, text/csv;q=0.9;top_k=4", CSV, {"top_k": 4}),
        ("image/png;profile=x, application/jsonlines;explain=true", LINES, {"explain": True}),
        ('text/csv; fields="id,page"', CSV, {"fields": ("id", "page")}),
        ("application/json;q=much", JSON, {}),
        ("application/jsonlines;data=text", LINES, {}),
    ],
)
def test_accept(header: str, response_type: str, options: dict[str, Any]) -> None:
    """The best of what is accepted, with the options of that range and no other."""
    found = request_format(accept=header)
    assert (found.response_type, given(found)) == (response_type, options)


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("", {}),
        ("c000b4f9-df62-4c85-a0bf-7c525f9104a4", {}),
        ("top_k=5", {"top_k": 5}),
        ("id 7; top_k=5; explain=true", {"top_k": 5, "explain": True}),
        ("trace=7; X-Amz=af4b2d11==, tenant = 12; top_k=5", {"top_k": 5}),
        ("top_k=5,fields=id,page, k=1", {"top_k": 5, "fields": ("id", "page"), "k": 1}),
        ("model=true; timing=1", {"model": True, "timing": True}),
        ("mode=fast; code=7; node=a; time=12; training=x", {}),
    ],
)
def test_custom_attributes(header: str, options: dict[str, Any]) -> None:
    """Options among whatever else a caller wants back."""
    assert given(request_format(attributes=header)) == options


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("application/x-ndjson", "application/x-ndjson"),
        ("application/jsonl;q=0.9, application/json;q=0.1", "application/jsonl"),
        ("application/x-jsonlines; top_k=1", "application/x-jsonlines"),
        ("application/json;q=0, application/*", "application/jsonlines"),
    ],
)
def test_json_lines_are_called_as_the_caller_does(accept: str, name: str) -> None:
    """Who accepts a name is answered in it."""
    found = request_format(accept=accept)
    assert (found.response_type, found.response_name) == (LINES, name)


def test_attributes_count_before_accept_and_that_before_content_type() -> None:
    """Where an option is given twice, one of them is in force."""
    assert request_format("text/csv; top_k=1", "text/csv; top_k=2").options.top_k == 2
    assert request_format("text/csv; top_k=1", "text/csv; top_k=2", "top_k=4").options.top_k == 4


@pytest.mark.parametrize(
    ("default", "batch", "content_type", "accept", "expected"),
    [
        (CSV, False, JSON, "", CSV),
        (CSV, False, JSON, "*/*", CSV),
        (LINES, False, JSON, "application/*", LINES),
        (LINES, False, JSON, "application/json", JSON),
        (CSV, False, JSON, "text/csv;q=0, */*", JSON),
        ("", True, CSV, "", CSV),
        ("", True, LINES, "*/*", LINES),
        ("", True, PLAIN, "", LINES),
        ("", True, JSON, "", JSON),
        ("", True, CSV, "application/json", JSON),
        (JSON, True, CSV, "", JSON),
    ],
)
def test_default_answer(
    *, default: str, batch: bool, content_type: str, accept: str, expected: str
) -> None:
    """That of the setting; without one JSON, or in batch transform the form of the body."""
    found = Negotiation(default, batch=batch).request_format(content_type, accept, "")
    assert (found.response_type, found.line_for_line) == (expected, batch)


@pytest.mark.parametrize(
    ("headers", "status", "code", "word"),
    [
        (("", "", ""), 415, Code.CONTENT_TYPE_UNSUPPORTED, "has no content type"),
        (("image/png", "", ""), 415, Code.CONTENT_TYPE_UNSUPPORTED, "'image/png' is not read"),
        (("x" * 5000, "", ""), 415, Code.CONTENT_TYPE_UNSUPPORTED, "is not read"),
        (("text/csv; charset=latin-1", "", ""), 400, Code.BODY_INVALID, "'latin-1' is not read"),
        ((JSON, "image/png", ""), 406, Code.NOT_ACCEPTABLE, "is written here"),
        ((JSON, "*/*;q=0", ""), 406, Code.NOT_ACCEPTABLE, "is written here"),
        (("text/csv; heading=present", "", ""), 400, Code.OPTION_INVALID, "'heading'"),
        ((JSON, "application/json; topk=2", ""), 400, Code.OPTION_INVALID, "'topk'"),
        ((JSON, "", "explian=1"), 400, Code.OPTION_INVALID, "'explian'"),
        ((JSON, "", "caf\xe9"), 400, Code.OPTION_INVALID, "visible ASCII"),
        ((JSON, "", "x" * 1025), 400, Code.OPTION_INVALID, "visible ASCII"),
    ],
)
def test_wrong_headers_are_told(
    headers: tuple[str, str, str], status: int, code: Code, word: str
) -> None:
    """Each with its status and code, in a short sentence."""
    with pytest.raises(RequestError) as raised:
        request_format(*headers)
    assert (raised.value.status, raised.value.code) == (status, code)
    assert word in raised.value.message
    assert len(raised.value.message) < 200


def test_headers_are_understood_once() -> None:
    """The same headers have the very same terms; wrong ones are told each time."""
    negotiation = Negotiation()
    assert negotiation.request_format(JSON, "*/*", "") is negotiation.request_format(
        JSON, "*/*", ""
    )
    for _ in range(2):
        with pytest.raises(RequestError, match="topk") as raised:
            negotiation.request_format(JSON, "", "topk=7")
        assert raised.value.where == ATTRIBUTES_HEADER
