"""From predictions to JSON and JSON Lines, in our shape or BlazingText's."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.requests.records import Records
from text_classification.serving.predictions.responses.predictor import Predictor

if TYPE_CHECKING:
    from text_classification.serving.predictions.responses.response_schemas import (
        BlazingTextPrediction,
        Prediction,
        Refusal,
    )

# What BlazingText's labels begin with; it is no part of ours.
PREFIX = "__label__"
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def write_json(
    predictor: Predictor,
    pieces: Iterable[Records],
    beside: Callable[[], Mapping[str, Any]] | None = None,
) -> Iterator[str]:
    """Yield one object with a list of predictions, or the list alone in BlazingText's shape.

    beside: returns what else the object has; asked when all predictions are written.
    """
    bare = predictor.request_format.options.shape == "blazingtext"
    opening, closing = ("[", "]\n") if bare else ('{"predictions": [', "]}\n")
    before = opening
    for records in pieces:
        for part in _encoded(predictor, records):
            yield before + part
            before = ", "
    if before is opening:
        yield opening
    yield f"], {encode(beside())[1:]}\n" if beside else closing


def write_json_lines(predictor: Predictor, pieces: Iterable[Records]) -> Iterator[str]:
    """Yield a line for each prediction."""
    for records in pieces:
        yield "".join([encode(each) + "\n" for each in _shaped(predictor, records)])


def _encoded(predictor: Predictor, records: Records) -> Iterable[str]:
    """Return predictions as JSON with commas between: all at once, or one by one if explained.

    An explanation takes many times the memory of its text until it is encoded.
    """
    shaped = _shaped(predictor, records)
    if predictor.request_format.options.explain:
        return map(encode, shaped)
    return (encode(list(shaped))[1:-1],) if records.texts else ()


def encode(value: Any) -> str:
    """Return a value as JSON, with letters as they stand.

    Raises ``RequestError`` 400 for fields of the caller that are nested too deeply.
    """
    try:
        return _ENCODE(value)
    except RecursionError:
        raise RequestError(
            400,
            Code.BODY_INVALID,
            "the fields of a record are nested too deeply",
            remedy="Ask for other fields.",
        ) from None


def _shaped(
    predictor: Predictor, records: Records
) -> "Iterator[Prediction | BlazingTextPrediction | Refusal]":
    predictions = predictor(records)
    if predictor.request_format.options.shape == "blazingtext":
        return map(_as_blazingtext, predictions)
    return predictions


def _as_blazingtext(prediction: "Prediction | Refusal") -> "BlazingTextPrediction | Refusal":
    if "error" in prediction:
        return prediction
    shaped: BlazingTextPrediction = {
        "label": [PREFIX + best["label"] for best in prediction["top"]],
        "prob": [best["score"] for best in prediction["top"]],
    }
    if "scores" in prediction:
        shaped["labels"] = prediction["labels"]
        shaped["scores"] = prediction["scores"]
    if "sure" in prediction:
        shaped["sure"] = prediction["sure"]
    if "explanation" in prediction:
        shaped["explanation"] = prediction["explanation"]
    if "fields" in prediction:
        shaped["fields"] = prediction["fields"]
    return shaped
