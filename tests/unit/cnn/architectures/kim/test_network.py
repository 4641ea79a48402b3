"""cnn/architectures/kim/network.py: from ids to logits, and back to each id's share."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import VOCABULARY, corpus_of, kim_of, random_artifact, random_weights
from tests.unit.inference.models import CONFIGURATIONS, SEEDS, dense_logits
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.cnn.architectures.kim.tables import int8_scales
from text_classification.corpus.encoded import Batch

IDS = st.lists(st.lists(st.integers(1, len(VOCABULARY) - 1), max_size=25), min_size=1, max_size=5)


def padded(network: KimNetwork, documents: list[list[int]]) -> Batch:
    """Return documents as the network reads them."""
    corpus = corpus_of(documents)
    return corpus.batch(np.arange(len(corpus)), network.longest, network.padding)


@given(CONFIGURATIONS, SEEDS, IDS)
def test_logits_are_those_of_the_drawn_network(
    configuration: KimConfiguration, seed: int, documents: list[list[int]]
) -> None:
    """Documents longer and shorter than the sequence and the kernels: the same to 1e-4."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    network = KimNetwork(configuration, weights, None, tables_mb=1)
    batch = padded(network, documents)
    logits = network.logits(batch.ids, batch.offsets)
    expected = [dense_logits(configuration, weights, document) for document in documents]
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-4)
    assert logits.dtype == np.float32
    probabilities = network.probabilities(batch.ids, batch.offsets)
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    # Summed in another order; and the exponential function enlarges what that does to a logit.
    np.testing.assert_allclose(
        probabilities, exponents / exponents.sum(axis=1, keepdims=True), rtol=1e-4, atol=1e-7
    )


@given(CONFIGURATIONS, SEEDS, IDS, st.booleans())
def test_contributions_sum_to_the_logit_of_every_class(
    configuration: KimConfiguration,
    seed: int,
    documents: list[list[int]],
    int8: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever the document, a number for each id and the constant make up the logit."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    scales = int8_scales(configuration, weights) if int8 else None
    network = KimNetwork(configuration, weights, scales, tables_mb=1)
    batch = padded(network, documents)
    logits = network.logits(batch.ids, batch.offsets)
    for number, row in enumerate(logits):
        ids = batch.ids[batch.offsets[number] : batch.offsets[number + 1]]
        for index, logit in enumerate(row.tolist()):
            values, constant = network.contributions(ids, index)
            assert len(values) == len(ids)
            assert values.sum() + constant == pytest.approx(logit, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize(("int8", "row"), [(True, 30_000), (False, 120_000)])
def test_memory_for_tables_is_counted_in_mebibytes(*, int8: bool, row: int) -> None:
    """Rows that do not fit are left out: of 30,000 numbers each, in one byte or in four."""
    configuration = replace(kim_of(random_artifact()), filters=5000)
    weights = random_weights(configuration, np.random.default_rng(0))
    scales = int8_scales(configuration, weights) if int8 else None
    found = [
        KimNetwork(configuration, weights, scales, tables_mb=size).tables.rows
        for size in (1, 2, 64)
    ]
    size = configuration.vocabulary_size
    assert found == [min(size, (1 << 20) // row), min(size, (2 << 20) // row), size]


def test_logits_beyond_the_exponential_function_give_certainty() -> None:
    """Scores of 1 and 0, not NaN."""
    model = random_artifact()
    weights = {name: array * 1000 for name, array in model.weights.items()}
    network = KimNetwork(kim_of(model), weights, None, tables_mb=1)
    batch = padded(network, [[5, 6, 7]])
    (scores,) = network.probabilities(batch.ids, batch.offsets).tolist()
    assert sorted(scores) == pytest.approx([0, 0, 1])
