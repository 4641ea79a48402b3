"""corpus/sequence_length.py."""

import numpy as np
import pytest

from text_classification.corpus.sequence_length import sequence_length

LENGTHS = np.array([1, 2, 3, 4, 100])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("mean", 22),
        ("max", 100),
        ("p0", 5),
        ("p50", 5),
        ("p75", 5),
        ("p95", 81),
        ("p100", 100),
        ("1", 5),
        ("64", 64),
    ],
)
def test_rule_gives_a_length(rule: str, expected: int) -> None:
    """Each rule, rounded up, is never less than the widest kernel (5 here)."""
    assert sequence_length(rule, LENGTHS, at_least=5) == expected


def test_fractions_are_rounded_up() -> None:
    """A mean of 2.5 tokens reads 3."""
    assert sequence_length("mean", np.array([2, 3]), at_least=1) == 3


def test_empty_documents_still_have_a_length() -> None:
    """Documents without tokens give the width of the widest kernel."""
    assert sequence_length("mean", np.zeros(4, dtype=np.int64), at_least=4) == 4
