"""Our engine ``fast``, as the training loop drives it."""

import time
from functools import cache
from pathlib import Path

from text_classification.machine.environment import settle_blas

settle_blas()  # before NumPy is imported, as the train command does

import numpy as np

from benchmarks import hardware, stages
from benchmarks.training_data import SEED, TrainingData, load
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.learning_rate import LearningRate


class Peer:
    """Steps of ``FastEngine``, batches made from the encoded corpus included."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._prepared = cache(self._prepare)

    def seconds(self, case: str, batch_size: int, documents: int = 0) -> float:
        """Return the time of training on the first ``documents``, or on all of them."""
        engine, data = self._prepared(case)
        started = time.perf_counter()
        _train(engine, data, batch_size, documents or len(data.corpus))
        return time.perf_counter() - started

    def stages(self, case: str, batch_size: int) -> dict[str, float]:
        """Return where a step's time goes, in milliseconds by stage."""
        engine, data = self._prepared(case)
        count = len(data.corpus)
        measured = stages.profile(lambda: _train(engine, data, batch_size, count))
        steps = -(-count // batch_size)
        return {stage: 1000 * seconds / steps for stage, seconds in measured.items()}

    def limits(self, case: str, batch_size: int) -> dict[str, float]:
        """Return what the hardware could do at best: see ``hardware``."""
        _, data = self._prepared(case)
        configuration = data.configuration
        steps = len(data.corpus) // batch_size
        distinct = [
            len(np.unique(np.concatenate(list(map(data.corpus.document, documents.tolist())))))
            for documents in np.arange(steps * batch_size).reshape(steps, batch_size)
        ]
        rows = sum(configuration.kernel_widths) * configuration.filters
        return hardware.limits(round(np.mean(distinct)), configuration.embedding_size, rows)

    def _prepare(self, case: str) -> tuple[FastEngine, TrainingData]:
        data = load(case, self._data)
        return FastEngine(data.configuration, learning_rate=LearningRate(1e-3), seed=SEED), data


def _train(engine: FastEngine, data: TrainingData, batch_size: int, documents: int) -> None:
    length = data.configuration.sequence_length
    for start in range(0, documents, batch_size):
        numbers = np.arange(start, min(start + batch_size, documents))
        batch = data.corpus.batch(numbers, length, engine.padding)
        engine.train_batch(batch, data.labels[numbers])
