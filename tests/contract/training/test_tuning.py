"""Tuning as a job: what it prints and leaves, killed, stopped, started again, asked in vain."""

import csv
import json
import re
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from letters import letters
from tests.support.postgres import PASSWORD, PLACES, postgres
from tests.support.skipping import skip
from tests.support.training import TIMEOUT, Job, TrainingEnvironment
from tests.support.waiting import wait_until
from text_classification import artifact
from text_classification.contract.metric_lines import metric_definitions

pytestmark = pytest.mark.long

SPACE = {"filters": [8, 16], "learning_rate": {"low": 1e-3, "high": 0.1, "log": True}}
HYPERPARAMETERS = {
    "recipe": "kim",
    "embedding_size": "16",
    "batch_size": "8",
    "epochs": "6",
    "tuning_epochs": "3",
    "tuning_trials": "5",
    "tuning_pruner": "none",
    "processes": "1",
    "keras_export": "false",
    "report": "false",
    "search_space": json.dumps(SPACE),
}


def _job(root: Path, **changes: str) -> TrainingEnvironment:
    root.mkdir()
    job = TrainingEnvironment(root)
    sample = [(each.label, each.text) for each in letters(300, seed=1)]
    job.write_csv("training/letters.csv", sample[:240])
    job.write_csv("test/letters.csv", sample[240:])
    job.configure("hyperparameters.json", {**HYPERPARAMETERS, **changes})
    (root / "checkpoints").mkdir()
    return job


def _trials_kept(job: TrainingEnvironment) -> int:
    """Return how many complete trials the study among the checkpoints has."""
    path = job.root / "checkpoints/study.sqlite3"
    if not path.is_file():
        return 0
    with closing(sqlite3.connect(path)) as database:
        (count,) = database.execute(
            "SELECT COUNT(*) FROM trials WHERE state = 'COMPLETE'"
        ).fetchone()
    return int(count)


def _start_until(job: TrainingEnvironment, trials: int) -> subprocess.Popen[str]:
    """Start the job and return when its study has kept so many trials."""
    process = job.start()
    wait_until(lambda: process.poll() is not None or _trials_kept(job) >= trials)
    assert process.poll() is None, process.communicate()[0]
    return process


def _tuning(job: TrainingEnvironment) -> dict[str, Any]:
    found: dict[str, Any] = artifact.load(job.model).metrics["tuning"]
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingEnvironment, Job]:
    """A job that nobody killed, and how it ended."""
    job = _job(tmp_path_factory.mktemp("whole") / "job", report="true")
    result = job.run()
    assert result.code == 0, result.output
    return job, result


def test_job_leaves_the_best_model_and_its_study(whole: tuple[TrainingEnvironment, Job]) -> None:
    """The artifact has the best trial's hyperparameters; every trial is in metrics and table."""
    job, result = whole
    tuning, model = _tuning(job), artifact.load(job.model)
    values = [trial["value"] for trial in tuning["trials"]]
    assert tuning["best"]["value"] == max(values)
    for name, value in tuning["best"]["hyperparameters"].items():
        assert model.hyperparameters[name] == value
    with (job.output_data / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["pr_auc"]) for row in rows] == pytest.approx(values)
    found = {
        each["Name"]: [float(value) for value in re.findall(each["Regex"], result.output)]
        for each in metric_definitions()
    }
    assert found["tuning:value"] == pytest.approx(values, abs=1e-4)
    assert found["tuning:best"] == pytest.approx(tuning["history"], abs=1e-4)
    # No curve is drawn through the epochs of several trials.
    assert len(found["train:loss"]) == len(model.metrics["epochs"])
    gap = model.metrics["validation"]["pr_auc"] - model.metrics["test"]["pr_auc"]
    assert tuning["validation_test_gap"] == pytest.approx(gap)
    assert "tuned: pr_auc is" in result.output
    assert 'id="tuning-study"' in (job.output_data / "report.html").read_text(encoding="utf-8")
    assert _trials_kept(job) == 5


@pytest.mark.exhaustive
def test_killed_study_goes_on_to_the_same_end(
    tmp_path: Path, whole: tuple[TrainingEnvironment, Job]
) -> None:
    """Killed in the middle of its trials, twice: what was done is not done again."""
    job = _job(tmp_path / "job")
    for trials in (1, 3):
        process = _start_until(job, trials)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=TIMEOUT)
    result = job.run()
    assert result.code == 0, result.output
    done = re.search(r"(\d) trials are done", result.output)
    assert done
    assert int(done[1]) >= 3
    assert len(re.findall("tuning_value=", result.output)) == 5 - int(done[1])
    found, expected = (_tuning(each) for each in (job, whole[0]))
    assert found["history"] == pytest.approx(expected["history"])
    assert (job.model / "weights.safetensors").read_bytes() == (
        whole[0].model / "weights.safetensors"
    ).read_bytes()


def test_stopped_study_leaves_the_best_trial(tmp_path: Path) -> None:
    """SIGTERM after a trial: a whole model with its scores, and the study for another start."""
    job = _job(tmp_path / "job", tuning_trials="1000")
    process = _start_until(job, 2)
    process.send_signal(signal.SIGTERM)
    result = job.finish(process)
    assert result.code == 0, result.output
    assert not result.failure
    metrics = artifact.load(job.model).metrics
    assert metrics["stopped_on_request"]
    assert len(metrics["epochs"]) <= 3
    trials = metrics["tuning"]["trials"]
    assert metrics["tuning"]["best"] in trials
    assert _trials_kept(job) == len(trials)


@pytest.mark.parametrize(
    ("space", "problem"),
    [
        (
            '{"filters": [0]}',
            "the hyperparameter filters is 0: it is not a whole number from 1 to 4096",
        ),
        ('{"filter": [8]}', "'filter' cannot be searched"),
        ("8 to 16", "it is no JSON object"),
    ],
)
def test_wrong_space_is_refused(training: TrainingEnvironment, space: str, problem: str) -> None:
    """Before a document is read: exit code 1, and the failure file says what is wrong."""
    training.write("training/a.csv", "x,one\n")
    training.configure(
        "hyperparameters.json", {"recipe": "kim", "tuning_trials": "3", "search_space": space}
    )
    job = training.run()
    assert job.code == 1
    reason = f"HYPERPARAMETER_INVALID: the search_space is wrong: {problem}"
    assert job.failure.startswith(reason)
    assert "sklearn" not in job.output


@pytest.fixture
def database() -> Iterator[str]:
    """The URL of an empty PostgreSQL database; short paths, as its socket's name must be."""
    if not PLACES:
        skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        yield url


def test_jobs_share_a_study_in_a_database(tmp_path: Path, database: str) -> None:
    """Two at a time add to one study, and the password is nowhere in what they leave."""
    jobs = [_job(tmp_path / name, study_storage=database) for name in ("one", "two")]
    started = [
        job.start(TRAINING_JOB_NAME=name) for job, name in zip(jobs, ("one", "two"), strict=True)
    ]
    results = [job.finish(process) for job, process in zip(jobs, started, strict=True)]
    assert [result.code for result in results] == [0, 0], results[0].output + results[1].output
    done = [len(re.findall("tuning_value=", result.output)) for result in results]
    numbers = [[trial["number"] for trial in _tuning(job)["trials"]] for job in jobs]
    assert 5 <= sum(done) <= 6
    assert all(set(range(5)) <= set(each) for each in numbers)
    for job, result in zip(jobs, results, strict=True):
        assert PASSWORD not in result.output
        left = [*job.model.rglob("*"), *job.output_data.rglob("*")]
        assert not any(PASSWORD.encode() in path.read_bytes() for path in left if path.is_file())
        assert not (job.root / "checkpoints/study.sqlite3").exists()


def test_database_that_cannot_be_used_is_told(tmp_path: Path, database: str) -> None:
    """By the server's own words, without the password."""
    wrong = database.replace(PASSWORD, f"{PASSWORD}-wrong")
    job = _job(tmp_path / "job", study_storage=wrong)
    result = job.run()
    assert result.code == 1
    assert result.failure.startswith("STUDY_UNAVAILABLE: the database of the study cannot be used")
    assert 'password authentication failed for user "tuner"' in result.failure
    assert PASSWORD not in result.output + result.failure
