"""evaluation/baseline.py."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.evaluation.baseline import BINS, baseline, bins


def test_baseline_of_a_few_documents() -> None:
    """Each of its counts has all documents; a label that nobody got is there, with 0."""
    probabilities = np.array([[0.5, 0.25, 0.25], [0, 0.125, 0.875], [0.1, 0, 0.9]], np.float32)
    found = baseline(("a", "b", "c"), probabilities, np.array([3, 0, 8]), np.array([1, 0, 8]))
    places = dict.fromkeys(range(BINS), 0)
    assert asdict(found) == {
        "documents": 3,
        "labels": {"a": 1, "b": 0, "c": 2},
        "scores": list({**places, 10: 1, 17: 2}.values()),
        "unknown_share": {
            "mean": pytest.approx((0.3333 + 0 + 1) / 3),
            "bins": list({**places, 0: 1, 6: 1, 19: 1}.values()),
        },
    }


@given(st.lists(st.floats(0, 1)))
def test_every_number_is_in_its_bin(shares: list[float]) -> None:
    """Bins have the lower of their borders, the last one both."""
    found = bins(shares)
    assert sum(found) == len(shares)
    for share in shares:
        (place,) = np.flatnonzero(bins([share]))
        assert place / BINS <= share * (1 + 1e-15) or place == BINS - 1
        assert share * BINS < place + 1 or share == 1


def test_border_belongs_to_the_upper_bin() -> None:
    """Also where a border is no number that a computer has."""
    assert [bins([place / BINS]).index(1) for place in range(BINS)] == list(range(BINS))
