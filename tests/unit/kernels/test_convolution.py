"""kernels/convolution.py: the compiled kernels against their twins, and what they refuse."""

import multiprocessing
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.skipping import skip
from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import Case, LookUpCase, logits
from text_classification.kernels import convolution, twins
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
    expected, first = twins.pool_forward(*arguments)
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
    _, where = twins.pool_forward(*case.forward)
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
        twins.pool_backward(*arguments),
        strict=True,
    ):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-4)


@given(st.lists(st.integers(0, 49), max_size=200))
def test_distinct_ids(values: list[int]) -> None:
    """Each id once, the batch put together again from them, the table as it was."""
    ids, table = np.array(values, np.int32), np.full(50, -1, np.int32)
    found, positions = convolution.distinct_ids(ids, table)
    assert sorted(found.tolist()) == sorted(set(values)) == twins.distinct_ids(ids)[0].tolist()
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
    twins.adam_rows(theirs[0], theirs[1], theirs[2], gradient, ids, *constants)
    for one, other in zip((weights, mean, square), theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@settings(max_examples=200)
@given(seeds, st.booleans())
def test_look_up_equals_its_twin(seed: int, int8: bool) -> None:  # noqa: FBT001 - drawn
    """To the bit: widths up to 64, rows in the table and in the rest, the largest sums too."""
    case = LookUpCase(seed, int8=int8)
    features = convolution.look_up(*case.arguments)
    np.testing.assert_array_equal(features, twins.look_up(*case.arguments))
    assert features.dtype == np.float32


@pytest.mark.parametrize("width", range(1, 65))
@pytest.mark.parametrize("number", [-127, 127])
def test_no_width_overflows(width: int, number: int) -> None:
    """The sum of as many of the largest numbers as a window holds is the sum."""
    table = np.full((1, width * 3), number, np.int8)
    ids, offsets = np.zeros(width + 1, np.int32), np.array([0, width + 1])
    factors = np.ones(3, np.float32), np.full(3, 10_000, np.float32)
    features = convolution.look_up(table, table[:0], ids, offsets, (width,), *factors)
    assert features.tolist() == [[10_000 + number * width] * 3]


def test_kernel_that_is_wider_than_c_takes_is_refused() -> None:
    """C keeps the rows of 64 places; with all else as it should be, 65 are too many."""
    for width in (64, 65):
        table, factors = np.zeros((1, width), np.float32), np.ones(1, np.float32)
        ids, offsets = np.zeros(70, np.int32), np.array([0, 70])
        tables = table, table[:0], ids, offsets, (width,), factors, factors
        if width == 64:
            assert convolution.look_up(*tables).tolist() == [[1]]
            assert convolution.pool_forward(table, ids, offsets, (width,), 1, threads=1)[1] == 0
        else:
            with pytest.raises(ValueError, match="widths and filters"):
                convolution.look_up(*tables)
            with pytest.raises(ValueError, match="widths and filters"):
                convolution.pool_forward(table, ids, offsets, (width,), 1, threads=1)


@pytest.mark.parametrize("kind", [np.int8, np.float32])
def test_features_by_hand(kind: type[np.generic]) -> None:
    """One filter of width 2: sums from the table and the rest, scaled, with bias and ReLU."""
    table, rest = np.array([[1, 2], [3, 4]], kind), np.array([[50, 60]], kind)
    ids, offsets = np.array([0, 1, 2, 0, 0, 2, 1], np.int32), np.array([0, 2, 5, 7])
    factors = np.array([0.5], np.float32), np.array([-3], np.float32)
    features = convolution.look_up(table, rest, ids, offsets, (2,), *factors)
    # 1 + 4; the better of 50 + 2 and 1 + 2; 50 + 4
    assert features.tolist() == [[0], [23], [24]]


@st.composite
def nearly_sound(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Draw ids and offsets as they should be, or with a fault or two."""
    lengths = draw(st.lists(st.integers(0, 4), max_size=4))
    bounds = [sum(lengths[:number]) for number in range(len(lengths) + 1)]
    ids = draw(st.lists(st.integers(0, 4), min_size=bounds[-1], max_size=bounds[-1]))
    for values in (ids, bounds):
        faulty = draw(st.booleans())
        if values and faulty:
            values[draw(st.integers(0, len(values) - 1))] += draw(st.sampled_from([-5, -1, 1, 5]))
    return ids, draw(st.sampled_from([bounds, bounds, bounds, bounds[:-1], bounds[1:], []]))


@settings(max_examples=300)
@given(nearly_sound(), st.integers(1, 4))
def test_unsound_documents_are_seen_as_the_twin_sees_them(
    documents: tuple[list[int], list[int]], widest: int
) -> None:
    """Ids out of range, offsets that fall or do not end, documents too short, no offsets."""
    ids, offsets = np.array(documents[0], np.int32), np.array(documents[1], np.int64)
    table, factors = np.zeros((5, widest), np.float32), np.ones(1, np.float32)
    arguments = table, table[:0], ids, offsets, (widest,), factors, factors
    if twins.documents_fit(ids, offsets, 5, widest):
        assert (convolution.look_up(*arguments) == 1).all()
    else:
        with pytest.raises(ValueError, match="an id is not in"):
            convolution.look_up(*arguments)


@given(seeds)
def test_softmax_equals_its_twin(seed: int) -> None:
    """In place, however large the logits are; no document at all, and one class."""
    values, bias = logits(seed)
    expected = twins.softmax(values.copy(), bias)
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
    projected, widths, filters = case.projected, case.widths, case.filters
    factors = np.ones(len(widths) * filters, np.float32)
    tables = projected, projected[:0], none, bounds, widths, factors, factors
    for pooled in (
        convolution.pool_forward(projected, none, bounds, widths, filters, threads=2)[0],
        convolution.look_up(*tables),
        twins.pool_forward(projected, none, bounds, widths, filters)[0],
        twins.look_up(*tables),
    ):
        assert pooled.shape == (0, len(widths) * filters)


@pytest.mark.parametrize("seed", range(5))
def test_without_a_compiler_every_function_gives_the_same(seed: int) -> None:
    """The twins stand in, with the same arguments and checks."""
    compiled = _everything(seed)
    with without_compiled_kernels():
        by_twins = _everything(seed)
        case = LookUpCase(seed, int8=True)
        table, rest, ids, offsets = case.table, case.rest, case.ids, case.offsets
        for arguments in ((-1 - ids, offsets), (ids, offsets[:0])):
            with pytest.raises(ValueError, match="an id is not in"):
                convolution.look_up(table, rest, *arguments, case.widths, case.scales, case.biases)
    assert len(compiled) == len(by_twins)
    for one, other in zip(compiled, by_twins, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def _everything(seed: int) -> list[np.ndarray]:
    """Return what each function makes of the same arguments."""
    case, small, large = Case(seed), LookUpCase(seed, int8=True), LookUpCase(seed, int8=False)
    best, where = convolution.pool_forward(*case.forward, threads=2)
    back = (case.gradient, where, case.positions, case.offsets, case.widths)
    gradients = convolution.pool_backward(*back, case.embedded, case.kernels, threads=2)
    found, numbers = convolution.distinct_ids(case.positions, np.full(case.distinct, -1, np.int32))
    moments = np.ones((2, *case.embedded.shape), np.float32)
    weights, rows = case.embedded.copy(), np.sort(found)
    convolution.adam_rows(
        weights, moments[0], moments[1], case.embedded[rows], rows, 0.1, 0.1, 0.1, 1e-7, threads=2
    )
    looked_up = [convolution.look_up(*each.arguments) for each in (small, large)]
    scores = convolution.softmax(*logits(seed))
    return [best, where, *gradients, found[numbers], rows, weights, moments, *looked_up, scores]


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


@pytest.mark.parametrize("int8", [True, False])
def test_bounds_of_look_ups_are_checked_before_c_sees_them(*, int8: bool) -> None:
    """The same for tables: ids beyond the rest, columns that differ, other kinds of numbers."""
    case = LookUpCase(3, int8=int8)
    table, rest, ids, offsets, widths, *_ = case.arguments
    beyond, negative, last = ids.copy(), ids.copy(), np.full_like(ids, len(table) + len(rest) - 1)
    beyond[0], negative[-1] = len(table) + len(rest), -1
    short = offsets.copy()
    short[-2] = short[-1] - max(widths) + 1
    other = np.float32 if int8 else np.int8
    shape = widths, case.scales, case.biases
    more = np.ones(len(case.scales) + len(widths), np.float32)
    for reason, arguments in (
        ("an id is not in", (table, rest, beyond, offsets, *shape)),
        ("an id is not in", (table, rest, negative, offsets, *shape)),
        ("an id is not in", (table, rest[:-1], last, offsets, *shape)),
        ("shorter than the widest", (table, rest, ids, short, *shape)),
        ("offsets do not fit", (table, rest, ids, offsets + 1, *shape)),
        ("offsets do not fit", (table, rest, ids, offsets[:-1], *shape)),
        ("offsets do not fit", (table, rest, ids, offsets[:0], *shape)),
        ("shapes of one model", (table, rest[:, 1:], ids, offsets, *shape)),
        ("shapes of one model", (table, rest, ids, offsets, widths, case.scales, more)),
        ("widths and filters", (table, rest, ids, offsets, widths, more, more)),
        ("widths and filters", (table, rest, ids, offsets, (*widths[1:], 65), *shape[1:])),
        ("widths and filters", (table, rest, ids, offsets, (*widths[1:], 0), *shape[1:])),
        ("not contiguous", (table.astype(other), rest, ids, offsets, *shape)),
        ("not contiguous", (table.astype(np.float64), rest, ids, offsets, *shape)),
        ("not contiguous", (table, rest.astype(other), ids, offsets, *shape)),
        ("not contiguous", (np.asfortranarray(table), rest, ids, offsets, *shape)),
        ("not contiguous", (table, rest, ids.astype(np.int64), offsets, *shape)),
        ("not contiguous", (table, rest, ids, offsets.astype(np.int32), *shape)),
        ("not contiguous", (table, rest, np.repeat(ids, 2)[::2], offsets, *shape)),
        (
            "not contiguous",
            (table, rest, ids, offsets, widths, case.scales.astype(float), *shape[2:]),
        ),
        ("not contiguous", (table, rest, ids, offsets, *shape[:2], np.repeat(case.biases, 2)[::2])),
    ):
        with pytest.raises(ValueError, match=reason):
            convolution.look_up(*arguments)


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
