"""How far two tallies are apart, with intervals that hold the truth 95 times in 100.

The distances are shares from 0 to 1. Two samples of the same documents are never equal, and fewer
documents differ more by chance alone; the intervals account for it (the basic bootstrap, Davison
and Hinkley 1997, 5.2). Counts are drawn anew as Poisson numbers, so that the time does not depend
on how many documents there are.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textcnn.drift.tally import Tally

REPEATS = 1000
NORMAL_QUANTILE = 1.96
TAIL = 0.025
# From here on a Poisson number is as good as normal.
MANY = 50
SEED = 20

Counts = Sequence[int]
Distance = Callable[[Counts, Counts], float]


@dataclass(frozen=True)
class Estimate:
    """A value and its interval."""

    value: float
    low: float
    high: float


def unknown_words(before: Tally, now: Tally) -> Estimate:
    """Return by how much the mean share of unknown words has grown."""
    difference = now.unknown_mean - before.unknown_mean
    variances = [each.unknown_variance / each.unknown_documents for each in (before, now)]
    margin = NORMAL_QUANTILE * math.sqrt(math.fsum(variances))
    return Estimate(difference, difference - margin, difference + margin)


def labels(before: Tally, now: Tally) -> Estimate:
    """Return the share of documents that would have to change their label (total variation)."""
    names = sorted(before.labels.keys() | now.labels.keys())
    return _bootstrapped(
        [before.labels[name] for name in names],
        [now.labels[name] for name in names],
        total_variation,
    )


def scores(before: Tally, now: Tally) -> Estimate:
    """Return the largest difference of the shares of documents below any score."""
    return _bootstrapped(before.scores, now.scores, largest_gap)


def total_variation(first: Counts, second: Counts) -> float:
    """Return half of the sum of the differences of the shares.

    >>> total_variation([8, 2], [5, 5])
    0.3
    """
    total, other = sum(first), sum(second)
    pairs = zip(first, second, strict=True)
    return round(math.fsum(abs(one / total - two / other) for one, two in pairs) / 2, 12)


def largest_gap(first: Counts, second: Counts) -> float:
    """Return the largest difference of the cumulative shares (Kolmogorov and Smirnov's).

    >>> largest_gap([1, 0, 1], [0, 1, 1])
    0.5
    """
    total, other, sum_one, sum_two, largest = sum(first), sum(second), 0, 0, 0.0
    for one, two in zip(first, second, strict=True):
        sum_one, sum_two = sum_one + one, sum_two + two
        largest = max(largest, abs(sum_one / total - sum_two / other))
    return largest


def _bootstrapped(first: Counts, second: Counts, distance: Distance) -> Estimate:
    draw = random.Random(SEED)  # noqa: S311 - the same captures have the same interval
    value = distance(first, second)
    drawn = sorted(
        distance(_drawn_anew(first, draw), _drawn_anew(second, draw)) for _ in range(REPEATS)
    )
    lower, upper = drawn[int(TAIL * REPEATS)], drawn[int((1 - TAIL) * REPEATS) - 1]
    # Drawing anew moves distances up, as drawing did: the interval is reflected at the value.
    return Estimate(value, max(0.0, 2 * value - upper), min(1.0, max(value, 2 * value - lower)))


def _drawn_anew(counts: Counts, draw: random.Random) -> list[int]:
    drawn = [_poisson(count, draw) for count in counts]
    return drawn if any(drawn) else list(counts)


def _poisson(mean: int, draw: random.Random) -> int:
    """Return a Poisson number (Knuth's way for small means)."""
    if mean >= MANY:
        return max(0, round(draw.gauss(mean, math.sqrt(mean))))
    limit, product, number = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        number += 1
    return number
