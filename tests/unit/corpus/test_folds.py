"""corpus/folds.py."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from text_classification.corpus.folds import NEVER, Folds, stratified_folds
from text_classification.kernels.arrays import Ids

LABELS = st.lists(st.integers(0, 5), min_size=1, max_size=60).map(
    lambda labels: np.unique(labels, return_inverse=True)[1].astype(np.int32)
)
COUNTS = st.integers(2, 7)


def dealt(labels: Ids, count: int, seed: int = 0) -> Folds:
    """Return folds; labels that are too few for them are no example."""
    assume((np.bincount(labels)[labels] > 1).sum() >= count)
    return stratified_folds(labels, count, seed)


@given(labels=LABELS, count=COUNTS)
def test_every_document_is_held_out_once(labels: Ids, count: int) -> None:
    """But for the only document of a class; what a fold does not hold out it trains on."""
    folds = dealt(labels, count)
    held_out = np.concatenate([folds.held_out(fold) for fold in range(count)])
    alone = np.bincount(labels)[labels] == 1
    assert sorted(held_out) == np.flatnonzero(~alone).tolist() == folds.documents.tolist()
    assert (folds.of[alone] == NEVER).all()
    for fold in range(count):
        parts = *folds.training(fold), *folds.held_out(fold)
        assert sorted(parts) == list(range(len(labels)))


@given(labels=LABELS, count=COUNTS)
def test_folds_are_alike(labels: Ids, count: int) -> None:
    """In size, and in the documents of each class, within one document."""
    folds = dealt(labels, count)
    held_out = [labels[folds.held_out(fold)] for fold in range(count)]
    sizes = [len(part) for part in held_out]
    assert max(sizes) - min(sizes) <= 1
    classes = np.array([np.bincount(part, minlength=6) for part in held_out])
    assert (classes.max(axis=0) - classes.min(axis=0)).max() <= 1


@given(labels=LABELS, count=COUNTS)
def test_every_fold_trains_on_every_class(labels: Ids, count: int) -> None:
    """However few documents a class has."""
    folds = dealt(labels, count)
    for fold in range(count):
        assert set(labels[folds.training(fold)]) == set(labels)


@given(labels=LABELS, count=COUNTS)
def test_answers_come_back_in_the_order_of_the_documents(labels: Ids, count: int) -> None:
    """Each fold answers its own documents; gathered, they stand as the documents do."""
    folds = dealt(labels, count)
    answers = [np.stack([folds.held_out(fold)] * 2, axis=1) for fold in range(count)]
    assert folds.gather(answers)[:, 1].tolist() == folds.documents.tolist()


def test_seed_decides() -> None:
    """The same seed deals alike, another one otherwise."""
    labels = np.arange(60, dtype=np.int32) % 3
    first, again, other = (stratified_folds(labels, 5, seed).of for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_too_few_documents_are_refused() -> None:
    """The only document of a class does not count."""
    labels = np.array([0, 0, 0, 1], np.int32)
    assert stratified_folds(labels, 3, 0).count == 3
    with pytest.raises(ValueError, match="3 documents can be held out, fewer than 4 folds"):
        stratified_folds(labels, 4, 0)


@given(labels=LABELS, count=COUNTS)
def test_some_of_the_held_out_documents_stand_for_all(labels: Ids, count: int) -> None:
    """So many are answered, each in its fold; none of the others is trained on there."""
    folds = dealt(labels, count)
    most = len(folds.documents) // 2
    some = stratified_folds(labels, count, 0, most)
    assert len(some.documents) == most
    assert some.of.tolist() == folds.of.tolist()
    for fold in range(count):
        assert set(some.held_out(fold)) == set(folds.held_out(fold)) & set(some.documents)
        assert some.training(fold).tolist() == folds.training(fold).tolist()
    answers = [np.stack([some.held_out(fold)] * 2, axis=1) for fold in range(count)]
    assert some.gather(answers)[:, 1].tolist() == some.documents.tolist()
