"""Answers counted as the baseline of an artifact counts them."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from textcnn.drift.captured_body import CapturedPrediction
from textcnn.errors import CommandError

BINS = 20
REMEDY = "Train the model again by an image of today, which writes it; or give --baseline FILE."


@dataclass
class Tally:
    """How many answers there are, by label, by score and by share of unknown words.

    scores and unknown: counts in 20 bins of the same width from 0 to 1. unknown_documents are those
    whose share is known.
    """

    documents: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    scores: list[int] = field(default_factory=lambda: [0] * BINS)
    unknown: list[int] = field(default_factory=lambda: [0] * BINS)
    unknown_documents: int = 0
    unknown_mean: float = 0.0

    @property
    def mean_score(self) -> float:
        """The mean of the best scores, as exact as the bins are."""
        return _mean(self.scores)

    @property
    def unknown_variance(self) -> float:
        """The variance of the shares, as exact as the bins are; a share of 0 counts as 0."""
        if not self.unknown_documents:
            return 0.0
        squares = [
            count * (_place(index) - self.unknown_mean) ** 2
            for index, count in enumerate(self.unknown)
        ]
        return math.fsum(squares) / self.unknown_documents


def counted(answers: Iterable[CapturedPrediction]) -> Tally:
    """Return the tally of some answers."""
    tally, shares = Tally(), 0.0
    for answer in answers:
        tally.documents += 1
        tally.labels[answer.label] += 1
        tally.scores[_bin(answer.score)] += 1
        if answer.unknown_share is not None:
            tally.unknown_documents += 1
            tally.unknown[_bin(answer.unknown_share)] += 1
            shares += answer.unknown_share
    tally.unknown_mean = shares / tally.unknown_documents if tally.unknown_documents else 0.0
    return tally


def of_baseline(metrics: dict[str, Any], origin: str) -> Tally:
    """Return the baseline in an artifact's metrics.json; raises ``CommandError`` without one."""
    try:
        told = metrics["baseline"]
        tally = Tally(
            int(told["documents"]),
            Counter({str(label): int(count) for label, count in told["labels"].items()}),
            [int(count) for count in told["scores"]],
            [int(count) for count in told["unknown_share"]["bins"]],
            int(told["documents"]),
            float(told["unknown_share"]["mean"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CommandError(f"{origin} has no baseline to compare with", REMEDY) from None
    if len(tally.scores) != BINS or len(tally.unknown) != BINS or tally.documents < 1:
        raise CommandError(f"the baseline in {origin} is not as this program reads it", REMEDY)
    return tally


def _bin(share: float) -> int:
    return min(max(int(share * BINS), 0), BINS - 1)


def _place(index: int) -> float:
    """Return the share that stands for a bin: most of the first are 0, else it is the middle."""
    return 0.0 if index == 0 else (index + 0.5) / BINS


def _mean(bins: list[int]) -> float:
    total = sum(bins)
    middles = ((index + 0.5) / BINS * count for index, count in enumerate(bins))
    return math.fsum(middles) / total if total else 0.0
