"""cnn/architectures/kim/ensemble.py: several networks are one."""

import numpy as np
import pytest

from tests.unit.helpers import corpus_of, kim_of, pooled_artifact, random_artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.ensemble import join, one_of, part
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.engine import Engine
from text_classification.cnn.engines import create_engine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.engine_options import EngineOptions
from text_classification.corpus.encoded import Batch
from text_classification.kernels.arrays import Ids

RATE = LearningRate(1e-2)
CONFIGURATION = KimConfiguration(
    vocabulary_size=24,
    sequence_length=9,
    classes=3,
    embedding_size=12,
    kernel_widths=(2, 3),
    filters=6,
    dropout=0.5,
)


def ensemble(name: str = "fast", seed: int = 3) -> Engine:
    """Return three networks as one engine."""
    return create_engine(
        name, CONFIGURATION, learning_rate=RATE, seed=seed, options=EngineOptions(networks=3)
    )


def batch_for(engine: Engine) -> tuple[Batch, Ids]:
    """Return documents of several lengths, padded as the engine asks, and their labels."""
    generator = np.random.default_rng(4)
    corpus = corpus_of(generator.integers(1, 24, size).tolist() for size in (9, 0, 1, 5, 12, 7))
    return corpus.batch(np.arange(6), 9, engine.padding), np.array([0, 1, 2, 0, 1, 2], np.int32)


def train(engine: Engine, steps: int = 5) -> Engine:
    """Take some steps."""
    batch, labels = batch_for(engine)
    for _ in range(steps):
        engine.train_batch(batch, labels)
    return engine


@pytest.mark.parametrize("name", ["fast", "keras"])
def test_weights_are_those_of_one_network_with_the_same_answers(name: str) -> None:
    """A plain engine with them answers alike, and so does the ensemble that is given them."""
    trained, plain = (
        train(ensemble(name)),
        FastEngine(CONFIGURATION, learning_rate=RATE, seed=0),
    )
    weights = trained.get_weights()
    assert {key: array.shape for key, array in weights.items()} == CONFIGURATION.shapes()
    plain.set_weights(weights)
    again = ensemble(name, seed=8)
    again.set_weights(weights)
    expected = trained.probabilities(batch_for(trained)[0])
    for each in (plain, again):
        np.testing.assert_allclose(each.probabilities(batch_for(each)[0]), expected, atol=1e-5)


def test_each_network_learns_as_it_would_alone() -> None:
    """From a seed of its own, on the same batches; the loss is the mean of theirs."""
    shape = one_of(CONFIGURATION, 3)
    alone = [FastEngine(shape, learning_rate=RATE, seed=seed) for seed in (3, 4, 5)]
    together = ensemble()
    for _ in range(3):
        losses = [each.train_batch(*batch_for(each)) for each in alone]
        assert together.train_batch(*batch_for(together)) == pytest.approx(np.mean(losses))
    joined = join(CONFIGURATION, [each.get_weights() for each in alone])
    for name, array in together.get_weights().items():
        np.testing.assert_array_equal(array, joined[name], err_msg=name)


def test_weights_are_parted_as_they_were_joined() -> None:
    """All but the biases of the last layer, of which the mean counts."""
    shape = one_of(CONFIGURATION, 3)
    networks = [FastEngine(shape, learning_rate=RATE, seed=seed).get_weights() for seed in range(3)]
    for index, weights in enumerate(networks):
        weights["dense.bias"] += index
    parts = part(CONFIGURATION, join(CONFIGURATION, networks), 3)
    for network, found in zip(networks, parts, strict=True):
        assert found.pop("dense.bias").tolist() == [1, 1, 1]
        for name, array in found.items():
            np.testing.assert_allclose(array, network[name], rtol=1e-6, err_msg=name)


def test_state_goes_on_where_it_was() -> None:
    """Interrupted or not, the bits are the same."""
    whole, first, second = train(ensemble(), 6), ensemble(), ensemble()
    second.set_state(train(first, 2).get_state())
    train(second, 4)
    for name, array in whole.get_weights().items():
        np.testing.assert_array_equal(second.get_weights()[name], array, err_msg=name)


def test_sizes_that_cannot_be_dealt_out_are_refused() -> None:
    """And so are architectures that are no sum of look-ups."""
    with pytest.raises(ValueError, match="not those of 5 networks"):
        one_of(CONFIGURATION, 5)
    pooled = pooled_artifact().configuration
    with pytest.raises(ValueError, match="do not make one"):
        create_engine(
            "keras", pooled, learning_rate=RATE, seed=0, options=EngineOptions(networks=2)
        )


def test_one_network_is_an_engine_of_its_own() -> None:
    """Nothing is between the loop and it."""
    engine = create_engine("fast", kim_of(random_artifact()), learning_rate=RATE, seed=0)
    assert isinstance(engine, FastEngine)
