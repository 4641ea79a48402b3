"""cnn/architectures/pooled/keras_definition.py, held against the inference in NumPy."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.unit.helpers import (
    VOCABULARY,
    corpus_of,
    kim_of,
    pooled_artifact,
    pooled_of,
    random_artifact,
    random_weights,
)
from text_classification.cnn import keras_model
from text_classification.cnn.architectures.pooled.configuration import POOLINGS, PooledConfiguration
from text_classification.cnn.architectures.pooled.network import PooledNetwork
from text_classification.cnn.keras_engine import KerasEngine, save_keras
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.engine_options import EngineOptions
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.kernels.arrays import Floats, Ids

CASES = {"Kim's widths": ([3, 4, 5], 9), "one of one": ([1], 1), "as long": ([2, 7], 7)}


def configuration_of(case: str, pooling: str) -> PooledConfiguration:
    """Return the shape of a case."""
    widths, length = CASES[case]
    return pooled_of(pooled_artifact(kernel_widths=widths, sequence_length=length, pooling=pooling))


def documents(length: int) -> EncodedCorpus:
    """Return documents of all kinds of lengths, from empty to beyond the sequence."""
    generator = np.random.default_rng(length)
    lengths = [0, 1, 2, length, length + 9, *generator.integers(0, length + 1, 5)]
    return corpus_of(generator.integers(1, len(VOCABULARY), size) for size in lengths)


def rows(corpus: EncodedCorpus, length: int) -> Ids:
    """Return documents as Keras wants them: int32 [documents, length]."""
    return corpus.batch(np.arange(len(corpus)), length, length).ids.reshape(-1, length)


def scores(
    configuration: PooledConfiguration, weights: dict[str, Floats], corpus: EncodedCorpus
) -> Floats:
    """Return the probabilities of documents, computed as serving does."""
    network = PooledNetwork(configuration, weights, tables_mb=1)
    batch = corpus.batch(np.arange(len(corpus)), network.longest, network.padding)
    return network.probabilities(batch.ids, batch.offsets)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("case", CASES)
# Keras asks its variables for arrays without copies, in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
def test_numpy_gives_the_probabilities_of_keras(tmp_path: Path, case: str, pooling: str) -> None:
    """With random weights both agree to 1e-5; so does what Keras reads from its file."""
    configuration = configuration_of(case, pooling)
    weights = random_weights(configuration, np.random.default_rng(1))
    corpus = documents(configuration.sequence_length)
    save_keras(configuration, weights, tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras")
    theirs = model(rows(corpus, configuration.sequence_length), training=False)
    np.testing.assert_allclose(scores(configuration, weights, corpus), theirs, atol=1e-5)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("normalised", [False, True])
def test_training_moves_every_weight(pooling: str, *, normalised: bool) -> None:
    """Steps of the engine reach embedding, kernels and attention, and serving follows them."""
    configuration = configuration_of("Kim's widths", pooling)
    options = EngineOptions(batch_normalization=normalised)
    engine = KerasEngine(configuration, learning_rate=LearningRate(0.01), seed=1, options=options)
    start = engine.get_weights()
    corpus = documents(configuration.sequence_length)
    batch = corpus.batch(np.arange(len(corpus)), 9, engine.padding)
    labels = (np.arange(len(corpus)) % 3).astype(np.int32)
    losses = [engine.train_batch(batch, labels) for _ in range(30)]
    assert losses[-1] < losses[0] - 0.1
    weights = engine.get_weights()
    still = {name for name, array in weights.items() if np.array_equal(array, start[name])}
    biases = {name for name in weights if name.startswith("convolution") and name.endswith("bias")}
    assert still == (biases if normalised else set())
    np.testing.assert_allclose(
        scores(configuration, weights, corpus), engine.probabilities(batch), atol=1e-5
    )


def test_definition_of_kim_has_no_layer_more() -> None:
    """What is not asked for leaves no trace in the file for Keras users."""
    names = [layer.name for layer in keras_model.build(kim_of(random_artifact())).layers]
    assert not [name for name in names if "attention" in name or "normal" in name]
