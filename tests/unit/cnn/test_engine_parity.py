"""The engine ``fast`` against Keras, the definition, and against itself."""

import numpy as np
import pytest

from text_classification.cnn.configuration import Floats, KimConfiguration
from text_classification.cnn.fast_engine import FastEngine
from text_classification.cnn.initial_weights import initial_weights
from text_classification.cnn.keras_engine import KerasEngine
from text_classification.corpus.encoded import Ids

Batch = tuple[Ids, Ids]

CASES = {
    "Kim's widths": ((3, 4, 5), 12),
    "one width": ((2,), 9),
    "width 1 and a wide one": ((1, 9), 20),
    "as long as the kernel": ((4,), 4),
}


def _configuration(widths: tuple[int, ...], length: int) -> KimConfiguration:
    return KimConfiguration(
        vocabulary_size=24,
        sequence_length=length,
        classes=3,
        embedding_size=10,
        kernel_widths=widths,
        filters=7,
        dropout=0.0,
    )


def _batches(configuration: KimConfiguration, count: int) -> list[Batch]:
    """Return batches of documents of every length, empty ones too.

    Every token occurs in every batch: then Keras' dense rule for the embedding and the lazy one
    are the same.
    """
    generator = np.random.default_rng(7)
    length, size = configuration.sequence_length, configuration.vocabulary_size
    rows = max(12, 2 * size // length + 2)
    batches = []
    for _ in range(count):
        tokens = generator.integers(1, size, (rows, length)).astype(np.int32)
        for row, kept in enumerate(
            generator.integers(0, length + 1, rows - 2 * size // length - 1)
        ):
            tokens[row, kept:] = 0
        tokens[0] = 0
        tokens[-2 * size // length :].flat[: size - 1] = np.arange(1, size)
        batches.append((tokens, generator.integers(0, 3, rows).astype(np.int32)))
    return batches


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("class_weights", [None, np.array([0.2, 1, 3], np.float32)])
def test_fast_learns_what_keras_learns(case: str, class_weights: Floats | None) -> None:
    """From the same weights, the same batches lead to the same weights after 30 steps."""
    configuration = _configuration(*CASES[case])
    engines = [
        kind(configuration, learning_rate=1e-3, seed=3, class_weights=class_weights)
        for kind in (FastEngine, KerasEngine)
    ]
    start = initial_weights(configuration, 3)
    for tokens, labels in _batches(configuration, 30):
        losses = [engine.train_batch(tokens, labels) for engine in engines]
        assert losses[0] == pytest.approx(losses[1], abs=1e-5)
    fast, keras = (engine.get_weights() for engine in engines)
    for name, array in keras.items():
        np.testing.assert_allclose(fast[name], array, atol=2e-5, err_msg=name)
    assert np.abs(keras["embedding"] - start["embedding"]).max() > 1e-2
    tokens, _ = _batches(configuration, 1)[0]
    ours, expected = (engine.probabilities(tokens) for engine in engines)
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_threads_do_not_change_the_result() -> None:
    """One thread and three come to the same bits; so does a second run, dropout included."""
    configuration = KimConfiguration(24, 12, 3, 10, (3, 4, 5), 7, 0.5)
    results = []
    for threads in (1, 3, 3):
        engine = FastEngine(configuration, learning_rate=1e-3, seed=3, threads=threads)
        for batch in _batches(configuration, 5):
            engine.train_batch(*batch)
        results.append(engine.get_weights())
    for other in results[1:]:
        for name, array in results[0].items():
            np.testing.assert_array_equal(other[name], array)


def test_tokens_outside_the_batch_stay_as_they_are() -> None:
    """The lazy rule: a token that a batch does not hold is not touched by its step."""
    configuration = KimConfiguration(24, 12, 3, 10, (3,), 7, 0.5)
    engine = FastEngine(configuration, learning_rate=1e-3, seed=3)
    before = engine.get_weights()["embedding"]
    engine.train_batch(np.full((2, 12), 5, np.int32), np.array([0, 1], np.int32))
    changed = np.flatnonzero((engine.get_weights()["embedding"] != before).any(axis=1))
    assert changed.tolist() == [5]


def test_weights_survive_a_round_trip() -> None:
    """What is set is what is got, name by name."""
    configuration = KimConfiguration(24, 12, 3, 10, (3, 5), 7, 0.5)
    weights = initial_weights(configuration, 9)
    engine = FastEngine(configuration, learning_rate=1e-3, seed=0)
    engine.set_weights(weights)
    got = engine.get_weights()
    assert set(got) == set(weights)
    for name, array in weights.items():
        np.testing.assert_array_equal(got[name], array)
