"""cnn/architectures/pooled/network.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import VOCABULARY, corpus_of, pooled_artifact, pooled_of, random_weights
from tests.unit.inference.models import DOCUMENTS, POOLED, SEEDS, artifact_of
from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.architectures.pooled.network import PooledNetwork
from text_classification.inference.classifier import Classifier
from text_classification.kernels.arrays import Floats

IDS = st.lists(st.lists(st.integers(1, len(VOCABULARY) - 1), max_size=25), min_size=1, max_size=5)


def network_of(configuration: PooledConfiguration, seed: int) -> PooledNetwork:
    """Return a network with random weights."""
    weights = random_weights(configuration, np.random.default_rng(seed))
    return PooledNetwork(configuration, weights, tables_mb=1)


def logits_of(network: PooledNetwork, documents: list[list[int]]) -> Floats:
    """Return the logits of documents of token ids."""
    corpus = corpus_of(documents)
    batch = corpus.batch(np.arange(len(corpus)), network.longest, network.padding)
    return network.logits(batch.ids, batch.offsets)


@given(POOLED, SEEDS, DOCUMENTS)
def test_explanation_sums_to_the_logit(
    configuration: PooledConfiguration, seed: int, tokens: list[str]
) -> None:
    """With the weights of the windows as they are, whatever the document."""
    classifier = Classifier(artifact_of(configuration, seed))
    text = " ".join(tokens)
    encoded = classifier._encode([text.encode()])
    (logits,) = classifier._network.logits(encoded.ids, encoded.offsets).tolist()
    for label, logit in zip(classifier.labels, logits, strict=True):
        found = classifier.explain(text, label)
        assert found.tokens == tuple(tokens[: configuration.sequence_length])
        assert found.values.sum() + found.constant == pytest.approx(logit, rel=1e-4, abs=1e-3)


@given(POOLED, SEEDS, IDS)
def test_documents_do_not_mind_each_other(
    configuration: PooledConfiguration, seed: int, documents: list[list[int]]
) -> None:
    """One by one, together, or some at a time: the same answers; no documents have none."""
    network = network_of(configuration, seed)
    whole = logits_of(network, documents)
    alone = np.concatenate([logits_of(network, [document]) for document in documents])
    np.testing.assert_allclose(alone, whole, rtol=1e-4, atol=1e-4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{PooledNetwork.__module__}.CHUNK_NUMBERS", 20 * configuration.filters)
        np.testing.assert_allclose(logits_of(network, documents), whole, rtol=1e-4, atol=1e-4)
    none = network.probabilities(np.zeros(0, np.int32), np.zeros(1, np.int64))
    assert none.shape == (0, configuration.classes)


@given(POOLED, SEEDS, IDS)
def test_more_padding_than_asked_for_changes_nothing(
    configuration: PooledConfiguration, seed: int, documents: list[list[int]]
) -> None:
    """Windows of padding alone do not count, however many there are."""
    network = network_of(configuration, seed)
    corpus = corpus_of(documents)
    whole = corpus.batch(np.arange(len(corpus)), network.longest, network.longest)
    np.testing.assert_allclose(
        network.logits(whole.ids, whole.offsets), logits_of(network, documents), atol=1e-4
    )


def test_average_weighs_all_windows_alike_and_attention_does_not() -> None:
    """A word said twice among four counts half in the mean; attention prefers one."""
    documents = [[5, 6, 5, 7]]
    for pooling in ("average", "attention"):
        network = network_of(pooled_of(pooled_artifact(pooling=pooling)), 0)
        ids = np.array([*documents[0], *[0] * network.padding], np.int32)
        found = network._windows(ids, np.array([0, len(ids)]), *network._look_up(ids))
        for windows in found:
            assert windows.starts.tolist() == [0, 1, 2, 3]
            assert windows.weights.sum() == pytest.approx(1)
            assert (np.ptp(windows.weights) < 1e-6) == (pooling == "average")


def test_tables_take_no_more_memory_than_they_may() -> None:
    """Where they do not fit, tokens are projected as they come: the same answers."""
    configuration = pooled_of(pooled_artifact(filters=2000))
    weights = random_weights(configuration, np.random.default_rng(0))
    small, large = (PooledNetwork(configuration, weights, tables_mb=size) for size in (1, 2))
    assert small._tables is None
    assert large._tables is not None
    assert sum(table.nbytes for table in large._tables) <= 2 << 20
    documents = [[5, 6, 7, 8, 9, 9, 10, 3], [4], []]
    np.testing.assert_allclose(
        logits_of(small, documents), logits_of(large, documents), rtol=1e-4, atol=1e-2
    )
