"""predictions/requests/large_json.py and json_text.py: value by value, to the same result."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.serving.predictions.requests.bodies import read
from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.requests import json_text
from text_classification.serving.predictions.requests.json_text import JsonText
from text_classification.serving.predictions.requests.records import PIECE_CHARACTERS

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Digits at the edge of a piece may go on behind it.
    | st.text()
    | st.sampled_from([10**30, -(10**9)]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.fixture(scope="module", autouse=True)
def _small_pieces() -> Iterator[None]:
    """Every value stands across the edges of several pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "PIECE", 2)
        yield


@given(st.lists(VALUES), st.sampled_from([None, 1]))
def test_elements_are_those_of_the_whole(values: list[Any], indent: int | None) -> None:
    """An array that is read value by value holds what it holds when it is read at once."""
    assert list(JsonText(io.StringIO(json.dumps(values, indent=indent))).elements()) == values


@given(st.dictionaries(st.text(), VALUES))
def test_members_are_those_of_the_whole(value: dict[str, Any]) -> None:
    """So does an object."""
    text = JsonText(io.StringIO(json.dumps(value)))
    assert {name: text.value() for name in text.members()} == value


@pytest.mark.parametrize(
    "body",
    [
        '["one", {"text": "two", "id": 2}, 3]',
        '{"instances": ["one", 2], "configuration": {"k": 2}}',
        '{"parameters": {"fields": "id"}, "x": [1], "texts": [{"text": "one", "id": [1, "a"]}]}',
        '{"inputs": ["one"], "instances": ["two"]}',
        '{"text": "one", "instances": ["two"]}',
        '{"inputs": ["one"], "inputs": ["two"]}',
        '{"x": 1, "texts": [1], "x": ["a"], "texts": ["b"], "texts": "c", "documents": ["d"]}',
        '{"text": "one", "id": {"a": [1]}}',
        ' "one" ',
        "[ ]",
        "{ }",
        "[1, 2]",
        '{"instances": []}',
        '["one"',
        '["one",]',
        '["one" "two"]',
        '["one"]]',
        '{"instances": ["one"]',
        '{"instances": ["one"],}',
        '{"instances" ["one"]}',
        '{instances: ["one"]}',
        '{1: ["one"]}',
        '["one", nul]',
        '["one", NaN]',
        '["one", 1e999]',
        f'["one", {"[" * 100_000}',
        '"one" 2',
        "",
        "  ",
    ],
    ids=lambda body: body[:40],
)
def test_large_bodies_are_read_as_small_ones(body: str) -> None:
    """The same documents, options and problems, or the same code of an error."""
    assert _outcome(body, small=False) == _outcome(body, small=True)


def _outcome(body: str, *, small: bool) -> object:
    try:
        found = read(body, small=small)
    except RequestError as error:
        return error.code
    return found.texts, found.fields, found.problems, found.options


def test_bytes_that_are_not_utf8_are_told() -> None:
    """However far behind they stand."""
    body = b'["one", "' + b"x" * 100_000 + b'\xff"]'
    with pytest.raises(RequestError, match="not UTF-8") as raised:
        read(body, small=False)
    assert raised.value.code == Code.BODY_INVALID


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (f'["one", ["{"x" * 100}"]]', "application/json"),
        (f'["one", {"[], " * 30}"two"{", []" * 30}, ["{"x" * 100}"]]', "application/json"),
        (f'{{"text": "one", "x": "{"x" * 100}"}}', "application/json"),
        (json.dumps({"text": "one", **dict.fromkeys(map(str, range(30)), 0)}), "application/json"),
        (f'"one"\n"{"x" * 100}"\n', "application/jsonlines"),
    ],
)
def test_value_without_end_is_told(
    monkeypatch: pytest.MonkeyPatch, body: str, media_type: str
) -> None:
    """What is held at a time has a limit: parsed, it may take many times its size."""
    monkeypatch.setattr(json_text, "LONGEST_VALUE", 90)
    with pytest.raises(RequestError, match="a value has more than 90 characters") as raised:
        read(body, media_type, small=False, strict=True)
    assert (raised.value.status, raised.value.code) == (413, Code.DOCUMENT_TOO_LONG)
    assert "text/plain" in raised.value.remedy


def test_value_that_is_as_long_as_it_may_be_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it stands."""
    monkeypatch.setattr(json_text, "LONGEST_VALUE", 102)
    text = "x" * 100
    for body in (f'"{text}"', f'["{text}"]', f'["", "{text}", ""]', f'{{"instances": ["{text}"]}}'):
        assert text in read(body, small=False).texts


def test_long_list_is_passed_over_on_the_way_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """No list of documents is a value, whichever is read in the end."""
    monkeypatch.setattr(json_text, "LONGEST_VALUE", 90)
    body = json.dumps({"inputs": ["x"] * 100, "instances": ["one"]})
    assert read(body, small=False).texts == ["one"]


def test_fields_make_a_piece_full() -> None:
    """Records are answered before what is to be given back fills the memory."""
    record = {"text": "one", "id": [["x"]] * (PIECE_CHARACTERS // 20)}
    found = read(json.dumps([record] * 9), fields=("id",))
    assert [len(piece.texts) for piece in found.pieces] == [3, 3, 3]
    deep = f'[{{"text": "one", "id": {"[" * 900}{"]" * 900}}}, "two"]'
    assert read(deep, fields=("id",)).texts == ["one", "two"]
