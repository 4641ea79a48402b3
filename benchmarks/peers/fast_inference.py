"""Our ``Classifier``, with one thread."""

from collections.abc import Sequence

from benchmarks.answer_stages import stages
from benchmarks.inference_data import Job
from benchmarks.peers.timing import Labeller
from text_classification import artifact
from text_classification.inference.classifier import Classifier


class Peer(Labeller):
    """Labels from the artifact that the training job left."""

    def _prepare(self, job: Job) -> None:
        self._files = [job.model / name for name in artifact.SERVED]
        self._classifier = Classifier(artifact.load(job.model), threads=1)

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the label of each text."""
        best = self._classifier.classify(texts).probabilities.argmax(axis=1)
        return [self._classifier.labels[index] for index in best]

    def stages(self, count: int) -> dict[str, float]:
        """Return the microseconds of each part of an answer, over the first ``count`` documents."""
        return stages(self._classifier, self._test.texts[:count])

    def model_bytes(self) -> int:
        """Return the size of the files that serving reads."""
        return sum(path.stat().st_size for path in self._files)
