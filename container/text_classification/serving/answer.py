"""From scores to an answer, for each media type a caller may accept."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from text_classification.inference.classifier import Scores

TOP = 3

Prediction = dict[str, Any]


def predictions(
    scores: Scores, labels: Sequence[str], floor: float | None = None
) -> list[Prediction]:
    """Return the answer to each document: the best label, its score, and the best three.

    floor: the score from which an answer is sure, which each then says; None for no such mark.
    """
    order = (-scores.probabilities).argsort(axis=1, kind="stable")[:, :TOP]
    best = np.take_along_axis(scores.probabilities, order, axis=1)
    return [
        _prediction([labels[index] for index in indices], values, floor)
        for indices, values in zip(order.tolist(), best.tolist(), strict=True)
    ]


def _prediction(labels: Sequence[str], scores: Sequence[float], floor: float | None) -> Prediction:
    top = [{"label": label, "score": score} for label, score in zip(labels, scores, strict=True)]
    sure = {} if floor is None else {"sure": scores[0] >= floor}
    return {**top[0], **sure, "top": top}


def _json(predictions: Sequence[Prediction]) -> str:
    return json.dumps({"predictions": predictions}, ensure_ascii=False) + "\n"


def _json_lines(predictions: Sequence[Prediction]) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in predictions)


def _csv(predictions: Sequence[Prediction]) -> str:
    """Write a row a document, without a header: label, score, second label, its score, ...

    Where there is a floor, the last cell says whether the answer is sure, as JSON does.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for each in predictions:
        cells = [cell for best in each["top"] for cell in (best["label"], best["score"])]
        if "sure" in each:
            cells.append(json.dumps(each["sure"]))
        writer.writerow(cells)
    return text.getvalue()


# In the order of preference where a caller accepts several.
ENCODERS: dict[str, Callable[[Sequence[Prediction]], str]] = {
    "application/json": _json,
    "application/jsonlines": _json_lines,
    "text/csv": _csv,
}
