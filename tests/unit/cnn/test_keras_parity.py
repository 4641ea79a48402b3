"""cnn/keras_model.py and cnn/keras_engine.py, held against the inference in NumPy."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.unit.helpers import VOCABULARY, WORDS, corpus_of, random_weights
from text_classification.artifact import Artifact
from text_classification.cnn import keras_model
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.keras_engine import KerasEngine, save_keras
from text_classification.cnn.learning_rate import LearningRate
from text_classification.corpus.encoded import Batch
from text_classification.inference.classifier import Classifier
from text_classification.kernels.arrays import Floats, Ids

# Empty, unknown, shorter than a kernel, as long as the sequence, longer.
TEXTS = [
    "",
    "unheard",
    "bill",
    "good bad",
    "the policy is not paid",
    " ".join(WORDS[:9]),
    " ".join(WORDS * 2),
]


def shape(
    widths: tuple[int, ...], length: int, *, classes: int = 3, size: int = 6, filters: int = 5
) -> KimConfiguration:
    """Return a small configuration."""
    return KimConfiguration(len(VOCABULARY), length, classes, size, widths, filters, 0.5)


def batch(configuration: KimConfiguration) -> Batch:
    """Return the texts as the engine wants them: cut and padded to the full length."""
    ids = {word: number for number, word in enumerate(WORDS, 2)}
    corpus = corpus_of([ids.get(word, 1) for word in text.split()] for text in TEXTS)
    length = configuration.sequence_length
    return corpus.batch(np.arange(len(TEXTS)), length, length)


def rows(configuration: KimConfiguration) -> Ids:
    """Return the texts as Keras wants them: int32 [texts, sequence length]."""
    return batch(configuration).ids.reshape(len(TEXTS), configuration.sequence_length)


def scores(configuration: KimConfiguration, weights: Weights) -> Floats:
    """Return the probabilities of the texts, computed as serving does."""
    labels = tuple(str(number) for number in range(configuration.classes))
    classifier = Classifier(Artifact(configuration, "words", labels, VOCABULARY, weights))
    return classifier.classify(TEXTS).probabilities


@pytest.mark.parametrize(
    "configuration",
    [
        shape((3, 4, 5), 9),
        shape((5, 3), 40, classes=14),
        shape((4,), 4, filters=1),
        shape((1,), 1, size=1),
        shape((1, 2, 7), 8, classes=2),
        shape((2, 3), 200, size=16, filters=16),
    ],
    ids=lambda each: f"{each.kernel_widths} of {each.sequence_length}",
)
def test_numpy_gives_the_probabilities_of_keras(configuration: KimConfiguration) -> None:
    """With random weights both agree to 1e-5, on empty, short, cut and padded documents."""
    weights = random_weights(configuration, np.random.default_rng(configuration.sequence_length))
    model = keras_model.build(configuration)
    keras_model.set_weights(model, configuration, weights)
    theirs = model(rows(configuration), training=False)
    np.testing.assert_allclose(scores(configuration, weights), theirs, atol=1e-5)


# Keras asks its variables for arrays without copies, in a way that NumPy 2 deprecates.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword")
def test_file_for_keras_users_is_the_same_model(tmp_path: Path) -> None:
    """What is read from model.keras gives the same probabilities."""
    configuration = shape((2, 3), 9)
    weights = random_weights(configuration, np.random.default_rng(0))
    save_keras(configuration, weights, tmp_path / "model.keras")
    theirs = keras.models.load_model(tmp_path / "model.keras")(rows(configuration))
    np.testing.assert_allclose(scores(configuration, weights), theirs, atol=1e-5)


def test_weights_go_in_and_come_out_as_they_are() -> None:
    """The engine's weights have the names and shapes of the configuration, and are copies."""
    configuration = shape((3, 4), 8)
    engine = KerasEngine(configuration, learning_rate=LearningRate(0.01), seed=1)
    weights = random_weights(configuration, np.random.default_rng(2))
    engine.set_weights(weights)
    found = engine.get_weights()
    assert {name: array.shape for name, array in found.items()} == configuration.shapes()
    engine.train_batch(batch(configuration), np.zeros(len(TEXTS), dtype=np.int32))
    assert all(np.array_equal(found[name], weights[name]) for name in weights)


def test_same_seed_and_batches_give_the_same_weights() -> None:
    """Two engines end bit for bit alike, and a third with another seed does not."""
    configuration = shape((2, 3), 12)
    tokens = batch(configuration)
    labels = np.arange(len(TEXTS), dtype=np.int32) % configuration.classes

    def trained(seed: int) -> list[bytes]:
        engine = KerasEngine(configuration, learning_rate=LearningRate(0.01), seed=seed)
        losses = [engine.train_batch(tokens, labels) for _ in range(5)]
        assert losses[-1] != losses[0]
        return [array.tobytes() for array in engine.get_weights().values()]

    first, second, other = trained(7), trained(7), trained(8)
    assert first == second
    assert first != other


def test_dropout_is_off_in_predictions_and_on_in_training() -> None:
    """Scores are the same twice; the loss of a batch is not that of the scores before the step."""
    configuration = shape((2,), 12, filters=32)
    engine = KerasEngine(configuration, learning_rate=LearningRate(1e-9), seed=3)
    engine.set_weights(random_weights(configuration, np.random.default_rng(0)))
    tokens, labels = batch(configuration), np.zeros(len(TEXTS), dtype=np.int32)
    predicted = engine.probabilities(tokens)
    assert np.array_equal(predicted, engine.probabilities(tokens))
    plain_loss = -np.log(predicted[:, 0]).mean()
    assert abs(engine.train_batch(tokens, labels) - plain_loss) > 1e-3
