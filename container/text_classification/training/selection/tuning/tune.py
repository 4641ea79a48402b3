"""Tune: try hyperparameters in a study, several side by side, and know the best."""

import errno
import hashlib
import json
import logging
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import optuna
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from sqlalchemy.exc import SQLAlchemyError

from text_classification.contract.hyperparameters.declaration import Affects
from text_classification.contract.hyperparameters.schema import Hyperparameters, names_that_affect
from text_classification.contract.search_space import SearchSpace
from text_classification.contract.settings import Settings
from text_classification.errors import Code, ResourceError
from text_classification.evaluation.tuning_result import TuningResult
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.inputs.training_documents import Documents
from text_classification.training.network.durable_files import INCOMPLETE, put_in_place
from text_classification.training.network.network_training import TrainedModel, engine_for
from text_classification.training.selection.parallel_training import processes_for, side_by_side
from text_classification.training.selection.tuning.study import Study
from text_classification.training.selection.tuning.study_storage import (
    SqliteFile,
    parse_url,
    shared_storage,
)
from text_classification.training.selection.tuning.trial import (
    TrialTask,
    TrialTraining,
    load_model,
    prepare,
)

SQLITE_DISK_FULL = "database or disk is full"
BEST_FILE = "best-trial.safetensors"
# What jobs have in common that add to one study.
_OF_THE_STUDY = names_that_affect(
    Affects.DOCUMENTS, Affects.SHAPE, Affects.WEIGHTS, Affects.DURATION, Affects.COMPARISON
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tuned:
    """A study that is over, or was stopped.

    model: the file of the weights of the best trial of this job, if there is one.
    """

    documents: Documents
    study: Study
    result: TuningResult
    model: Path

    @property
    def hyperparameters(self) -> Hyperparameters:
        """The job's hyperparameters, with those of the best trial in place."""
        return self.study.hyperparameters_of(self.result.best_number)

    def best(self) -> tuple[TrainedModel, Hyperparameters] | None:
        """Return the best trial's own model, for a job that has no time to train another.

        None where no trial of this job has left one: other machines had the better ones, say.
        """
        stored = load_model(self.model)
        if stored is None or stored.study != self.study.name:
            return None
        hyperparameters = self.study.hyperparameters_of(stored.number)
        prepared = prepare(self.documents, hyperparameters)
        engine = engine_for(prepared, hyperparameters)
        return TrainedModel(
            prepared, engine, replace(stored.progress, stopped=True)
        ), hyperparameters


def tune(
    documents: Documents,
    hyperparameters: Hyperparameters,
    settings: Settings,
    scratch: Path,
    stop: StopRequest,
) -> Tuned:
    """Run the trials that are still to be done, going on with the study if there is one.

    Raises ``ConfigurationError`` for a wrong URL or when no trial came to a model,
    ``ResourceError`` when the database cannot be reached, ``Stopped`` when a stop was asked for
    before any trial was complete.
    """
    _quiet_libraries()
    checkpoints = settings.paths.checkpoints
    space = search_space(hyperparameters)
    name = hyperparameters.study_name or _name(documents, hyperparameters, space)
    model = (checkpoints if checkpoints.is_dir() else scratch) / BEST_FILE
    with _database_errors_told():
        storage, keep, owner = _storage(hyperparameters, settings, scratch)
        many = len(documents.training)
        study = Study(storage, name, hyperparameters, space, owner, documents=many)
        left = max(1, hyperparameters.tuning_trials - study.begun)
        processes = processes_for(hyperparameters, left)
        log.info("study %s: %d trials are done; %d at a time", name, study.begun, processes)
        work = TrialTraining(documents, name, hyperparameters.tuning_objective, scratch)
        tasks = _tasks(study, hyperparameters)
        with closing(side_by_side(work, tasks, processes, stop, study.is_hopeless)) as results:
            for task, result in results:
                study.finish(task, result)
                if result.model:
                    _keep_best(result.model, model, best=study.best_number == task.number)
                keep()
        if stop and study.best_number is None:
            raise Stopped
        return Tuned(documents, study, study.result(brief=bool(stop)), model)


def _tasks(study: Study, hyperparameters: Hyperparameters) -> Iterator[TrialTask]:
    """Yield trials as long as there are trials and time left; one in any case."""
    seconds = 60 * hyperparameters.tuning_minutes or float("inf")
    deadline = time.monotonic() + seconds
    while study.begun < hyperparameters.tuning_trials:
        if study.begun and time.monotonic() > deadline:
            log.info("tuning_minutes are over: no further trial begins")
            return
        yield study.ask()


def _storage(
    hyperparameters: Hyperparameters, settings: Settings, scratch: Path
) -> tuple[RDBStorage, Callable[[], None], str]:
    """Return the storage, what keeps it after a trial, and whose trials this job's are."""
    url = hyperparameters.study_storage.get_secret_value()
    if url:
        owner = settings.job_name or socket.gethostname()
        return shared_storage(parse_url(url)), lambda: None, owner
    file = SqliteFile(scratch, settings.paths.checkpoints)
    file.restore()
    # Nobody else writes this file, whatever the job and the machine were called before.
    return RDBStorage(file.url), file.keep, "this job"


def _keep_best(found: Path, kept: Path, *, best: bool) -> None:
    """Put the model of a trial in place of the best before it, or away."""
    if best:
        incomplete = kept.with_name(kept.name + INCOMPLETE)
        try:
            shutil.copyfile(found, incomplete)
            put_in_place(incomplete, kept)
        except OSError as error:
            incomplete.unlink(missing_ok=True)
            log.warning("the model of the best trial was not kept: %s", error.strerror)
    found.unlink()


def _name(documents: Documents, hyperparameters: Hyperparameters, space: SearchSpace) -> str:
    """Return a name that jobs share where documents, hyperparameters and space are the same."""
    chosen = hyperparameters.model_dump(mode="json", include=_OF_THE_STUDY.difference(space))
    described = json.dumps([chosen, repr(sorted(space.items())), documents.labels], sort_keys=True)
    digest = hashlib.sha256(described.encode())
    digest.update(b"\n".join(documents.tokens))
    digest.update(documents.start.digest)
    for part in (documents.training, documents.validation):
        for array in (*part.corpus.arrays, part.labels) if part else ():
            digest.update(np.ascontiguousarray(array).data)
    return f"text-classification-{digest.hexdigest()[:16]}"


@contextmanager
def _database_errors_told() -> Iterator[None]:
    """Tell a database's failure by its first line, which has no password in it."""
    try:
        yield
    except (SQLAlchemyError, StorageInternalError) as error:
        cause = error.__cause__ or error
        reason = str(getattr(cause, "orig", None) or cause).partition("\n")[0].rstrip(". ")
        if reason == SQLITE_DISK_FULL:
            raise OSError(errno.ENOSPC, reason) from None
        raise ResourceError(
            Code.STUDY_UNAVAILABLE,
            f"the database of the study cannot be used: {reason:.300}",
            remedy="Check study_storage, and that the database can be reached from the job.",
        ) from None


def _quiet_libraries() -> None:
    """Leave the log to the job: it tells of each trial itself."""
    optuna.logging.disable_default_handler()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
