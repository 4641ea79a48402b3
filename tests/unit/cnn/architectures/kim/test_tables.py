"""cnn/architectures/kim/tables.py: rows, scales, budgets, and what each token adds."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import VOCABULARY, kim_of, random_artifact, random_weights
from tests.unit.inference.models import CONFIGURATIONS, SEEDS, exact_weights
from text_classification.cnn.architectures.kim import tables
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.tables import Tables, int8_scales
from text_classification.cnn.base_configuration import Weights
from text_classification.kernels.arrays import Floats, Ids, Indices

ALL = 1 << 40
SIZE = len(VOCABULARY)
MODEL = random_artifact(seed=3)
CONFIGURATION = kim_of(MODEL)


def batch(configuration: KimConfiguration, seed: int) -> tuple[Ids, Indices]:
    """Return random documents, padded and cut as models read them."""
    generator = np.random.default_rng(seed)
    widest, length = max(configuration.kernel_widths), configuration.sequence_length
    documents = []
    for count in generator.integers(0, length + 1, 6):
        padding = min(widest, length - int(count))
        tokens = generator.integers(1, configuration.vocabulary_size, count)
        documents.append(np.concatenate([tokens, np.zeros(padding, np.int64)]))
    offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return np.concatenate(documents).astype(np.int32), offsets


def products(configuration: KimConfiguration, weights: Weights) -> npt.NDArray[np.float64]:
    """Return what each token adds to each window, [token, column], in double precision."""
    embedding = weights["embedding"].astype(float)
    blocks = [
        embedding @ weights[f"convolution_{width}.kernel"][offset].astype(float)
        for width in configuration.kernel_widths
        for offset in range(width)
    ]
    return np.concatenate(blocks, axis=1)


def scale_of_columns(
    configuration: KimConfiguration, scales: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    """Return the scale of each column of a table."""
    by_width = scales.reshape(len(configuration.kernel_widths), configuration.filters)
    blocks = [
        by_width[index]
        for index, width in enumerate(configuration.kernel_widths)
        for _ in range(width)
    ]
    return np.concatenate(blocks)


def naive_features(
    rows: npt.NDArray[np.integer] | Floats,
    scales: Floats | None,
    weights: Weights,
    configuration: KimConfiguration,
    documents: tuple[Ids, Indices],
) -> Floats:
    """Pool rows of a table, one window after the other."""
    ids, offsets = documents
    features = []
    for first, last in pairwise(offsets.tolist()):
        tokens, column, pooled = ids[first:last], 0, []
        for width in configuration.kernel_widths:
            sums = [
                sum(
                    rows[tokens[start + offset]].astype(float)[
                        column + offset * configuration.filters :
                    ][: configuration.filters]
                    for offset in range(width)
                )
                for start in range(len(tokens) - width + 1)
            ]
            best = np.max(sums, axis=0).astype(np.float32)
            column += width * configuration.filters
            pooled.append(best)
        features.append(np.concatenate(pooled))
    found = np.array(features, np.float32)
    if scales is not None:
        found *= scales
    found += np.concatenate([weights[f"convolution_{w}.bias"] for w in configuration.kernel_widths])
    return np.maximum(found, 0)


@given(CONFIGURATIONS, SEEDS)
def test_rows_are_products_of_embedding_and_kernels(
    configuration: KimConfiguration, seed: int
) -> None:
    """A row a token, a column a width, offset and filter."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    table = Tables(configuration, weights, None, budget=ALL)
    np.testing.assert_allclose(table._table, products(configuration, weights), atol=1e-5)
    assert (table.rows, table._table.dtype.name) == (SIZE, "float32")


@given(CONFIGURATIONS, SEEDS)
def test_largest_number_of_each_filter_is_127(configuration: KimConfiguration, seed: int) -> None:
    """So no number is cut off, and none is farther than half a step from what it stands for."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    scales = int8_scales(configuration, weights)
    exact, steps = products(configuration, weights), scale_of_columns(configuration, scales)
    table = Tables(configuration, weights, scales, budget=ALL)._table
    assert (scales.shape, scales.dtype.name) == ((configuration.features,), "float32")
    assert table.dtype == np.int8
    assert (np.abs(table * steps - exact) <= steps * 0.5001).all()
    assert table.min() >= -127
    column = 0
    for width in configuration.kernel_widths:
        block = table[:, column : column + width * configuration.filters].astype(int)
        column += width * configuration.filters
        largest = np.abs(block.reshape(-1, configuration.filters)).max(axis=0)
        assert largest.tolist() == [127] * configuration.filters


@given(CONFIGURATIONS, SEEDS)
def test_numbers_beyond_127_steps_are_cut_off(configuration: KimConfiguration, seed: int) -> None:
    """Scales may be anyone's: a row holds the nearest that an int8 number can say, -127 to 127."""
    weights = exact_weights(configuration, seed)
    scales = np.full(configuration.features, 2**-6, np.float32)
    table = Tables(configuration, weights, scales, budget=ALL)._table
    exact = np.rint(products(configuration, weights) * 2**6)
    assert np.array_equal(table, np.clip(exact, -127, 127))


def test_filter_that_is_zero_everywhere_has_a_scale() -> None:
    """It adds its bias and nothing else, without a warning."""
    weights = {name: array.copy() for name, array in MODEL.weights.items()}
    weights["convolution_2.kernel"][:, :, 1] = 0
    scales = int8_scales(CONFIGURATION, weights)
    assert np.isfinite(scales).all()
    assert (scales > 0).all()
    features = Tables(CONFIGURATION, weights, scales, budget=ALL).features(*batch(CONFIGURATION, 0))
    index = CONFIGURATION.filters + 1  # behind the filters of width 1
    assert (features[:, index] == max(0, weights["convolution_2.bias"][1])).all()


@given(CONFIGURATIONS, SEEDS)
def test_int8_features_are_those_of_the_rows_to_the_bit(
    configuration: KimConfiguration, seed: int
) -> None:
    """Whole numbers are summed exactly; then scale, bias and ReLU."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    scales = int8_scales(configuration, weights)
    table = Tables(configuration, weights, scales, budget=ALL)
    assert table._table.dtype == np.int8
    documents = batch(configuration, seed)
    expected = naive_features(table._table, scales, weights, configuration, documents)
    np.testing.assert_array_equal(table.features(*documents), expected)


@given(CONFIGURATIONS, SEEDS)
def test_int8_features_are_near_those_of_float32(
    configuration: KimConfiguration, seed: int
) -> None:
    """Each token of a window is at most half a step off, so the window half a step a token."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    scales = int8_scales(configuration, weights)
    documents = batch(configuration, seed)
    plain, quantized = (
        Tables(configuration, weights, each, budget=ALL).features(*documents)
        for each in (None, scales)
    )
    widths = np.repeat(configuration.kernel_widths, configuration.filters)
    assert (np.abs(quantized - plain) <= widths * scales * 0.5001 + 1e-5).all()


@given(CONFIGURATIONS, SEEDS, st.integers(1, SIZE + 3), st.booleans())
def test_budget_does_not_change_the_features(
    configuration: KimConfiguration,
    seed: int,
    rows: int,
    int8: bool,  # noqa: FBT001 - drawn
) -> None:
    """To the bit, where no product is rounded: rows computed when they are needed are the same."""
    weights = exact_weights(configuration, seed)
    # Steps of powers of 2 leave the quotients exact, and cut some numbers off at 127.
    scales = np.exp2(-np.arange(configuration.features) % 4 - 3).astype(np.float32)
    used = scales if int8 else None
    columns = sum(configuration.kernel_widths) * configuration.filters
    budget = rows * columns * (1 if int8 else 4)
    whole, small = (
        Tables(configuration, weights, used, budget=each) for each in (ALL, budget + columns - 1)
    )
    assert (whole.rows, small.rows) == (SIZE, min(rows, SIZE))
    documents = batch(configuration, seed)
    np.testing.assert_array_equal(small.features(*documents), whole.features(*documents))


@pytest.mark.parametrize("rows", [1, 2, 17, SIZE - 1])
@pytest.mark.parametrize("seed", range(3))
def test_budget_changes_float32_features_by_rounding_at_most(rows: int, seed: int) -> None:
    """A product of a few rows may be summed in another order than one of many."""
    configuration, weights = CONFIGURATION, random_artifact(seed).weights
    columns = sum(configuration.kernel_widths) * configuration.filters
    documents = batch(configuration, seed)
    whole, small = (
        Tables(configuration, weights, None, budget=budget).features(*documents)
        for budget in (ALL, rows * columns * 4)
    )
    np.testing.assert_allclose(small, whole, rtol=1e-5, atol=1e-6)


def test_smallest_budget_is_one_row() -> None:
    """Whatever the budget, padding has a row: every document may hold it."""
    assert Tables(CONFIGURATION, MODEL.weights, None, budget=0).rows == 1


@pytest.mark.parametrize("chunk", [1, 2, 5, SIZE - 1, SIZE])
@pytest.mark.parametrize("int8", [True, False])
def test_rows_do_not_depend_on_how_many_are_computed_at_a_time(
    monkeypatch: pytest.MonkeyPatch, chunk: int, *, int8: bool
) -> None:
    """In the table, in the rest, and where the scales are found."""
    configuration = replace(CONFIGURATION, sequence_length=40)
    weights, documents = exact_weights(configuration, 5), batch(configuration, 5)

    def found() -> list[bytes]:
        scales = int8_scales(configuration, weights)
        # A power of 2, so that quotients are exact.
        steps = np.exp2(np.ceil(np.log2(scales))) if int8 else None
        results: list[npt.NDArray[np.generic]] = [scales]
        for budget in (ALL, 100):
            table = Tables(configuration, weights, steps, budget=budget)
            results += [table._table, table.features(*documents)]
        return [each.tobytes() for each in results]

    whole = found()
    monkeypatch.setattr(tables, "CHUNK", chunk)
    assert found() == whole


@given(CONFIGURATIONS, SEEDS, st.booleans(), st.sampled_from([ALL, 1, 500]))
def test_contributions_sum_to_the_weighted_features(
    configuration: KimConfiguration,
    seed: int,
    int8: bool,  # noqa: FBT001 - drawn
    budget: int,
) -> None:
    """For each document of a batch, whatever the weights of the features."""
    generator = np.random.default_rng(seed)
    weights = random_weights(configuration, generator)
    scales = int8_scales(configuration, weights) if int8 else None
    table = Tables(configuration, weights, scales, budget=budget)
    shares = generator.normal(size=configuration.features).astype(np.float32)
    ids, offsets = batch(configuration, seed)
    features = table.features(ids, offsets).astype(float)
    for row, (first, last) in enumerate(pairwise(offsets.tolist())):
        values, constant = table.contributions(ids[first:last], shares)
        assert (values.shape, values.dtype.name) == ((last - first,), "float64")
        assert values.sum() + constant == pytest.approx(features[row] @ shares, abs=1e-4)


def test_contributions_are_given_to_the_tokens_of_the_best_windows() -> None:
    """By hand: one filter of width 2 on an embedding of one number, and a token that is not in."""
    configuration = KimConfiguration(4, 5, 1, 1, (2,), 1, 0.5)
    weights = {
        "embedding": np.array([[0], [1], [2], [3]], np.float32),
        "convolution_2.kernel": np.array([[[1]], [[10]]], np.float32),
        "convolution_2.bias": np.array([-4], np.float32),
        "dense.kernel": np.zeros((1, 1), np.float32),
        "dense.bias": np.zeros(1, np.float32),
    }
    table = Tables(configuration, weights, None, budget=ALL)
    # Windows: 3 + 10, 1 + 20, 2 + 10 and 1 + 0; the second is the best.
    values, constant = table.contributions(
        np.array([3, 1, 2, 1, 0], np.int32), np.array([0.5], np.float32)
    )
    assert values.tolist() == [0, 0.5, 10, 0, 0]
    assert constant == -2
    # A filter that ReLU turns off gives nothing to anyone.
    values, constant = table.contributions(
        np.array([2, 0, 0], np.int32), np.array([0.5], np.float32)
    )
    assert (values.tolist(), constant) == ([0, 0, 0], 0)


def test_rare_tokens_have_no_rows_whatever_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large vocabulary does not make a server late; its answers are the same."""
    weights, documents = exact_weights(CONFIGURATION, 3), batch(CONFIGURATION, 3)
    whole = Tables(CONFIGURATION, weights, None, budget=ALL)
    monkeypatch.setattr(tables, "MOST_ROWS", 7)
    table = Tables(CONFIGURATION, weights, None, budget=ALL)
    assert (whole.rows, table.rows) == (SIZE, 7)
    np.testing.assert_array_equal(table.features(*documents), whole.features(*documents))
