"""evaluation/intervals.py."""

import numpy as np
import pytest

from text_classification.evaluation.answer_counts import count_answers
from text_classification.evaluation.intervals import RESAMPLES, bootstrap_intervals


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
        counts = count_answers(labels[drawn], answers[drawn], 6)
        scores.append([counts.accuracy, counts.macro_f1])
    expected = np.percentile(scores, [2.5, 97.5], axis=0).T
    np.testing.assert_allclose(bootstrap_intervals(labels, answers, seed=7), expected, rtol=1e-12)
