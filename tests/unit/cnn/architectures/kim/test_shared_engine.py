"""cnn/architectures/kim/shared_engine.py, on hosts that are threads and sum in this process."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.shared_engine import SharedEngine
from text_classification.cnn.engine import Engine
from text_classification.cnn.engines import create_engine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.engine_options import EngineOptions
from text_classification.corpus.encoded import Batch
from text_classification.kernels.arrays import Floats, Ids

SHAPE = KimConfiguration(
    vocabulary_size=400,
    sequence_length=40,
    classes=5,
    embedding_size=24,
    kernel_widths=(2, 3, 5),
    filters=10,
    dropout=0.3,
)
# All that a step may have besides.
OPTIONS = EngineOptions(frozen_epochs=1, batch_normalization=True, networks=2, adversarial=0.2)


class Sums:
    """What the hosts of one job have in common: a sum that waits for all of them."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.fingerprints: set[int] = set()
        self._parts: list[Ids] = []
        self._barrier = threading.Barrier(size, timeout=60)

    def sum(self, numbers: Ids) -> Ids:
        self._parts.append(numbers)
        self._barrier.wait()
        total = np.sum(self._parts, axis=0, dtype=np.int32)
        if self._barrier.wait() == 0:
            self._parts.clear()
        self._barrier.wait()
        return np.asarray(total, np.int32)


class ThreadExchange:
    """One host of them."""

    def __init__(self, rank: int, sums: Sums) -> None:
        self.rank, self.size, self._sums = rank, sums.size, sums

    def gathered(self, numbers: Ids, fingerprint: int) -> Ids:
        self._sums.fingerprints.add(fingerprint)
        return self._sums.sum(numbers)


def _batches(documents: int) -> list[tuple[Batch, Ids]]:
    generator = np.random.default_rng(documents)
    found = []
    for _ in range(4):
        lengths = generator.integers(5, 40, documents)
        ids = (generator.zipf(1.3, lengths.sum()) % 400).astype(np.int32)
        labels = generator.integers(0, 5, documents).astype(np.int32)
        found.append((Batch(ids, np.concatenate([[0], np.cumsum(lengths)])), labels))
    return found


def _train(engine: Engine, documents: int) -> tuple[list[float], dict[str, bytes]]:
    """Return losses, weights and answers after some steps."""
    batches = _batches(documents)
    losses = [engine.train_batch(batch, labels) for batch, labels in batches]
    arrays: dict[str, Floats] = {
        **engine.get_weights(),
        "answers": engine.probabilities(batches[0][0]),
    }
    return losses, {name: array.tobytes() for name, array in arrays.items()}


@pytest.mark.parametrize("documents", [1, 7, 64])
@pytest.mark.parametrize("options", [EngineOptions(), OPTIONS], ids=["plain", "everything"])
def test_any_number_of_hosts_comes_to_the_same_bits(documents: int, options: EngineOptions) -> None:
    """Losses, weights and answers, on 2, 3 and 5 hosts, of which one has nothing to pool."""
    rate = LearningRate(0.01)
    alone = create_engine("fast", SHAPE, learning_rate=rate, seed=4, options=options)
    expected = _train(alone, documents)

    for size in (2, 3, 5):
        sums = Sums(size)

        def host(rank: int, sums: Sums = sums) -> tuple[list[float], dict[str, bytes]]:
            engine = create_engine(
                "auto",
                SHAPE,
                learning_rate=rate,
                seed=4,
                options=options,
                exchange=ThreadExchange(rank, sums),
            )
            return _train(engine, documents)

        with ThreadPoolExecutor(size) as threads:
            for found in threads.map(host, range(size)):
                assert found == expected
        assert len(sums.fingerprints) > 4  # those of each step are others


def test_a_host_that_is_left_alone_computes_all() -> None:
    """As the first host does when the network is trained, to the same answers."""
    sums = Sums(2)
    exchange = ThreadExchange(0, sums)
    exchange.size = 1
    engine = SharedEngine(SHAPE, exchange=exchange, learning_rate=LearningRate(0.01), seed=4)
    alone = create_engine("fast", SHAPE, learning_rate=LearningRate(0.01), seed=4)
    assert _train(engine, 7) == _train(alone, 7)
    assert not sums.fingerprints


def test_keras_is_refused_on_several_hosts() -> None:
    """It knows nothing of an exchange."""
    with pytest.raises(ValueError, match="keras does not train on several hosts"):
        create_engine(
            "keras",
            SHAPE,
            learning_rate=LearningRate(0.01),
            seed=4,
            exchange=ThreadExchange(0, Sums(2)),
        )
