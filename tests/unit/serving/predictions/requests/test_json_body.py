"""serving/requests: options, fields and BlazingText's shape in JSON."""

import json
from typing import Any

import pytest

from tests.unit.serving.predictions.requests.bodies import CSV, JSON, LINES, read
from text_classification.errors import Code, RequestError

RECORD = {"id": 7, "text": "one", "page": {"number": 1}, "tags": []}


@pytest.mark.parametrize(
    "body",
    [
        {"text": "one", "parameters": {"top_k": 5}},
        {"inputs": "one", "parameters": {"top_k": "5"}},
        {"instances": ["one"], "parameters": {"top_k": 5}, "configuration": {"explain": False}},
        {"configuration": None, "parameters": {"top_k": 5}, "texts": ["one"]},
    ],
)
@pytest.mark.parametrize("small", [True, False])
def test_options_of_the_body_count(body: dict[str, Any], *, small: bool) -> None:
    """They count before those of the headers, wherever they stand in the object."""
    found = read(json.dumps(body), small=small, top_k=2)
    assert (found.texts, found.options.listed) == (["one"], 5)


def test_lost_line_breaks_are_told() -> None:
    """As curl loses those of a file that it is to send with -d."""
    body = '{"text": "one"}{"text": "two"}'
    with pytest.raises(RequestError, match="more behind the value") as raised:
        read(body)
    problem = read(f'{body}\n"three"\n', LINES).pieces[0].problems[0]
    for error in (raised.value, problem):
        assert "--data-binary" in error.remedy


def test_unknown_option_of_the_body_is_400() -> None:
    """The error says where it stands, and what was meant."""
    with pytest.raises(RequestError, match="no option 'topk'") as raised:
        read('{"text": "one", "parameters": {"topk": 1}}')
    assert (raised.value.status, raised.value.code) == (400, Code.OPTION_INVALID)
    assert (raised.value.where, raised.value.remedy) == ("the body", "Did you mean top_k?")


def test_options_of_a_record_in_a_list_are_fields() -> None:
    """Records may have any fields."""
    found = read('[{"text": "one", "parameters": {"x": 1}}]', fields="parameters")
    assert found.fields == [{"parameters": {"x": 1}}]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ((), {}),
        ("id", {"id": 7}),
        (["tags", "nothing"], {"tags": [], "nothing": None}),
        ("*", {"id": 7, "page": {"number": 1}, "tags": []}),
    ],
)
def test_fields_are_kept_on_request(wanted: Any, expected: dict[str, Any]) -> None:
    """By name or all but the text; a field that is not there is null."""
    assert read(json.dumps(RECORD), fields=wanted).fields == [expected]
    assert read(json.dumps(RECORD), LINES, fields=wanted).fields == [expected]


def test_text_alone_has_no_fields() -> None:
    """A string and a record of nothing but text are the same."""
    assert read('["one", {"text": "two"}]', fields="id").fields == [{"id": None}, {"id": None}]
    assert read('["one", {"text": "two"}]', fields="*").fields == [{}, {}]


def test_text_may_stand_in_a_field_of_any_name() -> None:
    """``text_column`` names it, and no other counts then."""
    found = read('[{"review": "one", "text": "no"}, {"text": "no"}]', text_column="review")
    assert (found.texts, found.problems) == (["one", ""], {1: "record 2"})


@pytest.mark.parametrize(
    ("media_type", "body", "shape", "listed"),
    [
        (JSON, '{"instances": ["one"], "configuration": {"k": 3}}', "blazingtext", 3),
        (JSON, '{"instances": ["one"], "configuration": {}}', "blazingtext", 1),
        (JSON, '{"instances": ["one"]}', "own", 3),
        (JSON, '{"instances": ["one"], "parameters": {"k": 2}}', "own", 2),
        (LINES, '{"source": "one"}\n', "blazingtext", 1),
        (LINES, '{"source": "mail", "text": "one"}\n', "own", 3),
        (LINES, '"one"\n{"source": "one"}', "own", 3),
    ],
)
def test_blazingtexts_shape_is_known(media_type: str, body: str, shape: str, listed: int) -> None:
    """Its requests say ``configuration``, or have their text in ``source``."""
    options = read(body, media_type).options
    assert (options.shape, options.listed) == (shape, listed)


def test_shape_can_be_chosen() -> None:
    """What a caller says counts before what a body looks like."""
    body = '{"instances": ["one"], "configuration": {"shape": "own"}}'
    assert read(body).options.shape == "own"
    assert read('"one"', shape="blazingtext").options.shape == "blazingtext"


def test_records_of_blazingtext_ask_for_so_many_labels() -> None:
    """Each line may have a ``k`` of its own; one that is no count makes a bad record."""
    lines = ('{"source": "one", "k": 2}', '{"source": "two"}', '{"source": "three", "k": 0}')
    (piece,) = read("\n".join(lines), LINES).pieces
    assert piece.listed == {0: 2}
    assert "the field k" in piece.problems[2].message


@pytest.mark.parametrize(
    "options",
    [{"own": "title,letter"}, {"own": "title,letter,"}, {"text_column": "Title, , letter"}],
)
def test_several_texts_are_joined_as_in_training(options: dict[str, Any]) -> None:
    """Where all of them are there; some may be missing, and other records are as ever."""
    record = {"Letter": "two", "title": "one", "id": 7}
    found = read(json.dumps(record), fields="*", **options)
    assert (found.texts, found.fields) == (["one two"], [{"id": 7}])
    assert read(json.dumps({**record, "title": None}), **options).texts == ["two"]
    assert read("id,Letter,title\n7,two,one\n8,three,\n", CSV, **options).texts == [
        *("one two", "three")
    ]
    assert read('{"text": "one", "title": "two"}', own="title,letter").texts == ["one"]
    assert read("id,text,title\n7,one,two\n", CSV, own="title,letter").texts == ["one"]


MISPLACED = [
    ("top_k", 1),
    ("top_k", "all"),
    ("top_k", "5"),
    ("top_k", 0),
    ("return_all_scores", True),
    ("explain", 1),
    ("explain", "true"),
    ("explain_label", "BILL"),
    ("scores", True),
    ("truncation", False),
    ("truncation", "true"),
    ("max_length", 9),
    ("function_to_apply", "softmax"),
]


@pytest.mark.parametrize(("name", "value"), MISPLACED)
@pytest.mark.parametrize("small", [True, False])
def test_option_beside_the_documents_is_refused(name: str, value: Any, *, small: bool) -> None:
    """It would do nothing there, whatever its value; and a record may have a field of its name."""
    for documents in ({"instances": ["one"]}, {"inputs": "one"}, {"text": "one"}):
        body = json.dumps({**documents, name: value})
        with pytest.raises(RequestError, match=f"the option {name} stands beside") as raised:
            read(body, small=small)
        assert (raised.value.code, "parameters" in raised.value.remedy) == (
            *(Code.OPTION_INVALID, True),
        )
    assert read(body, fields=name, small=small).fields == [{name: value}]


@pytest.mark.parametrize(
    ("name", "value"), [("k", 2), ("strict", True), ("fields", "id"), ("model", "true")]
)
def test_any_option_beside_a_list_is_refused(name: str, value: Any) -> None:
    """No document has it as a field there; a document alone may."""
    for documents in ({"instances": ["one"]}, {"inputs": {"text": ["one"]}}):
        with pytest.raises(RequestError, match=f"the option {name} stands beside"):
            read(json.dumps({**documents, name: value}))
    assert read(json.dumps({"text": "one", name: value})).texts == ["one"]


@pytest.mark.parametrize(
    "field",
    [{name: value} for name, value in MISPLACED]
    + [
        {"parameters": {"top_k": 1}},
        {"configuration": {"k": 2}},
        {"params": {"explain": "true"}},
    ],
    ids=str,
)
def test_option_in_a_record_is_refused(field: dict[str, Any]) -> None:
    """Options are for all records; one that has some is a bad record, with where they belong."""
    record = {"text": "one", **field}
    bodies = (
        (json.dumps(["two", record]), JSON),
        (json.dumps({"instances": ["two", record]}), JSON),
        (f'"two"\n{json.dumps(record)}\n', LINES),
    )
    for body, media_type in bodies:
        found = read(body, media_type)
        error = found.pieces[0].problems[1]
        assert (found.texts, error.code) == (["two", ""], Code.OPTION_INVALID)
        assert "Options are for all records" in error.remedy
        for wanted in (next(iter(field)), "*"):
            assert read(body, media_type, fields=wanted).fields[1] == field


@pytest.mark.parametrize(
    "field",
    [
        {"explain": "why"},
        {"top_k": None},
        {"scores": [0.5]},
        {"scores": "high"},
        {"scores": 7},
        {"padding": True},
        {"parameters": {"x": 1}},
        {"parameters": "top_k"},
        {"parameters": {"model": "x", "lines": 3, "header": None}},
        {"params": {"page": 2}},
        {"k": 2},
    ],
    ids=str,
)
def test_field_by_the_name_of_an_option_is_one(field: dict[str, Any]) -> None:
    """What no option can be is a field of the record."""
    record = {"text": "one", **field}
    assert read(json.dumps(record), LINES).texts == ["one"]
    assert read(json.dumps([record])).texts == ["one"]


def test_options_of_mlflow_beside_a_document_alone_are_refused() -> None:
    """They are read beside a list; any other ``params`` is a field."""
    with pytest.raises(RequestError, match="the option top_k stands beside"):
        read('{"text": "one", "params": {"top_k": 1}}')
    assert read('{"text": "one", "params": {"page": 1}}').texts == ["one"]
    assert read('{"instances": ["one"], "params": {"top_k": 1}}').options.listed == 1
