"""training/selection/tuning/tune.py, with real trials in processes of their own."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from optuna.exceptions import StorageInternalError
from optuna.storages import RDBStorage
from pydantic import SecretStr

from tests.unit.training.documents import ROWS, documents_of
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.errors import Code, ConfigurationError, ResourceError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.inputs.training_documents import Documents
from text_classification.training.selection.tuning import tune as module
from text_classification.training.selection.tuning.trial import load_model, save_model
from text_classification.training.selection.tuning.tune import TuningRun, tune

pytestmark = pytest.mark.long
PARAMETERS = Hyperparameters(
    recipe="kim",
    embedding_size=8,
    epochs=3,
    min_count=1,
    engine="fast",
    tuning_trials=3,
    tuning_objective="accuracy",
    search_space='{"filters": [4, 8], "learning_rate": {"low": 1e-6, "high": 0.1, "log": true}}',
)


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    """Documents that are easily told apart."""
    return documents_of(tmp_path, PARAMETERS, ROWS)


def tuned(
    documents: Documents, root: Path, stop: StopRequest | None = None, **changes: Any
) -> TuningRun:
    """Run a study as a job in a root would, in a scratch folder of its own."""
    scratch = root / f"scratch-{len(list(root.iterdir()))}"
    scratch.mkdir()
    parameters = PARAMETERS.model_copy(update=changes)
    return tune(
        documents,
        parameters,
        Settings(root=root),
        scratch,
        StopRequest() if stop is None else stop,
    )


def test_study_goes_on_among_the_checkpoints(
    documents: Documents, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """More trials are added to those that are done; another job's study is another one."""
    caplog.set_level(logging.INFO)
    (tmp_path / "checkpoints").mkdir()
    first = tuned(documents, tmp_path, tuning_trials=2)
    assert len(first.result.numbers) == 2
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["best-trial.safetensors", "study.sqlite3"]
    second = tuned(documents, tmp_path, processes=1)
    assert "2 trials are done; 1 at a time" in caplog.text
    assert second.result.numbers == (0, 1, 2)
    assert second.result.values[:2] == first.result.values
    best = second.result.best.hyperparameters
    assert second.hyperparameters.filters == best["filters"]
    assert second.hyperparameters.learning_rate == best["learning_rate"]
    assert second.hyperparameters.epochs == 3
    stored = load_model(second.model)
    assert stored is not None
    assert stored.number == second.result.best_number
    caplog.clear()
    third = tuned(documents, tmp_path)
    assert third.result == second.result
    other = tuned(documents, tmp_path, tuning_trials=1, dropout=0.1)
    assert other.result.numbers == (0,)


def test_best_trial_has_a_model(documents: Documents, tmp_path: Path) -> None:
    """What a job leaves that has no time to train another; no other trial's weights stay."""
    found = tuned(documents, tmp_path)
    best = found.best()
    assert best is not None
    trained, hyperparameters = best
    assert hyperparameters == found.hyperparameters
    assert trained.progress.stopped
    assert len(trained.prepared.training) == 48
    assert len(list(found.model.parent.glob("*.safetensors"))) == 1
    stored = load_model(found.model)
    assert stored is not None
    save_model(found.model, replace(stored, study="another"))
    assert found.best() is None
    found.model.unlink()
    assert found.best() is None


def test_time_ends_the_study(
    documents: Documents, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No further trial begins; one is done in any case."""
    caplog.set_level(logging.INFO)
    found = tuned(documents, tmp_path, tuning_minutes=1e-9, processes=1)
    assert found.result.numbers == (0,)
    assert "tuning_minutes are over" in caplog.text


def test_stop_before_any_trial_is_done_leaves_nothing(documents: Documents, tmp_path: Path) -> None:
    """There is no model yet."""
    stop = StopRequest()
    stop.set()
    with pytest.raises(Stopped):
        tuned(documents, tmp_path, stop)


def test_trials_that_make_no_model_are_told(
    documents: Documents, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each in the log, and all of them as the job's error."""
    space = '{"strides": [40, 50]}'
    with pytest.raises(ConfigurationError, match="none of the 2 trials came to a model"):
        tuned(
            documents,
            tmp_path,
            recipe="stacked",
            sequence_length="9",
            pool_size=50,
            kernel_size=10,
            engine="auto",
            search_space=space,
            tuning_trials=2,
            processes=1,
        )
    assert caplog.text.count("failed; strides=") == 2


def test_full_disk_keeps_no_model_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The study counts more than the model of a stop that may never come."""

    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", refuse)
    (tmp_path / "found").touch()
    module._keep_best(tmp_path / "found", tmp_path / "kept", best=True)
    assert "the model of the best trial was not kept: No space left" in caplog.text
    assert not list(tmp_path.iterdir())


def test_database_that_cannot_be_reached_is_told(documents: Documents, tmp_path: Path) -> None:
    """With the driver's reason and without the password."""
    url = SecretStr("postgresql://user:secret@127.0.0.1:1/name")
    with pytest.raises(ResourceError, match=r"127\.0\.0\.1") as raised:
        tuned(documents, tmp_path, study_storage=url)
    assert raised.value.code == Code.STUDY_UNAVAILABLE
    assert "secret" not in str(raised.value)


def test_database_that_is_lost_is_told(
    documents: Documents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Optuna's own error, which names no cause of a driver."""

    def fail(*_: object, **__: object) -> None:
        raise StorageInternalError("An exception is raised during the commit.\nMore of it.")

    monkeypatch.setattr(RDBStorage, "create_new_study", fail)
    with pytest.raises(
        ResourceError, match=r"cannot be used: An exception is raised during the commit\. Check"
    ) as raised:
        tuned(documents, tmp_path)
    assert raised.value.code == Code.STUDY_UNAVAILABLE


def test_jobs_that_are_alike_share_a_study(tmp_path: Path) -> None:
    """What decides what a trial comes to is in the name, and nothing else."""

    def name(folder: str, rows: list[tuple[str, str]], **changes: Any) -> str:
        documents = documents_of(tmp_path / folder, PARAMETERS, rows)
        space = search_space(PARAMETERS)
        return module._name(documents, PARAMETERS.model_copy(update=changes), space)

    first = name("first", ROWS)
    assert first == name("again", ROWS, tuning_trials=99, folds=5, processes=3)
    assert first == name("searched", ROWS, filters=77)
    others = [
        name("rows", ROWS[:-1]),
        name("objective", ROWS, tuning_objective="pr_auc"),
        name("given", ROWS, embedding_size=16),
    ]
    assert len({first, *others}) == 4
