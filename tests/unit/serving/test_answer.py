"""serving/answer.py."""

import csv
import io
import json

import numpy as np
import pytest

from text_classification.inference.classifier import Scores
from text_classification.serving.answer import ENCODERS, Prediction, prediction


def scores(*probabilities: float) -> Scores:
    """Return the scores of a document of five tokens."""
    return Scores(np.array(probabilities, dtype=np.float32), tokens=5, unknown_tokens=1)


@pytest.fixture
def predictions() -> list[Prediction]:
    """The answers to two documents, with labels that need quoting."""
    labels = ("bad", "good, too", '東京 "ugly"')
    return [
        prediction(scores(0.25, 0.5, 0.25), labels),
        prediction(scores(0.125, 0.125, 0.75), labels),
    ]


def test_best_three_in_order() -> None:
    """The best label and its score, then the best three by falling score; ties by label order."""
    answer = prediction(scores(0.125, 0.5, 0.125, 0.25, 0), ("a", "b", "c", "d", "e"))
    assert (answer["label"], answer["score"]) == ("b", 0.5)
    assert [each["label"] for each in answer["top"]] == ["b", "d", "a"]


def test_two_classes_have_a_top_of_two() -> None:
    """There are never more answers than labels."""
    assert len(prediction(scores(0.25, 0.75), ("a", "b"))["top"]) == 2


def test_json(predictions: list[Prediction]) -> None:
    """One object with a list, readable by TF Serving's clients, in UTF-8 as it stands."""
    text = ENCODERS["application/json"](predictions)
    assert json.loads(text) == {"predictions": predictions}
    assert "東京" in text


def test_json_lines(predictions: list[Prediction]) -> None:
    """One line for each document."""
    lines = ENCODERS["application/jsonlines"](predictions).splitlines()
    assert [json.loads(line) for line in lines] == predictions


def test_csv(predictions: list[Prediction]) -> None:
    """One row for each document: label, score, second label, its score, and so on."""
    rows = list(csv.reader(io.StringIO(ENCODERS["text/csv"](predictions))))
    assert rows == [
        ["good, too", "0.5", "bad", "0.25", '東京 "ugly"', "0.25"],
        ['東京 "ugly"', "0.75", "bad", "0.125", "good, too", "0.125"],
    ]
