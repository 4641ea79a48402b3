"""cnn/architectures/stacked/network.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import (
    VOCABULARY,
    WORDS,
    corpus_of,
    random_weights,
    stacked_artifact,
    stacked_of,
)
from tests.unit.inference.models import DOCUMENTS, SEEDS, STACKED, artifact_of
from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.cnn.architectures.stacked.network import StackedNetwork
from text_classification.inference.classifier import Classifier
from text_classification.kernels.arrays import Floats

IDS = st.lists(st.lists(st.integers(1, len(VOCABULARY) - 1), max_size=90), min_size=1, max_size=5)


def network_of(configuration: StackedConfiguration, seed: int) -> StackedNetwork:
    """Return a network with random weights, biases that matter included."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    return StackedNetwork(configuration, weights, tables_mb=1)


def logits_of(network: StackedNetwork, documents: list[list[int]]) -> Floats:
    """Return the logits of documents of token ids."""
    corpus = corpus_of(documents)
    batch = corpus.batch(np.arange(len(corpus)), network.longest, network.padding)
    return network.logits(batch.ids, batch.offsets)


@given(STACKED, SEEDS, IDS)
def test_contributions_sum_to_the_logit_of_every_class(
    configuration: StackedConfiguration, seed: int, documents: list[list[int]]
) -> None:
    """Whatever the document, a number for each id and the constant make up the logit."""
    network = network_of(configuration, seed)
    for document, row in zip(documents, logits_of(network, documents), strict=True):
        ids = np.array(document[: network.longest], np.int32)
        for index, logit in enumerate(row.tolist()):
            values, constant = network.contributions(ids, index)
            assert len(values) == len(ids)
            assert values.sum() + constant == pytest.approx(logit, rel=1e-4, abs=1e-3)


@given(STACKED, DOCUMENTS, SEEDS)
def test_explanation_sums_to_the_logit(
    configuration: StackedConfiguration, tokens: list[str], seed: int
) -> None:
    """From text to attribution: the tokens that are read, the padding's share in the constant."""
    classifier = Classifier(artifact_of(configuration, seed))
    text = " ".join(tokens)
    encoded = classifier._encode([text.encode()])
    (logits,) = classifier._network.logits(encoded.ids, encoded.offsets).tolist()
    for label, logit in zip(classifier.labels, logits, strict=True):
        found = classifier.explain(text, label)
        assert found.tokens == tuple(tokens[: configuration.sequence_length])
        assert len(found.values) == len(found.tokens)
        assert found.values.sum() + found.constant == pytest.approx(logit, rel=1e-4, abs=1e-3)


def test_token_that_wins_nothing_adds_nothing() -> None:
    """Words between the windows of a wide stride have no part in the answer."""
    model = stacked_artifact(kernel_size=1, strides=3, pool_size=1, sequence_length=30)
    values = Classifier(model).explain(" ".join(WORDS[:30]), "b").values
    assert not values[[place for place in range(30) if place % 9]].any()
    assert values.any()


@given(STACKED, st.integers(0, 3000), SEEDS, IDS)
def test_padding_left_out_changes_nothing(
    configuration: StackedConfiguration, longer: int, seed: int, documents: list[list[int]]
) -> None:
    """A sequence much longer than its documents is computed at a length not much beyond them."""
    values = configuration.as_dict()
    longest = configuration.sequence_length + longer
    network = network_of(
        StackedConfiguration.from_dict({**values, "sequence_length": longest}), seed
    )
    corpus = corpus_of(documents)
    ragged, whole = (corpus.batch(np.arange(len(corpus)), longest, size) for size in (0, longest))
    np.testing.assert_allclose(
        network.logits(ragged.ids, ragged.offsets),
        network.logits(whole.ids, whole.offsets),
        rtol=1e-4,
        atol=1e-4,
    )


def test_length_follows_the_document_and_not_the_sequence() -> None:
    """A model for a million tokens answers short documents without a million of padding."""
    network = network_of(stacked_of(stacked_artifact(sequence_length=1_000_000)), 0)
    assert network._enough(0) < 100
    assert network._enough(10) < 110
    assert network._enough(999_999) == 1_000_000


def test_documents_are_computed_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many a chunk holds, the answers are the same; no documents have none."""
    network = network_of(stacked_of(stacked_artifact()), 3)
    generator = np.random.default_rng(0)
    documents = [generator.integers(1, 30, size).tolist() for size in generator.integers(0, 25, 40)]
    whole = logits_of(network, documents)
    for numbers in (1, 150, 400):
        monkeypatch.setattr(f"{StackedNetwork.__module__}.CHUNK_NUMBERS", numbers)
        np.testing.assert_allclose(logits_of(network, documents), whole, rtol=1e-5, atol=1e-5)
    none = network.probabilities(np.zeros(0, np.int32), np.zeros(1, np.int64))
    assert none.shape == (0, 3)


def test_table_takes_no_more_memory_than_it_may() -> None:
    """Where the whole table does not fit, tokens are projected as they come: the same answers."""
    configuration = stacked_of(stacked_artifact(filters=4000, dense_units=2))
    weights = random_weights(configuration, np.random.default_rng(0))
    small, large = (StackedNetwork(configuration, weights, tables_mb=size) for size in (1, 2))
    assert small._table is None
    assert large._table is not None
    assert large._table.nbytes <= 2 << 20
    documents = [[5, 6, 7, 8, 9, 9, 10, 3], [4]]
    np.testing.assert_allclose(
        logits_of(small, documents), logits_of(large, documents), rtol=1e-4, atol=1e-2
    )
