"""corpus/split.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.corpus.split import stratified_split

LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=60).map(
    lambda labels: np.unique(labels, return_inverse=True)[1].astype(np.int32)
)
FRACTIONS = st.floats(0.01, 0.99)
SEEDS = st.integers(0, 2**32 - 1)


@given(labels=LABELS, fraction=FRACTIONS, seed=SEEDS)
def test_every_document_is_in_one_part(labels: np.ndarray, fraction: float, seed: int) -> None:
    """The parts add up to all documents, each part in rising order."""
    training, validation = stratified_split(labels, fraction, seed)
    assert sorted([*training, *validation]) == list(range(len(labels)))
    assert all(np.diff(part).min(initial=1) > 0 for part in (training, validation))


@given(labels=LABELS, fraction=FRACTIONS, seed=SEEDS)
def test_every_class_gives_its_share_and_stays_in_training(
    labels: np.ndarray, fraction: float, seed: int
) -> None:
    """A class gives within one document of its share, and never its last document."""
    training, validation = stratified_split(labels, fraction, seed)
    for count, kept, held in zip(
        *(
            np.bincount(part, minlength=6)
            for part in (labels, labels[training], labels[validation])
        ),
        strict=True,
    ):
        assert kept >= min(count, 1)
        assert min(count * fraction, count - 1) - 1 < held + 1e-9
        assert held < count * fraction + 1 + 1e-9


@given(labels=LABELS, fraction=FRACTIONS, seed=SEEDS)
def test_parts_have_the_sizes_asked_for(labels: np.ndarray, fraction: float, seed: int) -> None:
    """Validation has its share of all documents where classes have documents to give."""
    _, validation = stratified_split(labels, fraction, seed)
    counts = np.bincount(labels)
    wanted = max(round(len(labels) * fraction), 1)
    can_give = sum(min(int(count * fraction) + 1, count - 1) for count in counts)
    assert len(validation) == min(wanted, can_give)


@given(labels=LABELS, fraction=FRACTIONS, seed=SEEDS)
def test_same_seed_splits_alike(labels: np.ndarray, fraction: float, seed: int) -> None:
    """The split depends on nothing but its arguments."""
    first, second = (stratified_split(labels, fraction, seed) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


def test_other_seed_splits_otherwise() -> None:
    """The seed decides which documents are held out."""
    labels = np.zeros(100, dtype=np.int32)
    first, second = (stratified_split(labels, 0.2, seed)[1] for seed in (1, 2))
    assert len(first) == len(second) == 20
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(
    ("counts", "fraction", "held"),
    [
        ([50, 30, 20], 0.2, [10, 6, 4]),
        ([10, 1, 1], 0.2, [2, 0, 0]),
        ([2, 2], 0.01, [1, 0]),
        ([1, 1, 1], 0.5, [0, 0, 0]),
        ([3, 3, 3], 0.99, [2, 2, 2]),
        ([5, 5, 5], 0.1, [1, 1, 0]),
        ([9, 15], 0.25, [2, 4]),
        ([15, 9], 0.25, [4, 2]),
    ],
)
def test_shares(counts: list[int], fraction: float, held: list[int]) -> None:
    """Known cases: proportional, singletons kept, at least one held out, remainders by size."""
    labels = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    _, validation = stratified_split(labels, fraction, seed=3)
    assert np.bincount(labels[validation], minlength=len(counts)).tolist() == held
