"""evaluation/answer_counts.py."""

import numpy as np
import pytest
from sklearn import metrics

from text_classification.evaluation.answer_counts import confusion_matrix, count_answers

CLASSES = 6


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    """Of all classes and of their means; one is never a label, one never an answer, one neither."""
    generator = np.random.default_rng(seed)
    labels = generator.choice([0, 2, 3], 30).astype(np.int32)
    answers = generator.choice([0, 2, 5], 30).astype(np.int32)
    counts = count_answers(labels, answers, CLASSES)
    expected = metrics.precision_recall_fscore_support(
        labels, answers, labels=range(CLASSES), zero_division=0
    )
    found = counts.precision, counts.recall, counts.f1, counts.labelled
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert counts.accuracy == pytest.approx(metrics.accuracy_score(labels, answers))
    for average, value in (("macro", counts.macro_f1), ("weighted", counts.weighted_f1)):
        score = metrics.f1_score(labels, answers, average=average, zero_division=0)
        assert value == pytest.approx(score)


def test_confusion_matrix_is_that_of_scikit_learn() -> None:
    """Labels are rows, answers columns; classes that never occur are there."""
    labels, answers = np.random.default_rng(1).choice([0, 2, 3], (2, 40)).astype(np.int32)
    expected = metrics.confusion_matrix(labels, answers, labels=range(CLASSES))
    assert confusion_matrix(labels, answers, CLASSES).tolist() == expected.tolist()
