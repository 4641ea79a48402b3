"""serving/body.py."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.errors import Code, RequestError
from text_classification.serving.body import documents

JSON, LINES, CSV, PLAIN = "application/json", "application/jsonlines", "text/csv", "text/plain"


@pytest.mark.parametrize(
    ("media_type", "body", "expected"),
    [
        (JSON, '"one"', ["one"]),
        (JSON, '["one", "two"]', ["one", "two"]),
        (JSON, '[{"text": "one"}, "two", {"id": 3, "body": "three"}]', ["one", "two", "three"]),
        (JSON, '{"text": "one"}', ["one"]),
        (JSON, '{"document": "one"}', ["one"]),
        (JSON, '{"content": "one"}', ["one"]),
        (JSON, '{"data": "one"}', ["one"]),
        (JSON, '{"instances": ["one", "two"]}', ["one", "two"]),
        (JSON, '{"instances": ["one"], "configuration": {"k": 3}}', ["one"]),
        (JSON, '{"instances": [{"data": "one"}]}', ["one"]),
        (JSON, '{"inputs": "one", "parameters": {"top_k": 3}}', ["one"]),
        (JSON, '{"inputs": ["one", "two"]}', ["one", "two"]),
        (JSON, '{"documents": ["one"]}', ["one"]),
        (JSON, '{"texts": ["one"]}', ["one"]),
        (JSON, ' \ufeff"one"'.strip(), ["one"]),
        (JSON, '[""]', [""]),
        (JSON, r'"\ud800"', ["\ud800"]),
        (LINES, '"one"\n{"text": "two"}\r\n\n"three"', ["one", "two", "three"]),
        (LINES, '"a\u2028b"\n', ["a\u2028b"]),
        ("application/x-ndjson", '"one"\n"two"\n', ["one", "two"]),
        (CSV, "one\ntwo\n", ["one", "two"]),
        (CSV, '"one, two"\r\n"say ""hi""\nthere"\r\n', ["one, two", 'say "hi"\nthere']),
        (CSV, "text\none\n", ["one"]),
        (CSV, "id, Text ,n\n1,one,2\n3,two,4\n", ["one", "two"]),
        (CSV, "x" * 200_000, ["x" * 200_000]),
        (CSV, "one\n\n\ntwo", ["one", "two"]),
        (PLAIN, " one\ntwo, three \n", [" one\ntwo, three \n"]),
    ],
    ids=lambda each: str(each)[:40],
)
def test_documents_are_found(media_type: str, body: str, expected: list[str]) -> None:
    """Every form that clients send gives its documents, in order."""
    assert documents(body.encode(), media_type, {}) == expected


@given(st.lists(st.text(), min_size=1))
def test_any_texts_survive_json(texts: list[str]) -> None:
    """What is sent as JSON or JSON Lines is read to the character."""
    assert documents(json.dumps(texts).encode(), JSON, {}) == texts
    lines = "\n".join(json.dumps(text, ensure_ascii=False) for text in texts)
    assert documents(lines.encode(), LINES, {}) == texts


@given(st.lists(st.text(min_size=1), min_size=1))
def test_any_texts_survive_csv(texts: list[str]) -> None:
    """What a CSV writer quotes is read to the character, line breaks included."""
    body = io.StringIO(newline="")
    csv.writer(body, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    assert documents(body.getvalue().encode(), CSV, {}) == texts


@pytest.mark.parametrize(
    ("header", "body", "expected"),
    [
        ("present", "review\none\n", ["one"]),
        ("absent", "text\none\n", ["text", "one"]),
        ("present", "id,text\n1,one\n", ["one"]),
    ],
)
def test_header_parameter_decides(header: str, body: str, expected: list[str]) -> None:
    """text/csv; header=... says whether the first row is a document (RFC 4180)."""
    assert documents(body.encode(), CSV, {"header": header}) == expected


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "us-ascii"])
def test_charset_may_be_named(charset: str) -> None:
    """``; charset=UTF-8`` is what most clients send; a byte order mark is no text."""
    assert documents(b"\xef\xbb\xbfgood", PLAIN, {"charset": charset}) == ["good"]


@pytest.mark.parametrize(
    ("media_type", "body", "word"),
    [
        (JSON, b"", "empty"),
        (CSV, b" \n\r\n", "empty"),
        (PLAIN, b"\xef\xbb\xbf", "empty"),
        (JSON, b'"caf\xe9"', "byte 4"),
        (JSON, b"[1", "not JSON"),
        (JSON, b"[" * 100_000, "not JSON"),
        (JSON, b"9" * 5_000, "not JSON"),
        (JSON, b"[]", "no documents"),
        (JSON, b'{"instances": []}', "no documents"),
        (JSON, b"null", "record 1"),
        (JSON, b'["ham", 2]', "record 2"),
        (JSON, b'["ham", ["eggs"]]', "record 2"),
        (JSON, b'[{"text": "ham"}, {"label": "x"}]', "record 2"),
        (JSON, b'{"text": null, "body": "ham"}', "record 1"),
        (LINES, b'"ham"\n\n{"text"\n', "line 3"),
        (LINES, b'"ham"\n3\n', "line 2"),
        (CSV, b"ham, eggs\n", "row 1"),
        (CSV, b"text\none\ntwo, spam\n", "row 3"),
        (CSV, b"id,text\n1\n", "row 2"),
        (CSV, b'"ham\neggs\nspam\n', "not CSV: unexpected end of data"),
        (CSV, b"text\n", "no documents"),
    ],
)
def test_broken_body_is_the_callers_mistake(media_type: str, body: bytes, word: str) -> None:
    """Status 400 and where it is, without a word of the text."""
    with pytest.raises(RequestError) as raised:
        documents(body, media_type, {})
    assert (raised.value.status, raised.value.code) == (400, Code.BODY_INVALID)
    assert word in str(raised.value)
    assert not any(text in str(raised.value) for text in ("ham", "eggs", "spam", "caf"))


def test_header_without_a_text_column_is_refused() -> None:
    """Which of several columns is the text must not be guessed."""
    with pytest.raises(RequestError, match="no column is named text"):
        documents(b"id,review\n1,one\n", CSV, {"header": "present"})


def test_other_charsets_are_refused() -> None:
    """Text in another encoding is never read wrongly in silence."""
    with pytest.raises(RequestError, match="'latin-1' is not read"):
        documents(b"caf\xe9", PLAIN, {"charset": "Latin-1"})


@pytest.mark.parametrize("media_type", ["", "image/png", "application/octet-stream", "x" * 5_000])
def test_other_media_types_are_refused(media_type: str) -> None:
    """Status 415 names those that are read."""
    with pytest.raises(RequestError) as raised:
        documents(b"x", media_type, {})
    assert (raised.value.status, raised.value.code) == (415, Code.CONTENT_TYPE_UNSUPPORTED)
    assert "application/jsonlines" in raised.value.remedy
    assert len(raised.value.message) < 200


@given(st.binary(), st.sampled_from([JSON, LINES, CSV, PLAIN]))
def test_no_bytes_crash_a_decoder(body: bytes, media_type: str) -> None:
    """Whatever comes in, it is documents or a ``RequestError``."""
    try:
        found = documents(body, media_type, {})
    except RequestError as error:
        assert error.status == 400  # noqa: PT017 - either outcome is right
    else:
        assert found
        assert all(isinstance(text, str) for text in found)
