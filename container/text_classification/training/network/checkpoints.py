"""Checkpoints: what a job that was killed goes on from, to the very same weights.

A container may die at any moment and start again with nothing but this folder, which SageMaker
uploads while the job runs. So a checkpoint is one file, written under a name that the uploader
passes over, synced to the disk and renamed when whole: ``checkpoint-EPOCH-STEP.safetensors``, the
epochs and steps of the next one that are done. It holds a checksum of its content: of two that are
kept, a damaged one is passed over for the one before.
"""

import json
import logging
import time
from contextlib import suppress
from pathlib import Path

from safetensors import safe_open

from text_classification.cnn.engine import Engine
from text_classification.kernels.arrays import State
from text_classification.training.network.durable_files import INCOMPLETE
from text_classification.training.network.sealed_arrays import read_sealed, write_sealed
from text_classification.training.network.training_progress import Progress

KEPT = 2
NAMES = "checkpoint-*.safetensors"
# A name that SageMaker's uploader gives a meaning: on its way.
UPLOADING = ".sagemaker-uploading"
# The array of the best epoch's answers to the validation part.
ANSWERS = "answers"

log = logging.getLogger(__name__)


def subfolder(checkpoints: Path, name: str) -> Path:
    """Return a folder of its own among checkpoints, such as a fold's.

    Where it cannot be made, or there are to be no checkpoints, it is not there and stays empty.
    """
    folder = checkpoints / name
    if checkpoints.is_dir():
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
    return folder


class Checkpoints:
    """The checkpoints of one job in a folder; none are written where there is no such folder.

    job: what the weights depend on, in a few bytes; a checkpoint of another job is not used.
    minutes: how often a checkpoint is written within an epoch.
    """

    def __init__(self, folder: Path, job: str, minutes: float) -> None:
        self._folder = folder
        self._job = job
        self._seconds = 60 * minutes
        self._last = time.monotonic()
        for path in folder.glob(f"{NAMES}{INCOMPLETE}"):
            with suppress(OSError):
                path.unlink()  # of a run that was killed while it wrote

    def restore(self, engine: Engine) -> Progress:
        """Put the engine where the newest good checkpoint left it; return how far that was."""
        for path in reversed(self._own(warn=True)):
            try:
                progress, state = _read(path)
                _check_fit(state, engine)
            except Exception as error:  # noqa: BLE001 - whatever is bad in it, the one before may do
                log.warning("%s cannot be used and is passed over: %s", path.name, error)
                continue
            engine.set_state(state)
            log.info("going on from %s: %d epochs are done", path.name, len(progress.epochs))
            return progress
        return Progress()

    def save_at_times(self, engine: Engine, progress: Progress) -> None:
        """Write a checkpoint when the last one is some minutes old."""
        if time.monotonic() - self._last >= self._seconds:
            self.save(engine, progress)

    def save(self, engine: Engine, progress: Progress) -> None:
        """Write a checkpoint; where that fails, training goes on and the log says why."""
        if not self._folder.is_dir():
            return
        steps = progress.under_way.steps
        path = self._folder / f"checkpoint-{len(progress.epochs):05}-{steps:08}.safetensors"
        arrays: State = {
            **{f"state.{name}": array for name, array in engine.get_state().items()},
            **{f"best.{name}": array for name, array in progress.weights.items()},
            **({} if progress.answers is None else {ANSWERS: progress.answers}),
        }
        description = {"job": self._job, "progress": json.dumps(progress.as_dict())}
        try:
            write_sealed(path, arrays, description)
            self._remove_old()
        except OSError as error:
            log.warning("no checkpoint was written to %s: %s", self._folder, error.strerror)
        self._last = time.monotonic()

    def _remove_old(self) -> None:
        for path in self._own()[:-KEPT]:
            if not path.with_name(path.name + UPLOADING).exists():
                path.unlink()

    def _own(self, *, warn: bool = False) -> list[Path]:
        """Return the checkpoints of this job, oldest first; warn of others if that is asked."""
        own = []
        for path in sorted(self._folder.glob(NAMES)):
            try:
                with safe_open(path, "numpy") as file:
                    job = (file.metadata() or {}).get("job")
            except Exception as error:  # noqa: BLE001 - a damaged file may raise anything
                reason = f"cannot be read: {error}"
            else:
                reason = "is of other documents, hyperparameters, another start or another engine"
                if job == self._job:
                    own.append(path)
                    continue
            if warn:
                log.warning("%s %s; it is passed over", path.name, reason)
        return own


def _read(path: Path) -> tuple[Progress, State]:
    arrays, description = read_sealed(path)
    state, best = (
        {
            name.removeprefix(prefix): array
            for name, array in arrays.items()
            if name.startswith(prefix)
        }
        for prefix in ("state.", "best.")
    )
    answers = arrays.get(ANSWERS)
    return Progress.from_dict(json.loads(description["progress"]), best, answers), state


def _check_fit(state: State, engine: Engine) -> None:
    """Raise ``ValueError`` where a state is not that of such an engine."""
    needed = {name: array.shape for name, array in engine.get_state().items()}
    if {name: array.shape for name, array in state.items()} != needed:
        raise ValueError("it does not have the arrays of this engine")
