"""serving/predictions/requests/json_tables.py: many documents, as libraries send them."""

import json
from typing import Any

import pytest

from tests.unit.serving.predictions.requests.bodies import LINES, read
from text_classification.errors import RequestError

SPLIT = {"columns": ["id", "Review"], "index": [0, 1], "data": [[7, "one"], [8, "two"]]}
TENSOR = {"name": "input-0", "shape": [2], "datatype": "BYTES", "data": ["one", "two"]}
NUMBERS = {"name": "text", "shape": [2], "datatype": "FP32", "data": [0.5, 1]}


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": SPLIT},
        {"dataframe_split": {"columns": ["letter"], "data": [["one"], ["two"]]}},
        {"dataframe_split": json.dumps(SPLIT)},
        {"dataframe_records": [{"id": 7, "comment": "one"}, {"id": 8, "comment": "two"}]},
        {"inputs": SPLIT},
        {"inputs": {"text": ["one", "two"]}, "params": {"top_k": 1}},
        {"inputs": {"sentence": [["one"], ["two"]]}},
        {"inputs": [["one"], ["two"]], "options": {"wait_for_model": True}},
        {"inputs": [TENSOR]},
        {"inputs": [NUMBERS, {**TENSOR, "data": [["one"], ["two"]]}], "id": "7"},
        {"inputs": [{**TENSOR, "name": "x"}, {**TENSOR, "name": "text"}]},
        {"instances": [{"features": ["one"]}, {"features": [3, "two", 0.5]}]},
        {"instances": [{"data": {"features": {"values": ["one"]}}}, ["two"]]},
        {"instances": {"text": ["one", "two"]}},
        {"text": ["one", "two"]},
        {"Tweet": ["one", "two"], "id": [7, 8]},
        SPLIT,
        {**SPLIT, "index_names": [None], "column_names": [None]},
        {"schema": {"fields": []}, "data": [{"index": 0, "text": "one"}, {"text": "two"}]},
        {"text": {"0": "one", "1": "two"}, "id": {"0": 7, "1": 8}},
        {"0": {"text": "one"}, "1": {"text": "two"}},
        {"0": "one", "1": "two"},
        [["one"], [7, "two"]],
    ],
    ids=lambda body: json.dumps(body)[:60],
)
@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("times", [1, 2])
def test_documents_of_tables_are_found(body: Any, times: int, *, small: bool) -> None:
    """In order, however large the body is, and if it was encoded twice."""
    content = body
    for _ in range(times):
        content = json.dumps(content)
    assert read(content, small=small).texts == ["one", "two"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"dataframe_split": SPLIT}, [{"id": 7}, {"id": 8}]),
        ({"text": ["one", "two"], "id": [7, 8]}, [{"id": 7}, {"id": 8}]),
        ({"text": ["one", "two"], "id": 7, "parameters": None}, [{"id": 7}, {"id": 7}]),
        ({"text": {"4": "one", "5": "two"}, "id": {"4": 7, "5": 8}}, [{"id": 7}, {"id": 8}]),
    ],
)
@pytest.mark.parametrize("small", [True, False])
def test_other_columns_are_given_back(
    body: Any, expected: list[dict[str, Any]], *, small: bool
) -> None:
    """Each row with its own."""
    assert read(json.dumps(body), small=small, fields="id").fields == expected
    assert read(json.dumps(body), small=small, fields="*").fields == expected


def test_values_of_a_row_are_given_back_by_number() -> None:
    """They have no names."""
    assert read('[[7, "one", "mail"]]', fields="*", text_column="1").fields == [
        {"0": 7, "2": "mail"}
    ]
    assert read('[[7, "one"]]', fields="0").fields == [{"0": 7}]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"dataframe_split": {"columns": ["a", "b"], "data": [["x", "y"]]}}, "no column is named"),
        ({"dataframe_split": {"columns": ["a", "text"], "data": [["x"]]}}, "a list of 2 values"),
        ({"columns": ["text", "Text"], "data": [["x", "y"]]}, "2 columns are named 'text'"),
        ({"Text": "x", "TEXT": "y"}, "2 columns are named 'text'"),
        ({"features": ["x", "y"]}, "not a text"),
        ({"inputs": [NUMBERS]}, "tensor of texts"),
        ({"inputs": [TENSOR, TENSOR]}, "tensor of texts"),
        ({"inputs": [{**TENSOR, "parameters": {"content_type": "base64"}}]}, "base64"),
        ({"text": {"en": "x", "de": "y"}}, "not a text"),
        ({"text": ["x"], "params": {"a": 1}, "instances": ["x"]}, "no option 'a'"),
    ],
)
@pytest.mark.parametrize("small", [True, False])
def test_what_could_be_misread_is_refused(body: Any, word: str, *, small: bool) -> None:
    """Which text is meant is never guessed."""
    with pytest.raises(RequestError, match=word) as raised:
        read(json.dumps(body), small=small)
    assert raised.value.status == 400


def test_columns_of_different_lengths_are_refused() -> None:
    """What belongs to which text cannot be known."""
    with pytest.raises(RequestError, match="differ in length"):
        read('{"text": ["one", "two"], "id": [7]}', fields="id")
    body = '{"text": ["one", "two"], "title": ["a", "b"]}'
    assert read(body, fields="title").fields == [{"title": "a"}, {"title": "b"}]
    with pytest.raises(RequestError, match="so large"):
        read(body, small=False, fields="title")


@pytest.mark.parametrize("inner", ['{"text": "one"}', '["one"]', '{"a": 1}', '[{"text": "one"}]'])
def test_record_encoded_twice_is_refused(inner: str) -> None:
    """Its source text is no document; in the field of a text, anything is."""
    for body in ({"instances": ["fine", inner]}, {"inputs": ["fine", inner]}, ["fine", inner]):
        assert read(json.dumps(body)).problems == {1: "record 2"}
    assert read(f'"fine"\n{json.dumps(inner)}\n', LINES).problems == {1: "line 2"}
    assert read(json.dumps({"text": inner})).texts == [inner]
    assert read(json.dumps({"letter": inner}), own="letter").texts == [inner]
    assert read(json.dumps({"body": inner}), text_column="body").texts == [inner]
    for name in ("inputs", "body", "review"):
        with pytest.raises(RequestError, match="it was encoded twice"):
            read(json.dumps({name: inner}))


@pytest.mark.parametrize("text", ["[deleted]", "[1]", "{}?", '"so" he said', "7", "null", "[]"])
def test_text_that_only_begins_like_json_is_a_text(text: str) -> None:
    """Alone or among others."""
    assert read(json.dumps(text)).texts == [text]
    assert read(json.dumps([text])).texts == [text]


def test_string_encoded_twice_is_the_string() -> None:
    """Without the quotation marks and escapes."""
    assert read(json.dumps(json.dumps('a "good" one'))).texts == ['a "good" one']
    twice = json.dumps(json.dumps({"text": "one", "parameters": {"top_k": 1}}))
    found = read(json.dumps(twice))
    assert (found.texts, found.options.top_k) == (["one"], 1)
    assert read(twice).options.top_k == 1


COLUMNS = ["id", "Title", "letter"]
NAMED = [{**TENSOR, "name": name} for name in ("Title", "letter")]


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": {"columns": COLUMNS, "data": [[7, "one", "two"], [8, "three", None]]}},
        {"inputs": {"Title": ["one", "three"], "letter": ["two", None], "id": [7, 8]}},
        {"letter": {"0": "two", "1": None}, "Title": {"0": "one", "1": "three"}},
        {"inputs": [{**NAMED[0], "data": ["one", "three"]}, {**NAMED[1], "data": ["two", ""]}]},
        {"instances": [{"Title": "one", "letter": "two"}, {"letter": "three", "id": 8}]},
    ],
    ids=lambda body: json.dumps(body)[:60],
)
@pytest.mark.parametrize("own", [True, False])
def test_texts_in_several_columns_are_joined(body: Any, *, own: bool) -> None:
    """In the order of training, whichever of them are there; so they are by text_column."""
    options: dict[str, Any] = {"own": "title,letter"} if own else {"text_column": "title,letter"}
    assert read(json.dumps(body), **options).texts == ["one two", "three"]


def test_joined_columns_are_not_given_back() -> None:
    """As one column with the text is not."""
    body = {"dataframe_split": {"columns": COLUMNS, "data": [[7, "one", "two"]]}}
    assert read(json.dumps(body), own="title,letter", fields="*").fields == [{"id": 7}]


@pytest.mark.parametrize("text", [["one"], {"0": "one"}])
def test_joined_columns_of_other_lengths_are_refused(text: Any) -> None:
    """Rows would be lost, or texts of two documents joined."""
    body = json.dumps({"title": ["one", "two"], "letter": text})
    with pytest.raises(RequestError, match="differ in length"):
        read(body, own="title,letter")
