"""Cross-validation: a model for each fold, and what each answers to the documents it held out."""

import logging
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.metric_lines import metric_line
from text_classification.corpus.folds import Folds, stratified_folds
from text_classification.corpus.label import shown
from text_classification.errors import Code, ConfigurationError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hosts.apart import apart
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.sample import most_judged
from text_classification.training.inputs.training_documents import Documents, TrainingData
from text_classification.training.network.held_out import HeldOut
from text_classification.training.network.network_training import TrainedModel, engine_for
from text_classification.training.selection.fold_training import Fold, FoldResult, FoldTraining
from text_classification.training.selection.parallel_training import processes_for, side_by_side
from text_classification.training.selection.shared_folds import shared_results

SCORES = ("loss", "accuracy", "macro_f1", "pr_auc")

log = logging.getLogger(__name__)


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
    def splits(self) -> tuple[TrainingData, ...]:
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

    Several hosts have a share of the folds each, and all of them get all results.
    Raises ``ConfigurationError`` when there are fewer documents than folds, ``Stopped`` when a stop
    was asked for before any fold had a model, and what ended the training of a fold.
    """
    hosts, alone = documents.hosts, replace(documents, hosts=None)
    training = FoldTraining(
        alone, _folds(documents, hyperparameters), hyperparameters, checkpoints, scratch
    )
    tasks = [Fold(index) for index in range(hyperparameters.folds)]
    with apart(hosts):
        own = tasks[hosts.rank :: hosts.size] if hosts else tasks
        results = _trained(training, own, hyperparameters, stop)
    if hosts:
        with hosts.together(), hosts.uninterrupted():
            results = shared_results(training, results, hosts)
    found = CrossValidation(training, results)
    if not found.results:
        raise Stopped
    if found.complete and (not hosts or hosts.is_first):
        log.info(metric_line("cross-validation", found.metrics()))
    return found


def _trained(
    training: FoldTraining, tasks: list[Fold], hyperparameters: Hyperparameters, stop: StopRequest
) -> dict[int, FoldResult]:
    """Return the results of folds by their index; none of a host that has no fold."""
    if not tasks:
        return {}
    processes = processes_for(hyperparameters, len(tasks))
    log.info("%d folds, %d at a time", len(tasks), processes)
    with closing(side_by_side(training, tasks, processes, stop)) as results:
        return {fold.index: result for fold, result in results}


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
