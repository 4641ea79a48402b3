"""serving/answer.py."""

import csv
import io
import json
from collections.abc import Sequence

import numpy as np
import pytest

from text_classification.inference.classifier import Scores
from text_classification.serving.answer import ENCODERS, Prediction, predictions


def scores(*probabilities: Sequence[float]) -> Scores:
    """Return the scores of documents of five tokens."""
    counts = np.full(len(probabilities), 5)
    return Scores(np.array(probabilities, dtype=np.float32), counts, counts - 4)


@pytest.fixture
def answers() -> list[Prediction]:
    """The answers to two documents, with labels that need quoting."""
    labels = ("bad", "good, too", '東京 "ugly"')
    return predictions(scores((0.25, 0.5, 0.25), (0.125, 0.125, 0.75)), labels)


def test_best_three_in_order() -> None:
    """The best label and its score, then the best three by falling score; ties by label order."""
    labels = ("a", "b", "c", "d", "e")
    first, second = predictions(
        scores((0.125, 0.5, 0.125, 0.25, 0), (0.25, 0.25, 0.25, 0, 0.25)), labels
    )
    assert (first["label"], first["score"]) == ("b", 0.5)
    assert [each["label"] for each in first["top"]] == ["b", "d", "a"]
    assert [each["score"] for each in first["top"]] == [0.5, 0.25, 0.125]
    assert [each["label"] for each in second["top"]] == ["a", "b", "c"]


def test_numbers_are_what_json_can_hold() -> None:
    """Plain numbers that read back as the model's own, not NumPy's."""
    (answer,) = predictions(scores((0.1, 0.9)), ("a", "b"))
    assert [type(each["score"]) for each in answer["top"]] == [float, float]
    assert np.float32(answer["top"][1]["score"]) == np.float32(0.1)


def test_no_documents_have_no_answers() -> None:
    """An empty result is an empty list."""
    nothing = np.zeros(0, np.int64)
    assert predictions(Scores(np.zeros((0, 2), np.float32), nothing, nothing), ("a", "b")) == []


def test_many_equal_classes_are_in_order_of_the_labels() -> None:
    """Sorting keeps the order of equal scores, however many there are."""
    labels = [f"class {number:02}" for number in range(80)]
    (answer,) = predictions(scores([0.02, *[0.01] * 4] * 16), labels)
    assert [each["label"] for each in answer["top"]] == ["class 00", "class 05", "class 10"]


def test_two_classes_have_a_top_of_two() -> None:
    """There are never more answers than labels."""
    (answer,) = predictions(scores((0.25, 0.75)), ("a", "b"))
    assert len(answer["top"]) == 2


def test_answers_below_the_floor_are_not_sure() -> None:
    """Each says so, as a plain value; label, score and top are as ever."""
    given = scores((0.25, 0.75), (0.375, 0.625), (0.5, 0.5))
    without = predictions(given, ("a", "b"))
    marked = predictions(given, ("a", "b"), floor=0.625)
    assert [each.pop("sure") for each in marked] == [True, True, False]
    assert marked == without
    assert not any("sure" in each for each in without)
    assert predictions(given, ("a", "b"), floor=0.0)[2]["sure"] is True


def test_csv_ends_with_whether_an_answer_is_sure() -> None:
    """In the words of JSON, and only where there is a floor."""
    marked = predictions(scores((0.25, 0.75), (0.5, 0.5)), ("a", "b"), floor=0.7)
    rows = list(csv.reader(io.StringIO(ENCODERS["text/csv"](marked))))
    assert [row[4:] for row in rows] == [["true"], ["false"]]


def test_json(answers: list[Prediction]) -> None:
    """One object with a list, readable by TF Serving's clients, in UTF-8 as it stands."""
    text = ENCODERS["application/json"](answers)
    assert json.loads(text) == {"predictions": answers}
    assert "東京" in text


def test_json_lines(answers: list[Prediction]) -> None:
    """One line for each document."""
    lines = ENCODERS["application/jsonlines"](answers).splitlines()
    assert [json.loads(line) for line in lines] == answers


def test_csv(answers: list[Prediction]) -> None:
    """One row for each document: label, score, second label, its score, and so on."""
    rows = list(csv.reader(io.StringIO(ENCODERS["text/csv"](answers))))
    assert rows == [
        ["good, too", "0.5", "bad", "0.25", '東京 "ugly"', "0.25"],
        ['東京 "ugly"', "0.75", "bad", "0.125", "good, too", "0.125"],
    ]
