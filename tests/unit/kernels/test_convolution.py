"""kernels/convolution.py: the compiled kernels against the reference, and what they refuse."""

import multiprocessing
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.skipping import skip
from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import Case, logits
from text_classification.kernels import convolution, reference
from text_classification.kernels.arrays import Floats
from text_classification.kernels.library import library

seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(autouse=True)
def _compiled() -> None:
    """The tests below compare nothing where there is no compiled library."""
    if library() is None:
        skip("the kernels are not compiled: make kernels needs a C compiler")


@given(seeds, st.integers(1, 4))
def test_pooling_equals_its_twin(seed: int, threads: int) -> None:
    """Maxima to the bit, and the first window where several are equal."""
    arguments = Case(seed).forward
    best, where = convolution.pool_forward(*arguments, threads=threads)
    expected, first = reference.pool_forward(*arguments)
    np.testing.assert_array_equal(best, expected)
    np.testing.assert_array_equal(where, first)


def test_pooling_of_no_numbers_names_windows_that_are_there() -> None:
    """Training that has diverged is told at the end of the epoch; until then nothing crashes."""
    case = Case(2)
    # Memory that is given back and asked for again holds these numbers.
    np.full((len(case.offsets) - 1, len(case.widths) * case.filters), 1 << 30, np.int32)
    nothing = np.full_like(case.projected, np.nan)
    best, where = convolution.pool_forward(nothing, *case.forward[1:], threads=1)
    assert not np.isfinite(best).any()
    assert (where == 0).all()


@given(seeds, st.integers(1, 4))
def test_way_back_equals_its_twin(seed: int, threads: int) -> None:
    """Gradients of embedded tokens and kernels, to rounding."""
    case = Case(seed)
    _, where = reference.pool_forward(*case.forward)
    arguments = (
        case.gradient,
        where,
        case.positions,
        case.offsets,
        case.widths,
        case.embedded,
        case.kernels,
    )
    for ours, expected in zip(
        convolution.pool_backward(*arguments, threads=threads),
        reference.pool_backward(*arguments),
        strict=True,
    ):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)


@given(st.lists(st.integers(0, 49), max_size=200))
def test_distinct_ids(values: list[int]) -> None:
    """Each id once, the batch put together again from them, the table as it was."""
    ids, table = np.array(values, np.int32), np.full(50, -1, np.int32)
    found, positions = convolution.distinct_ids(ids, table)
    assert sorted(found.tolist()) == sorted(set(values)) == reference.distinct_ids(ids)[0].tolist()
    assert found[positions].tolist() == values
    assert (table == -1).all()


@given(seeds, st.integers(1, 4))
def test_adam_equals_its_twin(seed: int, threads: int) -> None:
    """Only the named rows change, and as the twin changes them."""
    generator = np.random.default_rng(seed)
    rows, size = (int(number) for number in generator.integers(1, 50, 2))
    ids = generator.permutation(rows)[: generator.integers(0, rows + 1)].astype(np.int32)
    weights, mean, square = np.abs(generator.normal(size=(3, rows, size))).astype(np.float32)
    theirs = weights.copy(), mean.copy(), square.copy()
    gradient = generator.normal(size=(len(ids), size)).astype(np.float32)
    constants = 0.01, 0.1, 0.001, 1e-7
    convolution.adam_rows(weights, mean, square, gradient, ids, *constants, threads=threads)
    reference.adam_rows(theirs[0], theirs[1], theirs[2], gradient, ids, *constants)
    for one, other in zip((weights, mean, square), theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@given(seeds)
def test_softmax_equals_its_twin(seed: int) -> None:
    """In place, however large the logits are; no document at all, and one class."""
    values, bias = logits(seed)
    expected = reference.softmax(values.copy(), bias)
    scores = convolution.softmax(values, bias)
    assert scores is values
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_softmax_of_no_number_is_no_number() -> None:
    """Training that has diverged must be seen: a document with NaN has no scores, others do."""
    values = np.array([[1, np.nan], [2, 2], [np.nan, np.nan]], np.float32)
    scores = convolution.softmax(values, np.zeros(2, np.float32))
    assert np.isnan(scores).tolist() == [[True] * 2, [False] * 2, [True] * 2]


def test_bounds_of_softmax_are_checked_before_c_sees_them() -> None:
    """A bias for each class; float32 without gaps."""
    values, bias = np.zeros((3, 4), np.float32), np.zeros(4, np.float32)
    for reason, arguments in (
        ("bias", (values, bias[:3])),
        ("bias", (values, bias[:1])),
        ("bias", (values, bias[None])),
        ("not contiguous", (values.astype(np.float64), bias)),
        ("not contiguous", (values, bias.astype(np.float64))),
        ("not contiguous", (np.asfortranarray(values), bias)),
    ):
        with pytest.raises(ValueError, match=reason):
            convolution.softmax(*arguments)


def test_no_documents_have_no_features() -> None:
    """A batch of nothing is an empty array of the right width, compiled or not."""
    case, none, bounds = Case(1), np.zeros(0, np.int32), np.zeros(1, np.int64)
    arguments = case.projected, none, bounds, case.widths, case.filters
    for pooled in (
        convolution.pool_forward(*arguments, threads=2)[0],
        reference.pool_forward(*arguments)[0],
    ):
        assert pooled.shape == (0, len(case.widths) * case.filters)


def test_kernel_that_is_wider_than_c_takes_is_refused() -> None:
    """C keeps the rows of 64 places; with all else as it should be, 65 are too many."""
    for width in (64, 65):
        table, ids, offsets = np.zeros((1, width), np.float32), np.zeros(70, np.int32), [0, 70]
        arguments = table, ids, np.array(offsets), (width,), 1
        if width == 64:
            assert convolution.pool_forward(*arguments, threads=1)[1] == 0
        else:
            with pytest.raises(ValueError, match="widths and filters"):
                convolution.pool_forward(*arguments, threads=1)


@pytest.mark.parametrize("seed", range(5))
def test_without_a_compiler_every_function_gives_the_same(seed: int) -> None:
    """The reference stands in, with the same arguments and checks."""
    compiled = _everything(seed)
    with without_compiled_kernels():
        by_reference = _everything(seed)
    assert len(compiled) == len(by_reference)
    for one, other in zip(compiled, by_reference, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def _everything(seed: int) -> list[np.ndarray]:
    """Return what each function makes of the same arguments."""
    case = Case(seed)
    best, where = convolution.pool_forward(*case.forward, threads=2)
    back = (case.gradient, where, case.positions, case.offsets, case.widths)
    gradients = convolution.pool_backward(*back, case.embedded, case.kernels, threads=2)
    found, numbers = convolution.distinct_ids(case.positions, np.full(case.distinct, -1, np.int32))
    moments = np.ones((2, *case.embedded.shape), np.float32)
    weights, rows = case.embedded.copy(), np.sort(found)
    convolution.adam_rows(
        weights, moments[0], moments[1], case.embedded[rows], rows, 0.1, 0.1, 0.1, 1e-7, threads=2
    )
    scores = convolution.softmax(*logits(seed))
    return [best, where, *gradients, found[numbers], rows, weights, moments, scores]


def test_bounds_are_checked_before_c_sees_them() -> None:
    """Ids out of range, documents too short, wrong types and wrong shapes are refused."""
    case = Case(1)
    good = case.forward
    beyond = case.positions.copy()
    beyond[-1] = case.distinct
    short = case.offsets.copy()
    short[-2] = short[-1]
    for arguments in (
        (good[0], beyond, *good[2:]),
        (good[0], -beyond - 1, *good[2:]),
        (*good[:2], short, *good[3:]),
        (good[0].astype(np.float64), *good[1:]),
        (np.asfortranarray(good[0]), *good[1:]),
        (*good[:4], case.filters + 1),
        (*good[:3], (70,), case.filters),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            convolution.pool_forward(*arguments, threads=1)
    with pytest.raises(ValueError, match="not in"):
        convolution.distinct_ids(np.array([5], np.int32), np.full(5, -1, np.int32))


def test_bounds_of_the_way_back_are_checked_before_c_sees_them() -> None:
    """Gradients, places and weights of another shape or kind than the forward pass had."""
    case = Case(1)
    _, where = convolution.pool_forward(*case.forward, threads=1)
    gradient, positions, offsets, kernels = (
        case.gradient,
        case.positions,
        case.offsets,
        case.kernels,
    )
    documents = positions, offsets, case.widths
    for arguments in (
        (gradient[:-1], where[:-1], *documents, case.embedded, kernels),
        (gradient, where[:, :-1], *documents, case.embedded, kernels),
        (gradient, where, *documents, case.embedded, np.repeat(kernels, 2, axis=1)),
        (gradient, where, *documents, case.embedded, kernels[:-1]),
        (gradient, where, *documents, case.embedded[: positions.max()], kernels),
        (gradient, where, positions, offsets + 1, case.widths, case.embedded, kernels),
        (gradient.astype(np.float64), where, *documents, case.embedded, kernels),
        (gradient, where.astype(np.int64), *documents, case.embedded, kernels),
        (gradient, where - 1 - where.max(), *documents, case.embedded, kernels),
        (gradient, where + len(positions), *documents, case.embedded, kernels),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            convolution.pool_backward(*arguments, threads=1)


def test_bounds_of_adam_are_checked_before_c_sees_them() -> None:
    """Rows that are not there, moments and gradients of another shape."""
    rows, ids = np.ones((4, 3), np.float32), np.array([0, 3], np.int32)
    doubled: np.ndarray = rows.astype(np.float64)
    for mean, square, gradient, named in (
        (rows, rows, rows[:2], ids + 1),
        (rows, rows, rows[:2], ids - 1),
        (rows[:3], rows, rows[:2], ids),
        (rows, rows[:, :2], rows[:2], ids),
        (rows, rows, rows[:1], ids),
        (rows, rows, rows[:2, :2], ids),
        (rows, doubled, rows[:2], ids),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            convolution.adam_rows(
                rows, mean, square, gradient, named, 0.1, 0.1, 0.1, 1e-7, threads=1
            )


def _pool_in_child(expected: Floats) -> None:
    case = Case(3)
    best, _ = convolution.pool_forward(*case.forward, threads=4)
    os._exit(0 if np.array_equal(best, expected) else 1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_forked_child_computes_after_its_parent_did() -> None:
    """Threads of the parent do not live in the child; the child starts its own."""
    best, _ = convolution.pool_forward(*Case(3).forward, threads=4)
    child = multiprocessing.get_context("fork").Process(target=_pool_in_child, args=(best,))
    child.start()
    child.join(30)
    assert child.exitcode == 0
