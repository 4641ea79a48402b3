"""Confidence intervals of scores: bootstrap over the documents (Efron 1979)."""

from collections.abc import Callable

import numpy as np

from text_classification.kernels.arrays import Floats, Ids

RESAMPLES = 1000
COVERAGE = 0.95

Score = Callable[[Ids, Ids], float]


def bootstrap_interval(
    labels: Ids, probabilities: Floats, score: Score, *, seed: int = 0
) -> tuple[float, float]:
    """Return the percentile interval that covers a score of labels and answers with 95 %.

    The documents are drawn with replacement 1,000 times.
    """
    answers = probabilities.argmax(axis=1).astype(np.int32)
    generator = np.random.default_rng(seed)
    scores = []
    for _ in range(RESAMPLES):
        drawn = generator.integers(0, len(labels), len(labels))
        scores.append(score(labels[drawn], answers[drawn]))
    outside = 50 * (1 - COVERAGE)
    low, high = np.percentile(scores, [outside, 100 - outside])
    return float(low), float(high)


def accuracy(labels: Ids, answers: Ids) -> float:
    """Return the share of right answers."""
    return float((labels == answers).mean())


def macro_f1(labels: Ids, answers: Ids) -> float:
    """Return the mean F1 of the classes that occur as a label or as an answer."""
    classes = int(max(labels.max(), answers.max())) + 1
    hits = np.bincount(labels[labels == answers], minlength=classes)
    seen = np.bincount(labels, minlength=classes) + np.bincount(answers, minlength=classes)
    occurring = seen > 0
    return float((2 * hits[occurring] / seen[occurring]).mean())
