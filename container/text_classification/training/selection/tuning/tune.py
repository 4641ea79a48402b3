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
from text_classification.training.hosts.apart import apart
from text_classification.training.hosts.group import HostGroup
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.hyperparameters.suited import TrainingSize
from text_classification.training.inputs.training_documents import Documents
from text_classification.training.network.durable_files import (
    INCOMPLETE,
    put_in_place,
    write_durably,
)
from text_classification.training.network.network_training import TrainedModel, engine_for
from text_classification.training.selection.parallel_training import processes_for, side_by_side
from text_classification.training.selection.tuning.study import Owner, Study
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
class TuningRun:
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
) -> TuningRun:
    """Run the trials that are still to be done, going on with the study if there is one.

    Several hosts add to one study at the same time, in the database that they share.
    Raises ``ConfigurationError`` for a wrong URL or when no trial came to a model,
    ``ResourceError`` when the database cannot be reached, ``Stopped`` when a stop was asked for
    before any trial was complete.
    """
    _quiet_libraries()
    hosts, documents = documents.hosts, replace(documents, hosts=None)
    checkpoints = settings.paths.checkpoints
    model = (checkpoints if checkpoints.is_dir() else scratch) / BEST_FILE
    storage = _storage(hyperparameters, settings, scratch, hosts)
    with apart(hosts), _database_errors_told():
        study = _run_trials(
            documents, hyperparameters, storage, scratch=scratch, model=model, stop=stop
        )
    with _database_errors_told():
        if stop and study.best_number is None:
            raise Stopped
        result = study.result(brief=bool(stop))
    if hosts and stop:
        with hosts.together(), hosts.uninterrupted():
            _share_model(model, study.name, result.best_number, hosts)
    return TuningRun(documents, study, result, model)


def _run_trials(  # noqa: PLR0913 - what a study has
    documents: Documents,
    hyperparameters: Hyperparameters,
    storage: "_Storage",
    *,
    scratch: Path,
    model: Path,
    stop: StopRequest,
) -> Study:
    """Return the study with the trials done that this machine has taken part in."""
    space = search_space(hyperparameters)
    name = hyperparameters.study_name or _name(documents, hyperparameters, space)
    study = Study(
        storage.open(),
        name,
        hyperparameters,
        space,
        storage.owner,
        size=TrainingSize.of(documents.training.lengths),
    )
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
            storage.keep()
    return study


def _share_model(path: Path, study: str, best: int, hosts: HostGroup) -> None:
    """Give the model of the best trial to all hosts, from the one that has it."""
    stored = load_model(path)
    is_best = stored is not None and (stored.study, stored.number) == (study, best)
    content = b"".join(hosts.gather_bytes(path.read_bytes() if is_best else b""))
    if content:
        write_durably(path, content)


def _tasks(study: Study, hyperparameters: Hyperparameters) -> Iterator[TrialTask]:
    """Yield trials as long as there are trials and time left; one in any case."""
    seconds = 60 * hyperparameters.tuning_minutes or float("inf")
    deadline = time.monotonic() + seconds
    while study.begun < hyperparameters.tuning_trials:
        if study.begun and time.monotonic() > deadline:
            log.info("tuning_minutes are over: no further trial begins")
            return
        yield study.ask()


@dataclass(frozen=True)
class _Storage:
    """Where a study is: how to open it, what keeps it after a trial, who adds to it here."""

    open: Callable[[], RDBStorage]
    keep: Callable[[], None]
    owner: Owner


def _storage(
    hyperparameters: Hyperparameters, settings: Settings, scratch: Path, hosts: HostGroup | None
) -> _Storage:
    url = hyperparameters.study_storage.get_secret_value()
    if url:
        owner = Owner(settings.job_name or socket.gethostname(), hosts.rank if hosts else 0)
        return _Storage(lambda: shared_storage(parse_url(url)), lambda: None, owner)
    file = SqliteFile(scratch, settings.paths.checkpoints)

    def restored() -> RDBStorage:
        file.restore()
        return RDBStorage(file.url)

    # Nobody else writes this file, whatever the job and the machine were called before.
    return _Storage(restored, file.keep, Owner("this job"))


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
