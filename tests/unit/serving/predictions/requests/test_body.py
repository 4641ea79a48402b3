"""serving/requests: every media type, as clients send it."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.serving.predictions.requests.bodies import CSV, JSON, LINES, PLAIN, read
from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.requests import records


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
        (JSON, '{"source": "one"}', ["one"]),
        (JSON, '{"text": "one", "documents": 4, "instances": null}', ["one"]),
        (JSON, '{"text": "one", "parameters": null}', ["one"]),
        (JSON, '{"instances": ["one", "two"]}', ["one", "two"]),
        (JSON, '{"instances": "one"}', ["one"]),
        (JSON, '{"instances": ["one"], "configuration": {"k": 3}}', ["one"]),
        (JSON, '{"instances": [{"data": "one"}], "signature_name": "x"}', ["one"]),
        (JSON, '{"inputs": "one", "parameters": {"top_k": 3}}', ["one"]),
        (JSON, '{"inputs": {"text": "one"}}', ["one"]),
        (JSON, '{"inputs": ["one", "two"]}', ["one", "two"]),
        (JSON, '{"documents": ["one"]}', ["one"]),
        (JSON, '{"texts": ["one"]}', ["one"]),
        (JSON, '\ufeff"one"', ["one"]),
        (JSON, ' \n["one"]\n ', ["one"]),
        (JSON, '[""]', [""]),
        (JSON, r'"\ud800"', ["\ud800"]),
        (LINES, '"one"\n{"text": "two"}\r\n\n"three"', ["one", "two", "three"]),
        (LINES, '{"inputs": "one", "id": 1}\n', ["one"]),
        (LINES, '\ufeff"a\u2028b"\n', ["a\u2028b"]),
        (LINES, '"é"', ["é"]),
        ("application/x-ndjson", '"one"\n"two"\n', ["one", "two"]),
        ("application/jsonl", '"one"\n"two"\n', ["one", "two"]),
        ("application/x-jsonlines", '{"review": "one"}\n["two"]\n', ["one", "two"]),
        (LINES, '{"features": ["one"]}\n{"text": ["two"]}\n', ["one", "two"]),
        (JSON, '{"Review": "one", "id": 1}', ["one"]),
        (JSON, '{"source": "mail", "abstract": "one"}', ["one"]),
        (CSV, "one\ntwo\n", ["one", "two"]),
        (CSV, '"one, two"\r\n"say ""hi""\nthere"\r\n', ["one, two", 'say "hi"\nthere']),
        (CSV, "text\none\n", ["one"]),
        (CSV, "\ufefftext\none\n", ["one"]),
        (CSV, "id, Text ,n\n1,one,2\n3,two,4\n", ["one", "two"]),
        (CSV, "x" * 200_000, ["x" * 200_000]),
        (CSV, "one\n\n\ntwo", ["one", "two"]),
        (CSV, "\n\nid,text\n1,one\n", ["one"]),
        (CSV, "one\rtwo\r", ["one", "two"]),
        (PLAIN, " one\ntwo, three \n", [" one\ntwo, three \n"]),
    ],
    ids=lambda each: str(each)[:40],
)
@pytest.mark.parametrize("small", [True, False])
def test_documents_are_found(
    media_type: str, body: str, expected: list[str], *, small: bool
) -> None:
    """Every form that clients send gives its documents, in order, however large it is."""
    assert read(body, media_type, small=small).texts == expected


def test_a_line_each_on_request() -> None:
    """Plain text is one document unless ``lines`` says otherwise; empty lines are none."""
    assert read("one\r\n\n two", PLAIN, lines=True).texts == ["one", " two"]


@given(texts=st.lists(st.text(), min_size=1), small=st.booleans())
def test_any_texts_survive_json(texts: list[str], *, small: bool) -> None:
    """What is sent as JSON or JSON Lines is read to the character."""
    assert read(json.dumps(texts), small=small).texts == texts
    lines = "\n".join(json.dumps(text, ensure_ascii=False) for text in texts)
    assert read(lines.encode(), LINES).texts == texts


@given(st.lists(st.text(min_size=1), min_size=1))
def test_any_texts_survive_csv(texts: list[str]) -> None:
    """What a CSV writer quotes is read to the character, line breaks included."""
    body = io.StringIO(newline="")
    csv.writer(body, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    assert read(body.getvalue().encode(), CSV).texts == texts


@pytest.mark.parametrize(
    ("media_type", "body", "word"),
    [
        (JSON, b"", "empty"),
        (JSON, b"\xef\xbb\xbf \n", "empty"),
        (PLAIN, b"\xef\xbb\xbf", "empty"),
        (LINES, b"", "no documents"),
        (LINES, b"\n \n", "no documents"),
        (CSV, b"\n\r\n", "no documents"),
        (CSV, b"text\n", "no documents"),
        (JSON, b'"caf\xe9"', "byte 4"),
        (PLAIN, b"ham \xff", "byte 4"),
        (LINES, b'"caf\xe9"', "not UTF-8 [line 1]"),
        (CSV, b"caf\xe9\n", "not UTF-8 [row 1]"),
        (JSON, b"[1", "not JSON"),
        (JSON, b'"ham"\n"eggs"\n', "application/jsonlines"),
        (JSON, b'{"text": NaN}', "not JSON"),
        (JSON, b"[1e999]", "not JSON"),
        (JSON, b"[" * 100_000, "not JSON"),
        (JSON, b"9" * 5_000, "not JSON"),
        (JSON, b"[]", "no documents"),
        (JSON, b'{"instances": []}', "no documents"),
        (JSON, b"null", "record 1"),
        (JSON, b'["ham", 2]', "record 2"),
        (JSON, b'["ham", ["eggs", "spam"]]', "record 2"),
        (JSON, b'[{"text": "ham"}, {"label": "x"}]', "record 2"),
        (JSON, b'{"text": null, "body": "ham"}', "record 1"),
        (JSON, b'{"text": "ham", "parameters": 3}', "parameters is not an object"),
        (LINES, b'"ham"\n\n{"text"\n', "line 3"),
        (LINES, b'"ham"\n3\n', "line 2"),
        (CSV, b"ham, eggs\n", "row 1"),
        (CSV, b"text\none\ntwo, spam\n", "row 3"),
        (CSV, b"id,text\n1\n", "row 2"),
        (CSV, b'"ham\neggs\nspam\n', "not CSV: unexpected end of data"),
        (CSV, b'"ham"eggs\n', "not CSV"),
    ],
)
def test_broken_body_is_the_callers_mistake(media_type: str, body: bytes, word: str) -> None:
    """Status 400 and where it is, without a word of the text, where ``strict`` was asked for."""
    with pytest.raises(RequestError) as raised:
        read(body, media_type, strict=True)
    assert (raised.value.status, raised.value.code) == (400, Code.BODY_INVALID)
    assert word in str(raised.value)
    assert not any(text in str(raised.value) for text in ("ham", "eggs", "spam", "caf"))


@pytest.mark.parametrize(
    ("value", "message", "remedy"),
    [
        ("NaN", "NaN is no number", "null"),
        ("-Infinity", "-Infinity is no number", "null"),
        ("1e999", "a number is too large", "null"),
        ("9" * 5_000, "a number has too many digits", "as a string"),
        ("[" * 100_000, "nested too deeply", "hundred deep"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_value_that_cannot_be_read_is_named(value: str, message: str, remedy: str) -> None:
    """Python writes NaN, and so does pandas' to_dict: nothing is wrong with the rest."""
    record = f'{{"id": {value}, "text": "one"}}'
    for media_type, body in ((JSON, f"[{record}]"), (JSON, record), (LINES, f"{record}\n")):
        for small in (True, False):
            with pytest.raises(RequestError, match=message) as raised:
                read(body, media_type, small=small)
            assert remedy in raised.value.remedy


@pytest.mark.parametrize(
    ("media_type", "body", "problems"),
    [
        (JSON, b'["one", 2, {"text": "three"}, {"id": 4}]', {1: "record 2", 3: "record 4"}),
        (LINES, b'"one"\n\n{"text"\n"three"\n"\xff"', {1: "line 3", 3: "line 5"}),
        (CSV, b'text\none\n"two"x\nthree\n\xff\n', {1: "row 3", 3: "row 5"}),
        (CSV, b'one\n"two\n', {1: "row 2"}),
    ],
)
def test_bad_records_among_good_ones_are_told_apart(
    media_type: str, body: bytes, problems: dict[int, str]
) -> None:
    """Each stands in its place with its reason, and the others are read as ever."""
    found = read(body, media_type)
    assert found.problems == problems
    assert [text for index, text in enumerate(found.texts) if index not in problems] in (
        ["one", "three"],
        ["one"],
    )
    with pytest.raises(RequestError):
        read(body, media_type, strict=True)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [(JSON, b"[1, null]"), (LINES, b"1\n2\n"), (CSV, b"a,b\nc,d\n"), (PLAIN, b"\xff\n")],
)
def test_body_of_bad_records_alone_is_400(media_type: str, body: bytes) -> None:
    """There is nothing to answer, so the first reason is the answer."""
    with pytest.raises(RequestError, match="1"):
        read(body, media_type, lines=True)


@pytest.mark.parametrize(
    ("media_type", "body", "empty"),
    [
        (LINES, b'"one"\n\n"two"\n \n', [1, 3]),
        (LINES, b"\n", [0]),
        (LINES, b"7", [0]),
        (CSV, b"\none\n\n", [0, 2]),
        (CSV, b"text\n\none\n", [0]),
        (PLAIN, b"one\n\ntwo", [1]),
        (PLAIN, b"one\n\xff\n \r\n", [1, 2]),
        (PLAIN, b"\n", [0]),
    ],
)
def test_line_for_line_in_batch_transform(media_type: str, body: bytes, empty: list[int]) -> None:
    """Every line counts there, be it empty or the only one; the last line break begins none."""
    found = read(body, media_type, batch=True)
    assert sorted(found.problems) == empty
    header = body.startswith(b"text")
    assert len(found.texts) + header == len(body.splitlines())
    assert found.pieces[0].has_header is header


@pytest.mark.parametrize("body", [b" \n", b"\xff", b""])
def test_document_that_cannot_be_read_has_its_answer_in_batch_transform(body: bytes) -> None:
    """Where a file is one document."""
    assert read(body, PLAIN, batch=True, lines=False).problems == {0: "document 1"}
    assert read(b"one\ntwo\n", PLAIN, batch=True, lines=False).texts == ["one\ntwo\n"]


def test_name_of_training_counts_before_the_usual_ones() -> None:
    """And they before what else there is; what a request names counts most."""
    record = {"letter": "one", "text": "two", "id": "three"}
    assert read(json.dumps(record), own="letter").texts == ["one"]
    assert read(json.dumps([{"Letter": "one"}, {"text": "two"}]), own="letter").texts == [
        *("one", "two")
    ]
    assert read(json.dumps(record), own="letter", text_column="id").texts == ["three"]
    assert read('{"letter": ["one", "two"]}', own="letter", small=False).texts == ["one", "two"]


@pytest.mark.parametrize("media_type", [JSON, LINES, CSV, PLAIN])
def test_nothing_is_400_in_batch_transform_too(media_type: str) -> None:
    """There is no line to answer."""
    with pytest.raises(RequestError, match=r"no documents|empty"):
        read(b"", media_type, batch=True)


def test_pieces_hold_so_many_records_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece ends with the record that fills it."""
    monkeypatch.setattr(records, "PIECE_RECORDS", 3)
    monkeypatch.setattr(records, "PIECE_CHARACTERS", 10)
    lines = ["1", "2", "3", "4", "x" * 10, "5", "6", "7"]
    pieces = read("\n".join(map(json.dumps, lines)), LINES).pieces
    assert [piece.texts for piece in pieces] == [
        ["1", "2", "3"],
        ["4", "x" * 10],
        ["5", "6", "7"],
    ]


@given(
    body=st.binary(),
    media_type=st.sampled_from([JSON, LINES, CSV, PLAIN]),
    small=st.booleans(),
    batch=st.booleans(),
)
def test_no_bytes_crash_a_reader(body: bytes, media_type: str, *, small: bool, batch: bool) -> None:
    """Whatever comes in, it is records or a ``RequestError``."""
    try:
        found = read(body, media_type, small=small, batch=batch)
    except RequestError as error:
        assert error.status == 400  # noqa: PT017 - either outcome is right
    else:
        assert found.texts or found.pieces[0].has_header
        assert all(isinstance(text, str) for text in found.texts)
