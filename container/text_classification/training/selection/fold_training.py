"""A fold of a cross-validation: its model, and what that answers to the documents held out."""

import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as serialize

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.folds import Folds
from text_classification.evaluation.curve_areas import curve_areas
from text_classification.evaluation.metrics import Summary, summarize
from text_classification.kernels.arrays import Floats, Ids
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.training_documents import Documents, TrainingData
from text_classification.training.job_folders import full_disk_named
from text_classification.training.network.checkpoints import subfolder
from text_classification.training.network.held_out import HeldOut, held_out_predictions
from text_classification.training.network.network_training import train_model
from text_classification.training.network.training_progress import Progress
from text_classification.training.selection.parallel_training import Ask

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
        checkpoints = subfolder(self.checkpoints, _file_name(fold))
        prepared = self.prepared(fold)
        trained = train_model(prepared, self.hyperparameters, checkpoints, stop, watch=_ignore)
        # Not save_file: a full disk must be an OSError.
        weights = self.write_weights(fold, serialize(trained.progress.weights))
        progress = replace(trained.progress, weights={}, answers=None)
        result = FoldResult(progress, weights, held_out_predictions(trained, stop))
        log.info("done: %s, from epoch %d", result.summary, result.best_epoch)
        return result

    def prepared(self, fold: Fold) -> TrainingData:
        """Return the parts of a fold; its vocabulary is that of its own training documents."""
        everything = self.documents.training
        return self.documents.prepare(
            everything.chosen(self.folds.training(fold.index)),
            everything.chosen(self.folds.held_out(fold.index)),
            self.hyperparameters,
        )

    def write_weights(self, fold: Fold, content: bytes) -> Path:
        """Write the weights of a fold's model into a file, and return it."""
        path = self.scratch / f"{_file_name(fold)}.safetensors"
        with full_disk_named(self.scratch):
            path.write_bytes(content)
        return path


def _file_name(fold: Fold) -> str:
    return str(fold).replace(" ", "-")


def _ignore(_labels: Ids, _probabilities: Floats) -> None:
    """Watch nothing: a fold is trained to its end."""
