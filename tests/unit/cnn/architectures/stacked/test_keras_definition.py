"""cnn/architectures/stacked/keras_definition.py, held against the inference in NumPy."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tests.unit.helpers import VOCABULARY, corpus_of, stacked_artifact, stacked_of
from text_classification.cnn import keras_model
from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.cnn.architectures.stacked.network import StackedNetwork
from text_classification.cnn.keras_engine import KerasEngine, save_keras
from text_classification.cnn.learning_rate import LearningRate
from text_classification.corpus.encoded import EncodedCorpus
from text_classification.kernels.arrays import Floats

RATE = LearningRate(0.01, decay_steps=100, decay_rate=0.5)
# Sequence length, kernel size, strides, padding, pool size, pool padding.
CASES = [
    (300, 5, 3, "valid", 2, "same"),
    (21, 5, 3, "same", 2, "valid"),
    (9, 3, 1, "same", 3, "same"),
    (64, 2, 5, "same", 3, "same"),
    (140, 1, 4, "valid", 1, "valid"),
    (40, 4, 1, "valid", 4, "valid"),
    (1, 4, 3, "same", 2, "same"),
    (57, 6, 2, "same", 5, "same"),
]


def configuration_of(case: tuple[int, int, int, str, int, str], seed: int) -> StackedConfiguration:
    """Return a configuration whose other numbers are random."""
    names = ("sequence_length", "kernel_size", "strides", "padding", "pool_size", "pool_padding")
    generator = np.random.default_rng(seed)
    others = ("embedding_size", "filters", "dense_units")
    drawn = {name: int(generator.integers(1, 9)) for name in others}
    given: dict[str, Any] = dict(zip(names, case, strict=True))
    return stacked_of(stacked_artifact(**given, **drawn))


def random_case(seed: int) -> tuple[int, int, int, str, int, str]:
    """Return a random shape that leaves a window."""
    generator = np.random.default_rng(seed)
    size, strides, pool = generator.integers(1, [7, 8, 5]).tolist()
    padding, pool_padding = generator.choice(["valid", "same"], 2).tolist()
    case = (10_000, size, strides, padding, pool, pool_padding)
    shortest = configuration_of(case, 0).shortest
    return (shortest + int(generator.integers(0, 100)), *case[1:])


def documents(length: int, seed: int) -> EncodedCorpus:
    """Return documents of all kinds of lengths, from empty to beyond the sequence."""
    generator = np.random.default_rng(seed)
    lengths = [0, 1, 2, length - 1, length, length + 9, *generator.integers(0, length + 1, 4)]
    return corpus_of(generator.integers(1, len(VOCABULARY), max(0, each)) for each in lengths)


def scores(model: keras.Model, corpus: EncodedCorpus, length: int) -> Floats:
    """Return Keras' scores of documents, padded to the full length."""
    batch = corpus.batch(np.arange(len(corpus)), length, length)
    return np.asarray(model(batch.ids.reshape(len(corpus), length), training=False))


@pytest.mark.parametrize("case", [*CASES, *map(random_case, range(16))], ids=str)
def test_numpy_gives_the_probabilities_of_keras(
    case: tuple[int, int, int, str, int, str],
) -> None:
    """With random weights both agree to 1e-5, with all tokens in the table and with none."""
    configuration = configuration_of(case, seed=case[0])
    weights = stacked_artifact(1, **configuration.as_dict()).weights
    model = keras_model.build(configuration)
    keras_model.set_weights(model, configuration, weights)
    length = configuration.sequence_length
    corpus = documents(length, seed=case[0])
    theirs = scores(model, corpus, length)
    for tables_mb in (0, 1):
        network = StackedNetwork(configuration, weights, tables_mb=tables_mb)
        batch = corpus.batch(np.arange(len(corpus)), network.longest, network.padding)
        ours = network.probabilities(batch.ids, batch.offsets)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


# Keras asks its variables for arrays without copies, in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
def test_file_for_keras_users_is_the_same_model(tmp_path: Path) -> None:
    """What is read from model.keras gives the same probabilities."""
    model = stacked_artifact()
    save_keras(model.configuration, model.weights, tmp_path / "model.keras")
    theirs = keras.models.load_model(tmp_path / "model.keras")
    corpus = documents(20, seed=1)
    network = StackedNetwork(stacked_of(model), model.weights, tables_mb=1)
    batch = corpus.batch(np.arange(len(corpus)), network.longest, network.padding)
    ours = network.probabilities(batch.ids, batch.offsets)
    np.testing.assert_allclose(ours, scores(theirs, corpus, 20), rtol=0, atol=1e-5)


def test_engine_learns_and_repeats_itself() -> None:
    """The loss falls; the same seed gives the same weights, by the names of the configuration."""
    configuration = stacked_of(stacked_artifact(dropout=0.2, filters=8))
    corpus = documents(20, seed=2)
    batch = corpus.batch(np.arange(len(corpus)), 20, 20)
    labels = (np.arange(len(corpus)) % 3).astype(np.int32)

    def trained() -> tuple[list[float], list[bytes]]:
        engine = KerasEngine(
            configuration,
            learning_rate=RATE,
            seed=4,
            class_weights=np.array([0.5, 1, 2], np.float32),
        )
        losses = [engine.train_batch(batch, labels) for _ in range(60)]
        weights = engine.get_weights()
        assert {name: array.shape for name, array in weights.items()} == configuration.shapes()
        return losses, [array.tobytes() for array in weights.values()]

    first, second = trained(), trained()
    assert first == second
    assert first[0][-1] < first[0][0] / 2
