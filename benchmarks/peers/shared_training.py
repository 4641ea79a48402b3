"""One of several hosts that train together, on a processor of its own."""

import hashlib
import os
import time
from typing import Any

from text_classification.machine.environment import settle_blas

settle_blas()  # before NumPy is imported, as the train command does

import numpy as np

from benchmarks.training_data import SEED, VOCABULARY, zipf
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.architectures.kim.shared_engine import SharedEngine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.settings import Settings
from text_classification.machine.signals import StopRequest
from text_classification.training.hosts.collective import Place
from text_classification.training.hosts.group import HostGroup

LOOPBACK = "127.0.0.1"
# Between two measurements hosts are stopped for as long as those of others take.
PATIENCE = 3600


class Peer:
    """Steps on made text, of one host alone or of one among several."""

    def __init__(self, rank: int, hosts: int, port: int) -> None:
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[rank % len(processors)]})
        self._data = zipf(VOCABULARY)
        options: dict[str, Any] = {"learning_rate": LearningRate(1e-3), "seed": SEED, "threads": 1}
        if hosts == 1:
            self._engine: FastEngine = FastEngine(self._data.configuration, **options)
            return
        names = tuple(f"algo-{number}" for number in range(1, hosts + 1))
        settings = Settings(host_step_seconds=PATIENCE)
        group = HostGroup(Place(rank, names, LOOPBACK, port), settings, StopRequest())
        group.start_training()
        self._engine = SharedEngine(self._data.configuration, exchange=group, **options)

    def seconds(self, batch_size: int) -> tuple[float, float]:
        """Return the time and the processor's time of a step, over all documents."""
        started, processor = time.perf_counter(), time.process_time()
        length = self._data.configuration.sequence_length
        for start in range(0, len(self._data.corpus), batch_size):
            numbers = np.arange(start, min(start + batch_size, len(self._data.corpus)))
            batch = self._data.corpus.batch(numbers, length, self._engine.padding)
            self._engine.train_batch(batch, self._data.labels[numbers])
        steps = len(self._data.corpus) / batch_size
        spent = time.perf_counter() - started, time.process_time() - processor
        return spent[0] / steps, spent[1] / steps

    def digest(self) -> str:
        """Return a digest of the weights."""
        digest = hashlib.sha256()
        for array in self._engine.get_weights().values():
            digest.update(array.tobytes())
        return digest.hexdigest()
