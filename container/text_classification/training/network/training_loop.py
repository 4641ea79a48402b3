"""The training loop: epochs, validation, early stopping with the best weights; any engine."""

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from text_classification.cnn.engine import Engine
from text_classification.contract.metric_lines import metric_line
from text_classification.corpus.encoded import Batch
from text_classification.errors import Code, ConfigurationError
from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.metrics import Summary, summarize
from text_classification.kernels.arrays import Floats, Ids
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.network.checkpoints import Checkpoints
from text_classification.training.network.training_progress import Progress

Answer = TypeVar("Answer")

# Documents that a job which is being stopped takes the time to validate on.
STOPPED_VALIDATION = 2000

log = logging.getLogger(__name__)


# Is told the labels, int32 [documents], and the answers to them, float32 [documents, classes].
Watch = Callable[[Ids, Floats], object]


@dataclass(frozen=True)
class TrainingSchedule:
    """What the loop is to do."""

    epochs: int
    patience: int
    batch_size: int
    sequence_length: int
    seed: int


@dataclass(frozen=True)
class Loop:
    """Drives an engine until the epochs are over, patience runs out or a stop is asked for.

    watch: given for one of several trainings side by side. It is told the labels and the answers of
    each validation, and may end the training by an exception. Such a training shows no bar and
    prints no metrics: SageMaker would draw one curve through those of all.
    """

    engine: Engine
    plan: TrainingSchedule
    stop: StopRequest
    checkpoints: Checkpoints
    watch: Watch | None = None

    def train(self, training: Part, validation: Part | None) -> Progress:
        """Train, and return the epochs and the weights of the best.

        Without a validation part all epochs of the plan are trained, and the last is the best.

        It goes on from the newest checkpoint, if there is one. A stop ends the epoch after the step
        under way, and its validation after the batch; the best epoch before it counts. In the first
        epoch the weights of that moment do, validated on a part that takes seconds at most: so even
        a job stopped in its first step leaves a model, well within the time it has.
        """
        log.info("training starts")
        progress = self.checkpoints.restore(self.engine)
        while not self._is_over(progress):
            started = time.monotonic()
            self._train_epoch(training, progress)
            if not math.isfinite(progress.under_way.loss):
                _tell_divergence(progress)
                break
            answers, summary = None, None
            with suppress(Stopped):
                self.stop.check()
                answers, summary = self._validate(validation, self.stop)
            if self.stop:
                progress.stopped = True
                log.info("stopped on request in epoch %d", len(progress.epochs) + 1)
                # Started again with its checkpoints, the job goes on as if it had not been stopped.
                self.checkpoints.save(self.engine, progress)
                if progress.best:
                    break
                sample = validation and validation.thinned(STOPPED_VALIDATION)
                _, summary = self._validate(sample, StopRequest())
            epoch = progress.end_epoch(summary, time.monotonic() - started)
            self._record(epoch, progress, answers)
            if progress.stopped:
                break
            self.checkpoints.save(self.engine, progress)
        return progress

    def _validate(
        self, part: Part | None, stop: StopRequest
    ) -> tuple[Floats, Summary] | tuple[None, None]:
        """Return the answers to a part and their scores.

        Raises ``Stopped`` in the midst of it on a request.
        """
        if part is None:
            return None, None
        probabilities = predict(self.engine, part, self.plan.sequence_length, stop)
        if self.watch:
            self.watch(part.labels, probabilities)
        return probabilities, summarize(part.labels, probabilities)

    def _is_over(self, progress: Progress) -> bool:
        if progress.epochs_without_progress >= self.plan.patience:
            log.info("no progress in %d epochs: training ends", self.plan.patience)
            return True
        return len(progress.epochs) >= self.plan.epochs

    def _train_epoch(self, part: Part, progress: Progress) -> None:
        """Take the steps of an epoch that are not done yet: all, or one when a stop was asked for.

        The order of the documents depends on the seed and the epoch alone, so that a run which goes
        on from a checkpoint takes the steps that it would have taken.
        """
        plan, done = self.plan, progress.under_way
        generator = np.random.default_rng((plan.seed, len(progress.epochs) + 1))
        places = np.arange(len(part), dtype=np.uint32)
        order = generator.permutation(places)[done.steps * plan.batch_size :]
        batches = part.batches(order, plan.batch_size, plan.sequence_length, self.engine.padding)
        for batch, labels in self._shown(batches, len(part), progress):
            done.loss_sum += self.engine.train_batch(batch, labels) * len(labels)
            done.documents += len(labels)
            done.steps += 1
            if self.stop:
                break
            self.checkpoints.save_at_times(self.engine, progress)

    def _record(self, epoch: Epoch, progress: Progress, answers: Floats | None) -> None:
        line = epoch if self.watch else metric_line(f"epoch {epoch.number}", epoch.metrics())
        log.info("%s", line)
        if progress.best is epoch:
            progress.weights, progress.answers = self.engine.get_weights(), answers

    def _shown(
        self, batches: Iterator[tuple[Batch, Ids]], documents: int, progress: Progress
    ) -> Iterator[tuple[Batch, Ids]]:
        """Show a bar with the time left where someone watches; a log gets its line at the end."""
        shown: Iterator[tuple[Batch, Ids]] = tqdm(
            batches,
            desc=f"epoch {len(progress.epochs) + 1} of at most {self.plan.epochs}",
            total=-(-documents // self.plan.batch_size),
            initial=progress.under_way.steps,
            unit="step",
            leave=False,
            disable=True if self.watch else None,  # None: where the output is no terminal
        )
        return shown


def _tell_divergence(progress: Progress) -> None:
    """Warn where an earlier epoch gave a model; else raise ``ConfigurationError``."""
    error = ConfigurationError(
        Code.TRAINING_DIVERGED,
        f"the loss is no number any more in epoch {len(progress.epochs) + 1}",
        remedy="Set a smaller learning_rate.",
    )
    if not progress.best:
        raise error
    log.warning("%s The best epoch before is kept.", error)


def predict(engine: Engine, part: Part, length: int, stop: StopRequest) -> Floats:
    """Return the probabilities of all documents of a part: float32 [documents, classes].

    Raises ``Stopped`` on a stop request.
    """
    order = np.arange(len(part))
    batches = part.batches(order, engine.evaluation_batch, length, engine.padding)
    return gathered((engine.probabilities(batch) for batch, _ in stop.checked(batches)), len(part))


def gathered(answers: Iterable[Floats], documents: int) -> Floats:
    """Return answers that come batch by batch as one: float32 [documents, classes].

    They are in memory once, not once more in their batches.
    """
    found, done = np.zeros((0, 0), np.float32), 0
    for each in answers:
        if not done:
            found = np.empty((documents, each.shape[1]), np.float32)
        found[done : done + len(each)] = each
        done += len(each)
    return found


def predict_part_or_sample(
    part: Part, stop: StopRequest, answer: Callable[[Part, StopRequest], Answer]
) -> tuple[Part, Answer]:
    """Return a part and the predictions for it; on a stop request, for a sample of it alone.

    answer: raises ``Stopped`` when the request that it is given comes.
    """
    if not stop:
        with suppress(Stopped):
            return part, answer(part, stop)
    sample = part.thinned(STOPPED_VALIDATION)
    return sample, answer(sample, StopRequest())
