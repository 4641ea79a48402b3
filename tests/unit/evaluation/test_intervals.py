"""evaluation/intervals.py."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from text_classification.evaluation.intervals import (
    RESAMPLES,
    accuracy,
    bootstrap_intervals,
    macro_f1,
)


def test_interval_is_that_of_the_binomial() -> None:
    """80 of 100 right: about 1.96 standard errors to each side, the same for the same seed."""
    labels = np.zeros(100, np.int32)
    answers = (np.arange(100) >= 80).astype(np.int32)
    (low, high), _ = bootstrap_intervals(labels, answers)
    error = np.sqrt(0.8 * 0.2 / 100)
    assert (low, high) == pytest.approx((0.8 - 1.96 * error, 0.8 + 1.96 * error), abs=0.015)
    assert (low, high) == bootstrap_intervals(labels, answers)[0]


def test_intervals_are_those_of_documents_drawn_one_by_one() -> None:
    """Counting the drawn pairs of label and answer gives the very scores of the drawn documents."""
    labels, answers = np.random.default_rng(1).choice([0, 2, 5], (2, 40)).astype(np.int32)
    generator, scores = np.random.default_rng(7), []
    for _ in range(RESAMPLES):
        drawn = generator.integers(0, 40, 40)
        chosen = labels[drawn], answers[drawn]
        scores.append([accuracy(*chosen), macro_f1(*chosen)])
    expected = np.percentile(scores, [2.5, 97.5], axis=0).T
    np.testing.assert_allclose(bootstrap_intervals(labels, answers, seed=7), expected, rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_macro_f1_is_that_of_scikit_learn(seed: int) -> None:
    """Classes that occur neither as a label nor as an answer do not count."""
    labels, answers = np.random.default_rng(seed).choice([0, 2, 5], (2, 30)).astype(np.int32)
    assert macro_f1(labels, answers) == pytest.approx(f1_score(labels, answers, average="macro"))
