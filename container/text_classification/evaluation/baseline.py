"""What answers look like in ordinary times: what those of an endpoint are compared with, for drift.

The answers are those that serving gives, read from them as any caller could: so the same counts are
had from captured answers, with ``bins`` for the bins.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.kernels.arrays import Floats, Indices

BINS = 20
# Places after the point of ``unknown_share`` in an answer.
SHARE_PLACES = 4


@dataclass(frozen=True)
class UnknownShare:
    """The documents' shares of unknown words: their mean, and how many are in each bin."""

    mean: float
    bins: list[int]


@dataclass(frozen=True)
class Baseline:
    """What the answers to some documents look like.

    documents: how many; labels: how many got each label; scores: the best scores in bins.
    """

    documents: int
    labels: Mapping[str, int]
    scores: list[int]
    unknown_share: UnknownShare


def baseline(
    labels: Sequence[str], probabilities: Floats, tokens: Indices, unknown: Indices
) -> Baseline:
    """Return the baseline of some documents.

    probabilities: float32 [documents, classes]; tokens, unknown: int64 [documents], all tokens of
    each document and those outside the vocabulary.
    """
    answers = np.bincount(probabilities.argmax(axis=1), minlength=len(labels))
    shares = [
        round(part / whole, SHARE_PLACES) if whole else 0.0
        for part, whole in zip(unknown.tolist(), tokens.tolist(), strict=True)
    ]
    return Baseline(
        documents=len(shares),
        labels=dict(zip(labels, answers.tolist(), strict=True)),
        scores=bins(probabilities.max(axis=1).tolist()),
        unknown_share=UnknownShare(math.fsum(shares) / len(shares), bins(shares)),
    )


def bins(shares: Iterable[float]) -> list[int]:
    """Return how many numbers from 0 to 1 are in each of 20 bins of the same width.

    A number on the border of two is in the upper one, and 1 in the last.

    >>> bins([0.0, 0.04, 0.05, 0.99, 1.0])
    [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    """
    counts = [0] * BINS
    for share in shares:
        counts[min(int(share * BINS), BINS - 1)] += 1
    return counts
