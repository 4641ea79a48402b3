"""Confidence intervals of scores: bootstrap over the documents (Efron 1979)."""

from typing import NamedTuple

import numpy as np

from text_classification.evaluation.answer_counts import AnswerCounts
from text_classification.kernels.arrays import Ids, Indices

RESAMPLES = 1000
COVERAGE = 0.95


class Interval(NamedTuple):
    """The ends of an interval; JSON holds them as a list."""

    low: float
    high: float


def bootstrap_intervals(labels: Ids, answers: Ids, *, seed: int = 0) -> tuple[Interval, Interval]:
    """Return the percentile intervals that cover accuracy and macro F1 with 95 %.

    The documents are drawn with replacement 1,000 times. A score depends on how many documents of
    each pair of label and answer were drawn, so that is all that is counted.
    """
    classes = int(max(labels.max(), answers.max())) + 1
    pairs, pair_of = np.unique(labels.astype(np.int64) * classes + answers, return_inverse=True)
    true, given = np.divmod(pairs, classes)
    generator = np.random.default_rng(seed)
    scores = []
    for _ in range(RESAMPLES):
        drawn = pair_of[generator.integers(0, len(labels), len(labels))]
        counts = np.bincount(drawn, minlength=len(pairs))
        scores.append(_scores(counts, true, given, classes))
    outside = 50 * (1 - COVERAGE)
    lows, highs = np.percentile(scores, [outside, 100 - outside], axis=0).tolist()
    one, other = (Interval(low, high) for low, high in zip(lows, highs, strict=True))
    return one, other


def _scores(counts: Indices, true: Indices, given: Indices, classes: int) -> tuple[float, float]:
    """Return accuracy and macro F1 of documents; counts: int64 [pairs of label and answer]."""
    right = true == given
    hits = np.bincount(true[right], counts[right], classes)
    labelled, answered = (np.bincount(each, counts, classes) for each in (true, given))
    answers = AnswerCounts(hits, labelled, answered)
    return answers.accuracy, answers.macro_f1
