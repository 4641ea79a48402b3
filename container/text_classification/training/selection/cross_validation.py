"""Cross-validation: a model for each fold, and what each answers to the documents it held out."""

import logging
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from safetensors.numpy import save as serialize

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.metric_lines import metric_line
from text_classification.corpus.folds import Folds, stratified_folds
from text_classification.corpus.label import shown
from text_classification.errors import Code, ConfigurationError
from text_classification.evaluation.curve_areas import curve_areas
from text_classification.evaluation.metrics import Summary, summarize
from text_classification.kernels.arrays import Floats, Ids
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.sample import most_judged
from text_classification.training.inputs.training_documents import Documents, Prepared
from text_classification.training.job_folders import full_disk_named
from text_classification.training.network.checkpoints import subfolder
from text_classification.training.network.held_out import HeldOut, held_out_predictions
from text_classification.training.network.network_training import (
    TrainedModel,
    engine_for,
    train_model,
)
from text_classification.training.network.training_progress import Progress
from text_classification.training.selection.parallel_training import (
    Ask,
    processes_for,
    side_by_side,
)

SCORES = ("loss", "accuracy", "macro_f1", "pr_auc")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fold:
    """A task: train on all folds but one, counted from 0."""

    index: int

    def __str__(self) -> str:
        """Return its name in the log and among the checkpoints, counted from 1."""
        return f"fold {self.index + 1}"


@dataclass(frozen=True)
class FoldResult:
    """What a fold's model came to.

    progress: without the weights, which lie in the file ``weights``; answers: to the documents held
    out, or to some of them where the fold was stopped.
    """

    progress: Progress
    weights: Path
    answers: HeldOut

    @property
    def best_epoch(self) -> int:
        """The number of the epoch whose weights were kept."""
        return self.progress.best.number if self.progress.best else 0

    @property
    def rank(self) -> tuple[float, float]:
        """What makes a fold's model better than another's."""
        return self.progress.best.rank if self.progress.best else (0.0, 0.0)

    @property
    def summary(self) -> Summary:
        """The scores on the documents held out."""
        return summarize(self.answers.part.labels, self.answers.probabilities)

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds of the fold."""
        areas = curve_areas(self.answers.part.labels, self.answers.probabilities)
        pr_auc = areas.macro_precision_recall
        return {
            "best_epoch": self.best_epoch,
            **asdict(self.summary),
            **({} if np.isnan(pr_auc) else {"pr_auc": pr_auc}),
        }


@dataclass(frozen=True)
class FoldTraining:
    """The work of the processes: train one fold's model."""

    documents: Documents
    folds: Folds
    hyperparameters: Hyperparameters
    checkpoints: Path
    scratch: Path

    def __call__(self, fold: Fold, stop: StopRequest, _ask: Ask | None = None) -> FoldResult:
        """Train, answer the documents held out, and leave the weights in a file.

        With a folder for checkpoints each fold has its own in it, so that one that is done trains
        no more when the job is started again.
        """
        name = str(fold).replace(" ", "-")
        checkpoints = subfolder(self.checkpoints, name)
        prepared = self.prepared(fold)
        trained = train_model(prepared, self.hyperparameters, checkpoints, stop, watch=_ignore)
        weights = self.scratch / f"{name}.safetensors"
        # Not save_file: a full disk must be an OSError.
        with full_disk_named(self.scratch):
            weights.write_bytes(serialize(trained.progress.weights))
        progress = replace(trained.progress, weights={}, answers=None)
        result = FoldResult(progress, weights, held_out_predictions(trained, stop))
        log.info("done: %s, from epoch %d", result.summary, result.best_epoch)
        return result

    def prepared(self, fold: Fold) -> Prepared:
        """Return the parts of a fold; its vocabulary is that of its own training documents."""
        everything = self.documents.training
        return self.documents.prepare(
            everything.chosen(self.folds.training(fold.index)),
            everything.chosen(self.folds.held_out(fold.index)),
            self.hyperparameters,
        )


@dataclass(frozen=True)
class CrossValidation:
    """The results of the folds by their index: of all, unless the job was stopped."""

    training: FoldTraining
    results: dict[int, FoldResult]

    @property
    def complete(self) -> bool:
        """Whether every fold was trained to its end and has answered all its documents."""
        predicted = sum(len(result.answers.part) for result in self.results.values())
        stopped = any(result.progress.stopped for result in self.results.values())
        return predicted == len(self.training.folds.documents) and not stopped

    @property
    def epochs(self) -> int:
        """How many epochs to train without validation: the mean of the folds' best ones."""
        return max(1, int(np.mean([result.best_epoch for result in self._in_order]) + 0.5))

    @property
    def splits(self) -> tuple[Prepared, ...]:
        """The documents that each fold trains on and holds out."""
        return tuple(self.training.prepared(Fold(index)) for index in sorted(self.results))

    def held_out(self, part: Part) -> HeldOut:
        """Return what the folds answered, each to its own documents, as one.

        part: all training documents, in the ids of whoever asks. Those that no fold answered are
        not among them.
        """
        folds, answers = self.training.folds, [result.answers for result in self._in_order]
        quantized = [each.quantized for each in answers if each.quantized is not None]
        return HeldOut(
            part.chosen(folds.documents),
            folds.gather([each.probabilities for each in answers]),
            folds.gather(quantized) if quantized else None,
        )

    def best(self) -> tuple[TrainedModel, HeldOut]:
        """Return the model of the best fold, for a job that has no time to train another."""
        index, result = max(self.results.items(), key=lambda each: each[1].rank)
        prepared = self.training.prepared(Fold(index))
        progress = replace(result.progress, weights=load_file(result.weights), stopped=True)
        engine = engine_for(prepared, self.training.hyperparameters)
        return TrainedModel(prepared, engine, progress), result.answers

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds: each fold, mean and standard deviation, and the epochs.

        The deviation is that of a sample, with the number of folds less one. A score that some
        fold lacks has neither.
        """
        folds = [result.as_dict() for result in self._in_order]
        scores = {
            name: np.array([fold[name] for fold in folds])
            for name in SCORES
            if all(name in fold for fold in folds)
        }
        return {
            "folds": folds,
            "mean": {name: float(values.mean()) for name, values in scores.items()},
            "deviation": {name: float(values.std(ddof=1)) for name, values in scores.items()},
            "epochs": self.epochs,
        }

    def metrics(self) -> dict[str, float]:
        """Return mean and deviation by metric name."""
        values = self.as_dict()
        return {
            f"cross_validation:{name}{suffix}": value
            for kind, suffix in (("mean", ""), ("deviation", "_deviation"))
            for name, value in values[kind].items()
        }

    @property
    def _in_order(self) -> list[FoldResult]:
        return [self.results[index] for index in sorted(self.results)]


def cross_validate(
    documents: Documents,
    hyperparameters: Hyperparameters,
    checkpoints: Path,
    scratch: Path,
    stop: StopRequest,
) -> CrossValidation:
    """Train a model for each fold of the training documents, several side by side.

    Raises ``ConfigurationError`` when there are fewer documents than folds, ``Stopped`` when a stop
    was asked for before any fold had a model, and what ended the training of a fold.
    """
    training = FoldTraining(
        documents, _folds(documents, hyperparameters), hyperparameters, checkpoints, scratch
    )
    tasks = [Fold(index) for index in range(hyperparameters.folds)]
    processes = processes_for(hyperparameters, len(tasks))
    log.info("%d folds, %d at a time", len(tasks), processes)
    with closing(side_by_side(training, tasks, processes, stop)) as results:
        found = CrossValidation(training, {fold.index: result for fold, result in results})
    if not found.results:
        raise Stopped
    if found.complete:
        log.info(metric_line("cross-validation", found.metrics()))
    return found


def _ignore(_labels: Ids, _probabilities: Floats) -> None:
    """Watch nothing: a fold is trained to its end."""


def _folds(documents: Documents, hyperparameters: Hyperparameters) -> Folds:
    labels, count = documents.training.labels, hyperparameters.folds
    try:
        most = most_judged(len(documents.labels))
        folds = stratified_folds(labels, count, hyperparameters.seed, most)
    except ValueError as error:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"folds={count} is too many: {error}",
            remedy="Set fewer folds, or give more documents of each class.",
        ) from None
    counts = np.bincount(labels)
    few = [documents.labels[index] for index in np.flatnonzero((counts > 1) & (counts < count))]
    if few:
        log.warning(
            "%d classes have fewer documents than there are folds; some folds validate none of "
            "theirs: %s",
            len(few),
            shown(few),
        )
    return folds
