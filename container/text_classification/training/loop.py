"""The training loop: epochs, validation, early stopping with the best weights; any engine."""

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from text_classification.cnn.configuration import Weights
from text_classification.cnn.engine import Engine
from text_classification.contract.metric_lines import metric_line
from text_classification.contract.signals import StopRequest
from text_classification.corpus.encoded import Batch, EncodedCorpus
from text_classification.errors import Code, ConfigurationError
from text_classification.evaluation.metrics import Summary, summarize
from text_classification.kernels.arrays import Floats, Ids, Indices

EVALUATION_BATCH = 256
# Documents that a job which is being stopped takes the time to validate on.
STOPPED_VALIDATION = 2000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """Some documents of a corpus with their labels: int64 [n], int32 [n]."""

    corpus: EncodedCorpus
    documents: Indices
    labels: Ids

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.documents)

    def thinned(self, count: int) -> "Part":
        """Return at most ``count`` documents, evenly spaced: files may be in order of class."""
        chosen = np.unique(np.linspace(0, len(self) - 1, min(count, len(self))).astype(np.int64))
        return Part(self.corpus, self.documents[chosen], self.labels[chosen])

    def batches(
        self, order: Indices, size: int, length: int, padding: int
    ) -> Iterator[tuple[Batch, Ids]]:
        """Yield B documents and their labels, int32 [B], at a time, in this order."""
        for start in range(0, len(order), size):
            chosen = order[start : start + size]
            yield self.corpus.batch(self.documents[chosen], length, padding), self.labels[chosen]


@dataclass(frozen=True)
class Plan:
    """What the loop is to do."""

    epochs: int
    patience: int
    batch_size: int
    sequence_length: int
    seed: int


@dataclass(frozen=True)
class Epoch:
    """What an epoch gave."""

    number: int
    train_loss: float
    validation: Summary
    seconds: float

    @property
    def rank(self) -> tuple[float, float]:
        """What makes an epoch better than another: validation accuracy, then a smaller loss."""
        return self.validation.accuracy, -self.validation.loss

    def metrics(self) -> dict[str, float]:
        """Return what is printed and kept of the epoch, by metric name."""
        return {
            "train:loss": self.train_loss,
            **self.validation.metrics("validation"),
            "epoch:seconds": self.seconds,
        }


@dataclass
class Outcome:
    """The best weights so far and the epochs that led there."""

    weights: Weights = field(default_factory=dict)
    best: Epoch | None = None
    epochs: list[Epoch] = field(default_factory=list)
    stopped: bool = False

    @property
    def epochs_without_progress(self) -> int:
        """The epochs since accuracy or loss on validation was last better than ever before.

        Either counts: early on the accuracy may stand still while the loss falls, later the loss
        rises while the accuracy still improves.
        """
        accuracy, loss, last = -1.0, float("inf"), 0
        for epoch in self.epochs:
            if epoch.validation.accuracy > accuracy or epoch.validation.loss < loss:
                last = epoch.number
            accuracy = max(accuracy, epoch.validation.accuracy)
            loss = min(loss, epoch.validation.loss)
        return len(self.epochs) - last


def train(
    engine: Engine, training: Part, validation: Part, plan: Plan, stop: StopRequest
) -> Outcome:
    """Train until the epochs are over, patience runs out or a stop is asked for.

    A stop ends the epoch after the step under way, and the best epoch before it counts. In the
    first epoch the weights of that moment do, validated on a part that takes seconds at most: so
    even a job stopped in its first step leaves a model, well within the time it has.
    """
    log.info("training starts")
    outcome = Outcome()
    generator = np.random.default_rng(plan.seed)
    for number in range(1, plan.epochs + 1):
        started = time.monotonic()
        loss = _train_epoch(engine, training, plan, generator.permutation(len(training)), stop)
        if not math.isfinite(loss):
            _tell_divergence(number, outcome)
            break
        if stop:
            outcome.stopped = True
            log.info("stopped on request in epoch %d", number)
            if outcome.best:
                break
            validation = validation.thinned(STOPPED_VALIDATION)
        summary = evaluate(engine, validation, plan.sequence_length)
        _record(outcome, Epoch(number, loss, summary, time.monotonic() - started), engine)
        if outcome.stopped:
            break
        if outcome.epochs_without_progress >= plan.patience:
            log.info("no progress in %d epochs: training ends", plan.patience)
            break
    return outcome


def _tell_divergence(number: int, outcome: Outcome) -> None:
    """Warn where an earlier epoch gave a model; else raise ``ConfigurationError``."""
    error = ConfigurationError(
        Code.TRAINING_DIVERGED,
        f"the loss is no number any more in epoch {number}",
        remedy="Set a smaller learning_rate.",
    )
    if not outcome.best:
        raise error
    log.warning("%s The best epoch before is kept.", error)


def _train_epoch(
    engine: Engine, part: Part, plan: Plan, order: Indices, stop: StopRequest
) -> float:
    """Return the mean loss of the documents stepped on: all, or fewer when a stop was asked for."""
    total, documents = 0.0, 0
    batches = part.batches(order, plan.batch_size, plan.sequence_length, engine.padding)
    for batch, labels in batches:
        total += engine.train_batch(batch, labels) * len(labels)
        documents += len(labels)
        if stop:
            break
    return total / documents


def _record(outcome: Outcome, epoch: Epoch, engine: Engine) -> None:
    outcome.epochs.append(epoch)
    log.info(metric_line(f"epoch {epoch.number}", epoch.metrics()))
    if outcome.best is None or epoch.rank > outcome.best.rank:
        outcome.best, outcome.weights = epoch, engine.get_weights()


def evaluate(engine: Engine, part: Part, length: int) -> Summary:
    """Return how well the engine's model classifies a part."""
    return summarize(part.labels, predict(engine, part, length))


def predict(engine: Engine, part: Part, length: int) -> Floats:
    """Return the probabilities of all documents of a part: float32 [documents, classes]."""
    order = np.arange(len(part))
    batches = part.batches(order, EVALUATION_BATCH, length, engine.padding)
    return np.concatenate([engine.probabilities(batch) for batch, _ in batches])
