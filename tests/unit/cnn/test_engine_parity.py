"""The engine ``fast`` against Keras, the definition, and against itself."""

from typing import Any

import numpy as np
import pytest

from tests.unit.helpers import corpus_of
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.engine import Engine
from text_classification.cnn.engines import create_engine
from text_classification.cnn.initial_weights import initial_weights
from text_classification.cnn.keras_engine import KerasEngine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.engine_options import EngineOptions
from text_classification.corpus.encoded import Batch, EncodedCorpus
from text_classification.kernels.arrays import Floats, Ids

CASES = {
    "Kim's widths": ((3, 4, 5), 12),
    "width 1 alone": ((1,), 9),
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


def _batches(configuration: KimConfiguration, count: int) -> list[tuple[EncodedCorpus, Ids]]:
    """Return the documents and labels of batches: of every length, empty ones and longer ones too.

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
        documents = [np.trim_zeros(row, "b").tolist() for row in tokens]
        documents[-1] += [5, 6, 7]  # beyond the sequence: cut off
        batches.append((corpus_of(documents), generator.integers(0, 3, rows).astype(np.int32)))
    return batches


def _padded(corpus: EncodedCorpus, engine: Engine, configuration: KimConfiguration) -> Batch:
    """Return all documents of a corpus as the engine asks for them."""
    return corpus.batch(np.arange(len(corpus)), configuration.sequence_length, engine.padding)


# Neither knows of the other: one run has both.
@pytest.mark.parametrize(
    ("class_weights", "rate"),
    [
        (None, LearningRate(1e-3)),
        (np.array([0.2, 1, 3], np.float32), LearningRate(2e-3, 20, 0.2)),
    ],
    ids=["plain", "class weights and a falling rate"],
)
@pytest.mark.parametrize("case", CASES)
def test_fast_learns_what_keras_learns(
    case: str, class_weights: Floats | None, rate: LearningRate
) -> None:
    """From the same weights, the same batches lead to the same weights after 30 steps."""
    configuration = _configuration(*CASES[case])
    engines = [
        kind(configuration, learning_rate=rate, seed=3, class_weights=class_weights)
        for kind in (FastEngine, KerasEngine)
    ]
    start = initial_weights(configuration, 3)
    assert [engine.padding for engine in engines] == [
        max(configuration.kernel_widths),
        configuration.sequence_length,
    ]
    for corpus, labels in _batches(configuration, 30):
        losses = [
            engine.train_batch(_padded(corpus, engine, configuration), labels) for engine in engines
        ]
        assert losses[0] == pytest.approx(losses[1], abs=1e-5)
    fast, keras = (engine.get_weights() for engine in engines)
    for name, array in keras.items():
        np.testing.assert_allclose(fast[name], array, atol=2e-5, err_msg=name)
    assert np.abs(keras["embedding"] - start["embedding"]).max() > 1e-2
    corpus, _ = _batches(configuration, 1)[0]
    ours, expected = (
        engine.probabilities(_padded(corpus, engine, configuration)) for engine in engines
    )
    np.testing.assert_allclose(ours, expected, atol=1e-5)


@pytest.mark.parametrize("adversarial", [0.0, 0.3])
def test_frozen_embedding_stays_as_it_is_and_is_trained_then(adversarial: float) -> None:
    """In both engines for whole epochs, here of 2 steps, while all else learns."""
    configuration, rate = _configuration((3, 4), 12), LearningRate(1e-3)
    options = EngineOptions(frozen_epochs=2, adversarial=adversarial)
    engines = [
        kind(configuration, learning_rate=rate, seed=3, options=options, steps_an_epoch=2)
        for kind in (FastEngine, KerasEngine)
    ]
    start = initial_weights(configuration, 3)
    batches = _batches(configuration, 8)
    for step, (corpus, labels) in enumerate(batches):
        for engine in engines:
            engine.train_batch(_padded(corpus, engine, configuration), labels)
            weights = engine.get_weights()
            assert np.array_equal(weights["embedding"], start["embedding"]) == (step < 4)
            assert not np.array_equal(weights["dense.kernel"], start["dense.kernel"])
    fast, keras = (engine.get_weights() for engine in engines)
    for name, array in keras.items():
        np.testing.assert_allclose(fast[name], array, atol=2e-5, err_msg=name)


# A value of each option that differs from the default.
OTHER: dict[str, Any] = {
    "frozen_epochs": 2,
    "batch_normalization": True,
    "networks": 2,
    "adversarial": 0.5,
}


@pytest.mark.parametrize("name", ["fast", "keras"])
@pytest.mark.parametrize("option", list(EngineOptions.model_fields))
def test_every_option_of_training_changes_the_weights(name: str, option: str) -> None:
    """In both engines, so that none passes over what a job asks for; a new one needs a value."""
    configuration = KimConfiguration(24, 12, 3, 10, (3,), 8, 0.0)
    corpus, labels = _batches(configuration, 1)[0]
    results = []
    for options in (EngineOptions(), EngineOptions(**{option: OTHER[option]})):
        engine = create_engine(
            name, configuration, learning_rate=LearningRate(1e-3), seed=3, options=options
        )
        engine.train_batch(_padded(corpus, engine, configuration), labels)
        results.append(engine.get_weights())
    plain, changed = results
    assert plain.keys() == changed.keys()
    assert any(not np.allclose(plain[each], changed[each], atol=1e-5) for each in plain)


@pytest.mark.parametrize("kind", [FastEngine, KerasEngine])
def test_frozen_steps_are_counted_by_the_state(kind: type[FastEngine | KerasEngine]) -> None:
    """A job that goes on from a checkpoint thaws the embedding when it would have."""
    configuration = _configuration((3,), 12)
    batches, results = _batches(configuration, 4), []

    def new() -> FastEngine | KerasEngine:
        options = EngineOptions(frozen_epochs=2)
        return kind(configuration, learning_rate=LearningRate(1e-3), seed=3, options=options)

    for stops in ([], [1], [3]):
        engine = new()
        for step, (corpus, labels) in enumerate(batches):
            if step in stops:
                state = engine.get_state()
                engine = new()
                engine.set_state(state)
            engine.train_batch(_padded(corpus, engine, configuration), labels)
        results.append(engine.get_weights())
    for other in results[1:]:
        for name, array in results[0].items():
            np.testing.assert_array_equal(other[name], array)


# Each option alone, and beside adversarial training, which takes steps of its own.
ALONE_AND_ADVERSARIAL = [
    {name: value, **others}
    for name, value in OTHER.items()
    for others in ({}, {"adversarial": 0.3})
    if name != "networks"  # each has first weights of its own
]


@pytest.mark.parametrize("case", ["Kim's widths", "width 1 and a wide one"])
@pytest.mark.parametrize("options", ALONE_AND_ADVERSARIAL, ids=str)
def test_an_option_is_learned_with_alike(case: str, options: dict[str, Any]) -> None:
    """In both engines: the same losses, weights and answers after 30 steps."""
    configuration = _configuration(*CASES[case])
    engines = [
        kind(
            configuration,
            learning_rate=LearningRate(1e-3),
            seed=3,
            options=EngineOptions(**options),
        )
        for kind in (FastEngine, KerasEngine)
    ]
    start = initial_weights(configuration, 3)
    batches = _batches(configuration, 30)
    for corpus, labels in batches:
        losses = [
            engine.train_batch(_padded(corpus, engine, configuration), labels) for engine in engines
        ]
        assert losses[0] == pytest.approx(losses[1], abs=1e-5)
    fast, keras = (engine.get_weights() for engine in engines)
    assert {name: array.shape for name, array in fast.items()} == configuration.shapes()
    for name, array in keras.items():
        np.testing.assert_allclose(fast[name], array, rtol=1e-4, atol=2e-5, err_msg=name)
    assert np.abs(keras["embedding"] - start["embedding"]).max() > 1e-2
    corpus, _ = batches[0]
    ours, expected = (
        engine.probabilities(_padded(corpus, engine, configuration)) for engine in engines
    )
    np.testing.assert_allclose(ours, expected, atol=1e-5)


@pytest.mark.parametrize("kind", [FastEngine, KerasEngine])
def test_normalisation_is_folded_into_the_weights_that_are_kept(
    kind: type[FastEngine | KerasEngine],
) -> None:
    """A plain engine with them gives the same answers, and so does the one that trained them."""
    configuration = _configuration((3, 4), 12)
    rate, options = LearningRate(1e-2), EngineOptions(batch_normalization=True)
    engine = kind(configuration, learning_rate=rate, seed=3, options=options)
    start = initial_weights(configuration, 3)
    for name, array in engine.get_weights().items():
        np.testing.assert_allclose(array, start[name], rtol=1e-6, err_msg=name)
    batches = _batches(configuration, 20)
    for corpus, labels in batches:
        engine.train_batch(_padded(corpus, engine, configuration), labels)
    answers = engine.probabilities(_padded(batches[0][0], engine, configuration))
    plain = FastEngine(configuration, learning_rate=rate, seed=0)
    plain.set_weights(engine.get_weights())
    engine.set_weights(engine.get_weights())
    for each in (plain, engine):
        again = each.probabilities(_padded(batches[0][0], each, configuration))
        np.testing.assert_allclose(again, answers, atol=1e-5)


@pytest.mark.parametrize("kind", [FastEngine, KerasEngine])
def test_normalisation_goes_on_from_a_state(kind: type[FastEngine | KerasEngine]) -> None:
    """A checkpoint holds its averages too: interrupted or not, the bits are the same."""
    configuration = _configuration((3,), 12)
    batches, results = _batches(configuration, 6), []

    def new() -> FastEngine | KerasEngine:
        options = EngineOptions(batch_normalization=True)
        return kind(configuration, learning_rate=LearningRate(1e-3), seed=3, options=options)

    for stop in (None, 3):
        engine = new()
        for step, (corpus, labels) in enumerate(batches):
            if step == stop:
                state = engine.get_state()
                engine = new()
                engine.set_state(state)
            engine.train_batch(_padded(corpus, engine, configuration), labels)
        results.append(engine.get_weights())
    for name, array in results[0].items():
        np.testing.assert_array_equal(results[1][name], array)


def test_decayed_rate_makes_smaller_steps() -> None:
    """A rate that falls to next to nothing leaves the weights where the first step took them."""
    configuration = _configuration((3,), 12)
    (corpus, labels), weights = _batches(configuration, 1)[0], []
    engine = FastEngine(configuration, learning_rate=LearningRate(1e-3, 1, 1e-6), seed=3)
    for _ in range(3):
        engine.train_batch(_padded(corpus, engine, configuration), labels)
        weights.append(engine.get_weights()["dense.kernel"])
    start = initial_weights(configuration, 3)["dense.kernel"]
    assert np.abs(weights[0] - start).max() > 5e-4
    np.testing.assert_allclose(weights[2], weights[0], atol=1e-7)


def test_threads_do_not_change_the_result() -> None:
    """One thread and three come to the same bits; so does a second run, dropout included."""
    configuration = KimConfiguration(24, 12, 3, 10, (3, 4, 5), 7, 0.5)
    results = []
    for threads in (1, 3, 3):
        engine = FastEngine(
            configuration, learning_rate=LearningRate(1e-3), seed=3, threads=threads
        )
        for corpus, labels in _batches(configuration, 5):
            engine.train_batch(_padded(corpus, engine, configuration), labels)
        results.append(engine.get_weights())
    for other in results[1:]:
        for name, array in results[0].items():
            np.testing.assert_array_equal(other[name], array)


def test_tokens_outside_the_batch_stay_as_they_are() -> None:
    """The lazy rule: a token that a batch does not hold is not touched by its step."""
    configuration = KimConfiguration(24, 12, 3, 10, (3,), 7, 0.5)
    engine = FastEngine(configuration, learning_rate=LearningRate(1e-3), seed=3)
    before = engine.get_weights()["embedding"]
    batch = Batch(np.full(24, 5, np.int32), np.array([0, 12, 24]))
    engine.train_batch(batch, np.array([0, 1], np.int32))
    changed = np.flatnonzero((engine.get_weights()["embedding"] != before).any(axis=1))
    assert changed.tolist() == [5]


def test_more_padding_than_asked_for_changes_nothing() -> None:
    """Windows of padding alone are equal, so one of the widest kernel stands for all."""
    configuration = KimConfiguration(24, 12, 3, 10, (3, 5), 7, 0.0)
    corpus, labels = _batches(configuration, 1)[0]
    weights = []
    for padding in (5, 6, 12):
        engine = FastEngine(configuration, learning_rate=LearningRate(1e-3), seed=3, threads=1)
        batch = corpus.batch(np.arange(len(corpus)), 12, padding)
        for _ in range(3):
            engine.train_batch(batch, labels)
        weights.append(engine.get_weights())
    for other in weights[1:]:
        for name, array in weights[0].items():
            np.testing.assert_allclose(other[name], array, atol=1e-6, err_msg=name)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_training_that_has_diverged_goes_on_without_harm() -> None:
    """The loop sees the loss at the end of an epoch; until then steps are taken on NaN."""
    configuration = KimConfiguration(200, 40, 3, 32, (3, 4, 5), 48, 0.5)
    engine = FastEngine(configuration, learning_rate=LearningRate(1e25), seed=1)
    generator = np.random.default_rng(0)
    losses = []
    for _ in range(20):
        corpus = corpus_of(generator.integers(1, 200, (16, 40)).tolist())
        labels = generator.integers(0, 3, 16).astype(np.int32)
        losses.append(engine.train_batch(_padded(corpus, engine, configuration), labels))
    assert np.isfinite(losses[0])
    assert np.isnan(losses[-1])


def test_weights_survive_a_round_trip() -> None:
    """What is set is what is got, name by name."""
    configuration = KimConfiguration(24, 12, 3, 10, (3, 5), 7, 0.5)
    weights = initial_weights(configuration, 9)
    engine = FastEngine(configuration, learning_rate=LearningRate(1e-3), seed=0)
    engine.set_weights(weights)
    got = engine.get_weights()
    assert set(got) == set(weights)
    for name, array in weights.items():
        np.testing.assert_array_equal(got[name], array)
