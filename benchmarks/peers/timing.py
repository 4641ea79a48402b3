"""The interface of every peer of the inference benchmark, and how it is timed."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from statistics import median

from benchmarks.inference_data import Job


class Labeller(ABC):
    """Finds the labels of raw texts."""

    def __init__(self, job: Job) -> None:
        self._test = job.read("test")
        self._prepare(job)
        # At once, while other peers get ready too.
        self._accuracy = self._test.accuracy(self.predict(self._test.texts))

    @abstractmethod
    def _prepare(self, job: Job) -> None:
        """Load or train the model."""

    @abstractmethod
    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text."""

    @abstractmethod
    def model_bytes(self) -> int:
        """Return the size of the model as a file."""

    def accuracy(self) -> float:
        """Return the accuracy on the test documents."""
        return self._accuracy

    def microseconds(self, count: int) -> float:
        """Return the median time of one document alone, over the first ``count``."""
        times = []
        for text in self._test.texts[:count]:
            started = time.perf_counter()
            self.predict([text])
            times.append(time.perf_counter() - started)
        return 1e6 * median(times)

    def documents_a_second(self) -> float:
        """Return how fast all test documents are labelled in one call."""
        started = time.perf_counter()
        self.predict(self._test.texts)
        return len(self._test.texts) / (time.perf_counter() - started)
