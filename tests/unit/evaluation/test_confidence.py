"""evaluation/confidence.py."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.evaluation.confidence import Sureness, at_floor, choose_floor
from text_classification.kernels.arrays import Floats, Ids

ANSWERS = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=30)


def answers(*given: tuple[float, bool]) -> tuple[Ids, Floats]:
    """Return labels and probabilities of two classes, by the score of each and whether it is right.

    Class 0 is always the answer.
    """
    scores = np.array([score for score, _ in given], np.float32)
    labels = np.array([not right for _, right in given], np.int32)
    return labels, np.stack([scores, 1 - scores], axis=1)


@pytest.mark.parametrize(
    ("target", "floor"),
    [(0.99, 0.875), (0.8, 0.59375), (0.75, 0.59375), (0.66, 0.546875), (0.5, 0.0)],
)
def test_lowest_floor_with_the_precision_is_taken(target: float, floor: float) -> None:
    """Halfway between the last answer that counts and the next; a dip on the way is no matter."""
    right = (1.0, 0.9375, 0.75, 0.625)
    wrong = (0.8125, 0.5625, 0.53125)
    given = [*((score, True) for score in right), *((score, False) for score in wrong)]
    assert choose_floor(*answers(*given), target) == floor


@pytest.mark.parametrize(
    ("scores", "target", "floor"),
    [
        ([(0.75, False)], 0.5, 1.0),
        ([(0.9, False), (0.8, False)], 0.1, 1.0),
        ([(0.75, True), (0.75, False)], 0.9, 1.0),
        ([(0.75, True), (0.75, False)], 0.5, 0.0),
        ([(0.75, True)], 0.99, 0.0),
    ],
)
def test_ends_of_the_range(
    scores: Sequence[tuple[float, bool]], target: float, floor: float
) -> None:
    """1 where no answer may count, 0 where all may; equal scores stand and fall together."""
    assert choose_floor(*answers(*scores), target) == floor


def test_part_that_is_wanted_is_enough() -> None:
    """Seven of a hundred are 0.07, however the numbers are rounded."""
    given = answers(*[(0.75, True)] * 7, *[(0.75, False)] * 93)
    assert choose_floor(*given, 0.07) == 0.0


@given(ANSWERS, st.integers(1, 99))
def test_no_lower_floor_has_the_precision(drawn: list[tuple[int, bool]], percent: int) -> None:
    """Against trying every score as the floor."""
    labels, probabilities = answers(*[(0.5 + score / 16, right) for score, right in drawn])
    target = percent / 100
    floor = choose_floor(labels, probabilities, target)
    enough = [
        candidate
        for candidate in set(probabilities[:, 0].tolist())
        if (at_floor(labels, probabilities, candidate).precision or 0) >= target
    ]
    if not enough:
        assert floor == 1.0
        return
    assert at_floor(labels, probabilities, floor) == at_floor(labels, probabilities, min(enough))
    assert floor <= min(enough)


def test_coverage_and_precision_at_a_floor() -> None:
    """The part that reaches it, and what of that is right; nothing where none does."""
    given = answers((0.9375, True), (0.75, False), (0.625, True), (0.5625, True))
    assert at_floor(*given, 0.75) == Sureness(coverage=0.5, precision=0.5)
    assert at_floor(*given, 0.0) == Sureness(coverage=1.0, precision=0.75)
    assert at_floor(*given, 1.0) == Sureness(coverage=0.0, precision=None)
