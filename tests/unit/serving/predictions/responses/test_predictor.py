"""serving/predictions/responses/predictor.py."""

import numpy as np
import pytest
from pydantic import TypeAdapter

from tests.unit.serving.predictions.responses.answering import (
    LABELS,
    TEXTS,
    bad_record,
    classifier,
    predictor,
    records,
)
from text_classification.errors import Code, RequestError
from text_classification.inference.classifier import Classifier, Scores
from text_classification.serving.predictions.requests.records import Document
from text_classification.serving.predictions.responses.response_schemas import Prediction, Refusal


def scores(*rows: list[float]) -> Scores:
    """Return scores of documents of five tokens, four of them known."""
    counts = np.full(len(rows), 5)
    return Scores(np.array(rows, np.float32), counts, counts - 4)


def test_best_label_and_the_best_three() -> None:
    """They are the classifier's own scores, in falling order."""
    expected = classifier().classify(TEXTS)
    for row, prediction in zip(expected.probabilities, predictor()(records(*TEXTS)), strict=True):
        assert "error" not in prediction
        order = np.argsort(-row)
        assert [each["label"] for each in prediction["top"]] == [LABELS[index] for index in order]
        assert [each["score"] for each in prediction["top"]] == row[order].tolist()
        assert (prediction["label"], prediction["score"]) == tuple(prediction["top"][0].values())


@pytest.mark.parametrize("times", [3, 16])
def test_equal_scores_are_in_the_order_of_the_labels(
    monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """However many there are."""
    labels = [f"class {number:02}" for number in range(5 * times)]
    answering = predictor(labels=labels)
    monkeypatch.setattr(Classifier, "classify", lambda *_: scores([0.02, *[0.01] * 4] * times))
    (answer,) = answering(records("x"))
    assert "error" not in answer
    assert [each["label"] for each in answer["top"]] == ["class 00", "class 05", "class 10"]


def test_numbers_are_what_json_can_hold() -> None:
    """Plain numbers, not NumPy's, as the shape says."""
    for prediction in predictor(explain=True, fields="id", floor=0.5)(records(*TEXTS)):
        TypeAdapter(Prediction).validate_python(prediction, strict=True)
        assert {"sure", "explanation"} <= set(prediction)


@pytest.mark.parametrize(("top_k", "listed"), [(1, 1), (2, 2), (3, 3), (9, 3), ("all", 3)])
def test_so_many_labels_as_were_asked_for(top_k: int | str, listed: int) -> None:
    """Never more than there are."""
    (answer,) = predictor(top_k=top_k)(records("x"))
    assert "error" not in answer
    assert len(answer["top"]) == listed


def test_record_may_ask_for_another_number() -> None:
    """The others have the request's."""
    asked = records(Document("x", listed=2), "x", Document("x", listed=9))
    tops = [each["top"] for each in predictor(top_k=1)(asked) if "error" not in each]
    assert list(map(len, tops)) == [2, 1, 3]


def test_unknown_words_and_what_was_cut_off() -> None:
    """The share is of all tokens, read or not; an empty document has none."""
    answers = list(predictor()(records(*TEXTS)))
    assert [each.get("unknown_share") for each in answers] == [0, 0, round(4 / 12, 4)]
    assert [each.get("truncated") for each in answers] == [False, False, True]


def test_bad_record_has_its_error_in_its_place() -> None:
    """The error is the one that a request would be answered with."""
    answers = list(predictor(explain=True)(records("x", bad_record(), "x")))
    assert answers[1] == bad_record().body()
    TypeAdapter(Refusal).validate_python(answers[1], strict=True)
    assert ["error" in each for each in answers] == [False, True, False]


def test_mark_of_confidence() -> None:
    """A score below the floor is not sure; label and scores stay; without a floor there is none."""
    (plain,) = predictor()(records(TEXTS[0]))
    assert "error" not in plain
    for floor, sure in ((plain["score"], True), (plain["score"] + 0.001, False)):
        (marked,) = predictor(floor=floor)(records(TEXTS[0]))
        assert marked == {**plain, "sure": sure}


def test_explanation_is_that_of_the_best_label() -> None:
    """The tokens that were read, what each adds to the label's logit, and the constant."""
    (answer,) = predictor(explain=True)(records(TEXTS[2]))
    assert "error" not in answer
    explanation = answer["explanation"]
    assert explanation["tokens"] == TEXTS[2].split()[:8]
    expected = classifier().explain(TEXTS[2], answer["label"])
    assert explanation["values"] == expected.values.tolist()
    assert explanation["constant"] == expected.constant


def test_fields_come_back_on_request() -> None:
    """As they were kept."""
    asked = records(Document("x", {"id": [1]}), Document("x", {"id": None}))
    answers = predictor(fields="id")(asked)
    assert [each.get("fields") for each in answers] == [{"id": [1]}, {"id": None}]
    assert "fields" not in next(predictor()(asked))


def test_any_label_is_explained_on_request() -> None:
    """The prediction stays that of the best label."""
    for label in LABELS:
        (answer,) = predictor(explain=True, explain_label=label)(records(TEXTS[2]))
        assert "error" not in answer
        expected = classifier().explain(TEXTS[2], label)
        assert answer["explanation"]["values"] == expected.values.tolist()
        assert answer["explanation"]["constant"] == expected.constant
        assert answer["label"] == answer["top"][0]["label"]


def test_a_label_that_the_model_lacks_cannot_be_explained() -> None:
    """The error does not repeat it."""
    with pytest.raises(RequestError, match="no such label") as caught:
        predictor(explain=True, explain_label="none of them")
    assert (caught.value.status, caught.value.code) == (400, Code.OPTION_INVALID)
    assert "none of them" not in str(caught.value)
