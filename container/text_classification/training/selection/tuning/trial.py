"""A trial: one model with hyperparameters of its own, given up where it is hopeless."""

import json
import logging
import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.errors import ConfigurationError
from text_classification.kernels.arrays import Floats, Ids
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs.training_documents import Documents, TrainingData
from text_classification.training.job_folders import full_disk_named
from text_classification.training.network.network_training import train_model
from text_classification.training.network.sealed_arrays import read_sealed, write_sealed
from text_classification.training.network.training_progress import Progress
from text_classification.training.selection.parallel_training import Ask
from text_classification.training.selection.tuning.objective import objective_value

# A trial is short: started again, it is trained again.
NO_CHECKPOINTS = Path("/nonexistent")

log = logging.getLogger(__name__)


class TrialState(StrEnum):
    """How a trial ended."""

    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"


@dataclass(frozen=True)
class TrialTask:
    """A trial to do, by its number in the study."""

    number: int
    hyperparameters: Hyperparameters

    def __str__(self) -> str:
        """Return its name in the log."""
        return f"trial {self.number}"


@dataclass(frozen=True)
class EpochValue:
    """What a trial tells after an epoch, counted from 1; the answer is whether it is hopeless."""

    epoch: int
    value: float


@dataclass(frozen=True)
class TrialResult:
    """What a trial came to.

    value: of the epoch whose weights were kept; None unless complete. model: the file of those
    weights. error: why it failed.
    """

    state: TrialState
    epochs: int
    value: float | None = None
    model: Path | None = None
    error: str = ""


class Hopeless(Exception):
    """Ends the training of a trial that is given up."""


@dataclass(frozen=True)
class TrialTraining:
    """The work of the processes: train the model of a trial."""

    documents: Documents
    study: str
    objective: str
    scratch: Path

    def __call__(self, task: TrialTask, stop: StopRequest, ask: Ask) -> TrialResult:
        """Train and leave the weights in a file, unless the trial is given up.

        Hyperparameters that make no model, or none whose loss is a number, are the trial's failure
        and not the job's. Raises ``Stopped`` on a stop request: half a trial is worth nothing.
        """
        values: list[float] = []

        def watch(labels: Ids, probabilities: Floats) -> None:
            stop.check()
            values.append(objective_value(self.objective, labels, probabilities))
            if ask(EpochValue(len(values), values[-1])):
                raise Hopeless

        try:
            prepared = prepare(self.documents, task.hyperparameters)
            trained = train_model(prepared, task.hyperparameters, NO_CHECKPOINTS, stop, watch=watch)
        except Hopeless:
            return TrialResult(TrialState.PRUNED, len(values))
        except ConfigurationError as error:
            return TrialResult(TrialState.FAILED, len(values), error=str(error))
        progress = trained.progress
        if progress.stopped or progress.best is None:
            raise Stopped
        value = values[progress.best.number - 1]
        if math.isnan(value):
            reason = f"there is no {self.objective}: the validation documents are of one class"
            return TrialResult(TrialState.FAILED, len(values), error=reason)
        path = self.scratch / f"trial-{task.number}.safetensors"
        with full_disk_named(self.scratch):
            save_model(path, StoredModel(self.study, task.number, progress))
        return TrialResult(TrialState.COMPLETE, len(values), value, path)


def prepare(documents: Documents, hyperparameters: Hyperparameters) -> TrainingData:
    """Return the parts of a trial: all trials have the same documents to validate on."""
    return documents.prepare(*documents.split(hyperparameters), hyperparameters)


@dataclass(frozen=True)
class StoredModel:
    """The best epoch's weights of a trial, with its study, its number and its epochs."""

    study: str
    number: int
    progress: Progress


def save_model(path: Path, model: StoredModel) -> None:
    """Write the model of a trial."""
    epochs = json.dumps(model.progress.as_dict())
    description = {"study": model.study, "trial": str(model.number), "progress": epochs}
    write_sealed(path, model.progress.weights, description)


def load_model(path: Path) -> StoredModel | None:
    """Return the model of a trial that lies in a file, None where there is none to be read."""
    if not path.is_file():
        return None
    try:
        weights, description = read_sealed(path)
        progress = Progress.from_dict(json.loads(description["progress"]), weights)
        return StoredModel(description["study"], int(description["trial"]), progress)
    except Exception as error:  # noqa: BLE001 - whatever is bad in it, another model may do
        log.warning("%s cannot be used and is passed over: %s", path.name, error)
        return None
