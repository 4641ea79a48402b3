"""evaluation/intervals.py."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from text_classification.evaluation.intervals import accuracy, bootstrap_interval, macro_f1


def test_interval_is_that_of_the_binomial() -> None:
    """80 of 100 right: about 1.96 standard errors to each side, the same for the same seed."""
    labels = np.zeros(100, np.int32)
    right = np.arange(100) < 80
    probabilities = np.stack([right, ~right], axis=1).astype(np.float32)
    low, high = bootstrap_interval(labels, probabilities, accuracy)
    error = np.sqrt(0.8 * 0.2 / 100)
    assert (low, high) == pytest.approx((0.8 - 1.96 * error, 0.8 + 1.96 * error), abs=0.015)
    assert (low, high) == bootstrap_interval(labels, probabilities, accuracy)


@pytest.mark.parametrize("seed", range(5))
def test_macro_f1_is_that_of_scikit_learn(seed: int) -> None:
    """Classes that occur neither as a label nor as an answer do not count."""
    labels, answers = np.random.default_rng(seed).choice([0, 2, 5], (2, 30)).astype(np.int32)
    assert macro_f1(labels, answers) == pytest.approx(f1_score(labels, answers, average="macro"))
