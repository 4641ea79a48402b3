"""evaluation/curve_areas.py."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from text_classification.evaluation.curve_areas import curve_areas


def test_areas_by_hand() -> None:
    """Two classes, four documents: one of class 1 is ranked behind one of class 0."""
    labels = np.array([1, 0, 1, 0], np.int32)
    ones = np.array([0.9, 0.6, 0.5, 0.1], np.float32)
    areas = curve_areas(labels, np.stack([1 - ones, ones], axis=1))
    assert areas.roc.tolist() == pytest.approx([3 / 4, 3 / 4])
    assert areas.precision_recall[1] == pytest.approx((1 + 2 / 3) / 2)
    assert areas.macro_roc == pytest.approx(3 / 4)


@pytest.mark.parametrize("digits", [1, 7])
def test_areas_are_those_of_scikit_learn(digits: int) -> None:
    """Scores that are all different, and scores of which many are the same."""
    generator = np.random.default_rng(digits)
    scores = generator.dirichlet([1, 1, 1], 500).round(digits).astype(np.float32)
    labels = generator.integers(0, 3, 500).astype(np.int32)
    areas = curve_areas(labels, scores)
    for index in range(3):
        positive = labels == index
        average_precision = average_precision_score(positive, scores[:, index])
        assert areas.precision_recall[index] == pytest.approx(average_precision, rel=1e-12)
        assert areas.roc[index] == pytest.approx(
            roc_auc_score(positive, scores[:, index]), rel=1e-12
        )


def test_classes_without_an_area_do_not_count() -> None:
    """A class that never occurs, or always, has no curve; with none there is no mean."""
    labels = np.array([0, 1, 0], np.int32)
    probabilities = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]], np.float32)
    areas = curve_areas(labels, probabilities)
    assert np.isnan(areas.roc).tolist() == [False, False, True]
    assert areas.macro_roc == areas.macro_precision_recall == 1
    assert np.isnan(curve_areas(np.zeros(3, np.int32), probabilities).macro_roc)
