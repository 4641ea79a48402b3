"""kernels/look_up.py: features and scores from tables, against the reference; refusals."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.exhaustive import examples
from tests.support.skipping import skip
from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import LookUpCase
from text_classification.kernels import reference
from text_classification.kernels.arrays import Floats
from text_classification.kernels.library import library
from text_classification.kernels.look_up import LookUp

seeds = st.integers(0, 2**32 - 1)
kinds = st.booleans()


@pytest.fixture(autouse=True)
def _compiled() -> None:
    """The tests below compare nothing where there is no compiled library."""
    if library() is None:
        skip("the kernels are not compiled: make kernels needs a C compiler")


def plain(table: np.ndarray, width: int, scale: float = 1, bias: float = 0) -> LookUp:
    """Return tables of one width, with one scale and bias for all filters and as many classes."""
    filters = table.shape[1] // width
    factors = (np.full(filters, number, np.float32) for number in (scale, bias))
    dense, biases = np.eye(filters, dtype=np.float32), np.zeros(filters, np.float32)
    return LookUp(table, (width,), *factors, dense=dense, bias=biases)


@settings(max_examples=examples(200))
@given(seeds, kinds)
def test_features_equal_those_of_the_twin(seed: int, int8: bool) -> None:  # noqa: FBT001 - drawn
    """To the bit: widths up to 64, rows in the table and in the rest, the largest sums too."""
    case = LookUpCase(seed, int8=int8)
    features = case.look_up().features(*case.documents)
    np.testing.assert_array_equal(features, reference.look_up(*case.arguments))
    assert features.dtype == np.float32


@settings(max_examples=examples(200))
@given(seeds, kinds)
def test_scores_are_the_softmax_of_weighted_features(
    seed: int,
    int8: bool,  # noqa: FBT001 - drawn
) -> None:
    """To rounding, whatever the number of filters and classes."""
    case = LookUpCase(seed, int8=int8)
    scores = case.look_up().scores(*case.documents)
    expected = reference.softmax(reference.look_up(*case.arguments) @ case.dense, case.bias)
    np.testing.assert_allclose(scores, expected, rtol=1e-3, atol=1e-6)
    assert scores.dtype == np.float32


@given(seeds, kinds)
def test_scores_of_a_document_do_not_depend_on_the_others(
    seed: int,
    int8: bool,  # noqa: FBT001 - drawn
) -> None:
    """Alone it has the scores that it has among others, to the bit."""
    case = LookUpCase(seed, int8=int8)
    look_up, offsets = case.look_up(), case.offsets
    together = look_up.scores(*case.documents)
    for number, scores in enumerate(together):
        ids = case.ids[offsets[number] : offsets[number + 1]]
        alone = look_up.scores(case.rest, ids, np.array([0, len(ids)]))
        np.testing.assert_array_equal(alone, [scores])


@pytest.mark.parametrize("width", range(1, 65))
@pytest.mark.parametrize("number", [-127, 127])
def test_no_width_overflows(width: int, number: int) -> None:
    """The sum of as many of the largest numbers as a window holds is the sum."""
    table = np.full((1, width * 3), number, np.int8)
    ids, offsets = np.zeros(width + 1, np.int32), np.array([0, width + 1])
    features = plain(table, width, bias=10_000).features(table[:0], ids, offsets)
    assert features.tolist() == [[10_000 + number * width] * 3]


def test_kernel_that_is_wider_than_c_takes_is_refused() -> None:
    """C keeps the rows of 64 places; with all else as it should be, 65 are too many."""
    ids, offsets = np.zeros(70, np.int32), np.array([0, 70])
    table = np.zeros((1, 65), np.float32)
    good = plain(table[:, :64].copy(), 64, bias=1)
    assert good.features(table[:0, :64], ids, offsets).tolist() == [[1]]
    with pytest.raises(ValueError, match="widths and filters"):
        plain(table, 65)


@pytest.mark.parametrize("kind", [np.int8, np.float32])
def test_features_by_hand(kind: type[np.generic]) -> None:
    """One filter of width 2: sums from the table and the rest, scaled, with bias and ReLU."""
    table, rest = np.array([[1, 2], [3, 4]], kind), np.array([[50, 60]], kind)
    ids, offsets = np.array([0, 1, 2, 0, 0, 2, 1], np.int32), np.array([0, 2, 5, 7])
    features = plain(table, 2, scale=0.5, bias=-3).features(rest, ids, offsets)
    # 1 + 4; the better of 50 + 2 and 1 + 2; 50 + 4
    assert features.tolist() == [[0], [23], [24]]


def test_scores_by_hand() -> None:
    """Features of 2 and 0 with the weights of two classes, and biases: logits of 1 and 3."""
    factors = np.ones(2, np.float32), np.zeros(2, np.float32)
    dense, bias = np.array([[0, 2], [7, 7]], np.float32), np.array([1, -1], np.float32)
    look_up = LookUp(np.array([[2, -5]], np.float32), (1,), *factors, dense=dense, bias=bias)
    documents = np.zeros((0, 2), np.float32), np.zeros(1, np.int32), np.array([0, 1])
    assert look_up.features(*documents).tolist() == [[2, 0]]
    exponents = np.exp([1, 3])
    expected = exponents / exponents.sum()
    np.testing.assert_allclose(look_up.scores(*documents), [expected], rtol=1e-6)


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


@settings(max_examples=examples(300))
@given(nearly_sound(), st.integers(1, 4))
def test_unsound_documents_are_seen_as_the_twin_sees_them(
    documents: tuple[list[int], list[int]], widest: int
) -> None:
    """Ids out of range, offsets that fall or do not end, documents too short, no offsets."""
    ids, offsets = np.array(documents[0], np.int32), np.array(documents[1], np.int64)
    table = np.zeros((5, widest), np.float32)
    look_up = plain(table, widest, bias=1)
    for method in (look_up.features, look_up.scores):
        if reference.documents_fit(ids, offsets, 5, widest):
            assert (method(table[:0], ids, offsets) == 1).all()
        else:
            with pytest.raises(ValueError, match="an id is not in"):
                method(table[:0], ids, offsets)


def test_no_documents_have_no_features() -> None:
    """A batch of nothing is an empty array of the right width, compiled or not."""
    case, none, bounds = LookUpCase(1, int8=True), np.zeros(0, np.int32), np.zeros(1, np.int64)
    with without_compiled_kernels():
        by_reference = case.look_up()
    for look_up in (case.look_up(), by_reference):
        assert look_up.features(case.rest, none, bounds).shape == (0, len(case.scales))
        assert look_up.scores(case.rest, none, bounds).shape == (0, len(case.bias))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("int8", [True, False])
def test_without_a_compiler_the_results_are_the_same(seed: int, *, int8: bool) -> None:
    """The reference stands in, with the same arguments and checks."""
    case = LookUpCase(seed, int8=int8)
    compiled = case.look_up()
    with without_compiled_kernels():
        by_reference = case.look_up()
    np.testing.assert_array_equal(
        by_reference.features(*case.documents), compiled.features(*case.documents)
    )
    np.testing.assert_allclose(
        by_reference.scores(*case.documents), compiled.scores(*case.documents), rtol=1e-3, atol=1e-6
    )
    with without_compiled_kernels():
        for ids, offsets in ((-1 - case.ids, case.offsets), (case.ids, case.offsets[:0])):
            with pytest.raises(ValueError, match="an id is not in"):
                by_reference.features(case.rest, ids, offsets)


def test_copies_have_tables_of_their_own() -> None:
    """A pickled or deep copy gives the same scores after the original is gone."""
    case = LookUpCase(4, int8=True)
    look_up = case.look_up()
    expected = look_up.scores(*case.documents)
    copies = [copy.deepcopy(look_up), pickle.loads(pickle.dumps(look_up))]
    del look_up
    for each in copies:
        np.testing.assert_array_equal(each.scores(*case.documents), expected)


@pytest.mark.parametrize("int8", [True, False])
def test_tables_that_do_not_fit_together_are_refused(*, int8: bool) -> None:
    """Other widths and filters, other shapes and kinds of numbers, gaps between them."""
    case = LookUpCase(3, int8=int8)
    more = np.ones(len(case.scales) + len(case.widths), np.float32)
    gaps: Floats = np.repeat(case.biases, 2)[::2]
    arguments: dict[str, Any] = {
        name: getattr(case, name)
        for name in ("table", "widths", "scales", "biases", "dense", "bias")
    }
    for reason, wrong in (
        ("shapes of one model", {"biases": more}),
        ("shapes of one model", {"dense": case.dense[1:]}),
        ("shapes of one model", {"dense": np.repeat(case.dense, 2, axis=1)}),
        ("shapes of one model", {"bias": case.bias[None]}),
        ("widths and filters", {"scales": more, "biases": more}),
        ("widths and filters", {"widths": (*case.widths[1:], 65)}),
        ("widths and filters", {"widths": (*case.widths[1:], 0)}),
        ("not contiguous", {"table": case.table.astype(np.float64)}),
        ("not contiguous", {"table": np.asfortranarray(case.table)}),
        ("not contiguous", {"scales": case.scales.astype(float)}),
        ("not contiguous", {"biases": gaps}),
        ("not contiguous", {"dense": case.dense.astype(float)}),
        ("not contiguous", {"bias": case.bias.astype(float)}),
    ):
        with pytest.raises(ValueError, match=reason):
            LookUp(**arguments | wrong)


@pytest.mark.parametrize("int8", [True, False])
def test_bounds_are_checked_before_c_uses_them(*, int8: bool) -> None:
    """Ids beyond the rest, documents too short, columns that differ, other kinds of numbers."""
    case = LookUpCase(3, int8=int8)
    rest, ids, offsets = case.documents
    size = len(case.table) + len(rest)
    beyond, negative, last = ids.copy(), ids.copy(), np.full_like(ids, size - 1)
    beyond[0], negative[-1] = size, -1
    short = offsets.copy()
    short[-2] = short[-1] - max(case.widths) + 1
    other = np.float32 if int8 else np.int8
    look_up = case.look_up()
    for reason, documents in (
        ("an id is not in", (rest, beyond, offsets)),
        ("an id is not in", (rest, negative, offsets)),
        ("an id is not in", (rest[:-1], last, offsets)),
        ("shorter than the widest", (rest, ids, short)),
        ("offsets do not fit", (rest, ids, offsets + 1)),
        ("offsets do not fit", (rest, ids, offsets[:-1])),
        ("offsets do not fit", (rest, ids, offsets[:0])),
        ("columns of the table", (rest[:, 1:], ids, offsets)),
        ("not contiguous", (rest.astype(other), ids, offsets)),
        ("not contiguous", (rest, ids.astype(np.int64), offsets)),
        ("not contiguous", (rest, ids, offsets.astype(np.int32))),
        ("not contiguous", (rest, np.repeat(ids, 2)[::2], offsets)),
    ):
        with pytest.raises(ValueError, match=reason):
            look_up.scores(*documents)
