"""corpus/folds.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.corpus.folds import NEVER, stratified_folds
from text_classification.kernels.arrays import Ids


@st.composite
def cases(draw: st.DrawFn) -> tuple[Ids, int]:
    """Draw the labels of some documents, and a number of folds that there are enough for."""
    found = draw(st.lists(st.integers(0, 5), min_size=1, max_size=60))
    # No label is left out, and one has two documents.
    labels = np.unique([*found, found[0]], return_inverse=True)[1].astype(np.int32)
    enough = int((np.bincount(labels)[labels] > 1).sum())
    return labels, draw(st.integers(2, min(7, enough)))


@given(cases())
def test_every_document_is_held_out_once(case: tuple[Ids, int]) -> None:
    """But for the only document of a class; what a fold does not hold out it trains on."""
    labels, count = case
    folds = stratified_folds(labels, count, 0)
    held_out = np.concatenate([folds.held_out(fold) for fold in range(count)])
    alone = np.bincount(labels)[labels] == 1
    assert sorted(held_out) == np.flatnonzero(~alone).tolist() == folds.documents.tolist()
    assert (folds.of[alone] == NEVER).all()
    for fold in range(count):
        parts = *folds.training(fold), *folds.held_out(fold)
        assert sorted(parts) == list(range(len(labels)))


@given(cases())
def test_folds_are_alike(case: tuple[Ids, int]) -> None:
    """In size, and in the documents of each class, within one document."""
    labels, count = case
    folds = stratified_folds(labels, count, 0)
    held_out = [labels[folds.held_out(fold)] for fold in range(count)]
    sizes = [len(part) for part in held_out]
    assert max(sizes) - min(sizes) <= 1
    classes = np.array([np.bincount(part, minlength=6) for part in held_out])
    assert (classes.max(axis=0) - classes.min(axis=0)).max() <= 1


@given(cases())
def test_every_fold_trains_on_every_class(case: tuple[Ids, int]) -> None:
    """However few documents a class has."""
    labels, count = case
    folds = stratified_folds(labels, count, 0)
    for fold in range(count):
        assert set(labels[folds.training(fold)]) == set(labels)


@given(cases())
def test_answers_come_back_in_the_order_of_the_documents(case: tuple[Ids, int]) -> None:
    """Each fold answers its own documents; gathered, they stand as the documents do."""
    labels, count = case
    folds = stratified_folds(labels, count, 0)
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


@given(cases())
def test_some_of_the_held_out_documents_stand_for_all(case: tuple[Ids, int]) -> None:
    """So many are answered, each in its fold; none of the others is trained on there."""
    labels, count = case
    folds = stratified_folds(labels, count, 0)
    most = len(folds.documents) // 2
    some = stratified_folds(labels, count, 0, most)
    assert len(some.documents) == most
    assert some.of.tolist() == folds.of.tolist()
    for fold in range(count):
        assert set(some.held_out(fold)) == set(folds.held_out(fold)) & set(some.documents)
        assert some.training(fold).tolist() == folds.training(fold).tolist()
    answers = [np.stack([some.held_out(fold)] * 2, axis=1) for fold in range(count)]
    assert some.gather(answers)[:, 1].tolist() == some.documents.tolist()
