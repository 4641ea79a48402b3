"""serving/predictions/responses/json_responses.py."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from tests.unit.serving.predictions.responses.answering import (
    bad_record,
    pieces,
    predictor,
    records,
)
from text_classification.errors import RequestError
from text_classification.serving.predictions.requests.records import Document, Records
from text_classification.serving.predictions.responses.json_responses import (
    encode,
    write_json,
    write_json_lines,
)
from text_classification.serving.predictions.responses.response_schemas import (
    JsonAnswer,
    JsonLineAnswer,
)


def expected(**options: Any) -> list[Any]:
    """Return the predictions themselves."""
    answering = predictor(**options)
    return [prediction for piece in pieces() for prediction in answering(piece)]


def test_json() -> None:
    """One object with a list, readable by TF Serving's clients, in UTF-8 as it stands."""
    text = "".join(write_json(predictor(), pieces()))
    assert json.loads(text) == {"predictions": expected()}
    assert "東京" in text
    assert text.endswith("}\n")
    TypeAdapter(JsonAnswer).validate_json(text, strict=True)


@pytest.mark.parametrize("explain", [True, False])
@pytest.mark.parametrize(("shape", "expected"), [("own", {"predictions": []}), ("blazingtext", [])])
def test_no_documents_have_an_empty_list(shape: str, expected: object, *, explain: bool) -> None:
    """A part of a table may be its header alone."""
    answering = predictor(shape=shape, explain=explain)
    assert json.loads("".join(write_json(answering, [Records(has_header=True)]))) == expected
    written = "".join(write_json(answering, [Records(), records("good")]))
    found = json.loads(written)
    assert len(found["predictions"] if shape == "own" else found) == 1


def test_json_lines() -> None:
    """One line for each record."""
    lines = "".join(write_json_lines(predictor(), pieces())).splitlines()
    assert [json.loads(line) for line in lines] == expected()
    for line in lines:
        TypeAdapter(JsonLineAnswer).validate_json(line, strict=True)


def test_blazingtexts_shape() -> None:
    """A list of labels with their prefix and a list of probabilities; an error as ever."""
    answering = predictor(shape="blazingtext", k=2)
    found = json.loads("".join(write_json(answering, pieces())))
    lines = "".join(write_json_lines(answering, pieces())).splitlines()
    assert [json.loads(line) for line in lines] == found
    for answer, prediction in zip(found, expected(top_k=2), strict=True):
        if "error" in prediction:
            assert answer == bad_record().body()
        else:
            assert answer == {
                "label": ["__label__" + each["label"] for each in prediction["top"]],
                "prob": [each["score"] for each in prediction["top"]],
            }


def test_blazingtexts_shape_has_what_else_was_asked_for() -> None:
    """Mark of confidence, explanation and fields are those of our own."""
    asked = records(Document("good", {"id": 7}))
    options: dict[str, Any] = {"explain": True, "fields": "id"}
    (line,) = write_json_lines(predictor(shape="blazingtext", floor=0.5, **options), [asked])
    (own,) = predictor(floor=0.5, **options)(asked)
    answer = json.loads(line)
    assert {name: answer[name] for name in ("sure", "explanation", "fields")} == {
        name: value for name, value in own.items() if name in {"sure", "explanation", "fields"}
    }


def test_fields_that_are_nested_too_deeply_are_told() -> None:
    """What can be read need not be possible to write; that is 400, not a fault."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(RequestError, match="nested too deeply") as raised:
        encode(value)
    assert raised.value.status == 400
