"""Cross-validation as a job: what it prints and leaves, killed, stopped and started again."""

import re
import signal
import subprocess
from pathlib import Path

import pytest

from letters import letters
from tests.support.training import SMALL, TIMEOUT, TrainingEnvironment
from tests.support.waiting import wait_until
from text_classification import artifact
from text_classification.contract.metric_lines import metric_definitions

pytestmark = pytest.mark.long

HYPERPARAMETERS = {
    **SMALL,
    "folds": "3",
    "processes": "2",
    "epochs": "3",
    "batch_size": "8",
    "checkpoint_minutes": "0.0000001",  # a checkpoint after each step
}


def _job(root: Path, **changes: str) -> TrainingEnvironment:
    root.mkdir()
    job = TrainingEnvironment(root)
    sample = [(each.label, each.text) for each in letters(400, seed=1)]
    job.write_csv("training/letters.csv", sample[:320])
    job.write_csv("test/letters.csv", sample[320:])
    job.configure("hyperparameters.json", {**HYPERPARAMETERS, **changes})
    (root / "checkpoints").mkdir()
    return job


def _newest(job: TrainingEnvironment, fold: str) -> str:
    folder = job.root / "checkpoints" / fold
    return max((path.name for path in folder.glob("checkpoint-*.safetensors")), default="")


def _start_until(job: TrainingEnvironment, fold: str, checkpoint: str) -> subprocess.Popen[str]:
    """Start the job and return when a fold has a checkpoint beyond one."""
    process = job.start()
    wait_until(lambda: process.poll() is not None or _newest(job, fold) > checkpoint)
    assert process.poll() is None, process.communicate()[0]
    return process


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingEnvironment, str]:
    """A job that nobody killed, and what it printed."""
    job = _job(tmp_path_factory.mktemp("whole") / "job")
    result = job.run()
    assert result.code == 0, result.output
    return job, result.output


def test_job_prints_and_keeps_the_scores_of_its_folds(
    whole: tuple[TrainingEnvironment, str],
) -> None:
    """One line with mean and deviation; no curve is drawn through the epochs of several folds."""
    job, output = whole
    found = {
        each["Name"]: [float(value) for value in re.findall(each["Regex"], output)]
        for each in metric_definitions()
    }
    metrics = artifact.load(job.model).metrics
    validated = metrics["cross_validation"]
    for name in ("loss", "accuracy", "macro_f1", "pr_auc"):
        assert found[f"cross_validation:{name}"] == [
            pytest.approx(validated["mean"][name], abs=1e-4)
        ]
        deviation = pytest.approx(validated["deviation"][name], abs=1e-4)
        assert found[f"cross_validation:{name}_deviation"] == [deviation]
    assert [fold["documents"] for fold in validated["folds"]] == [107, 107, 106]
    # Of the last model: an epoch each, and one judgement by the answers out of fold.
    assert len(found["train:loss"]) == len(metrics["epochs"]) == validated["epochs"]
    assert found["validation:accuracy"] == [
        pytest.approx(metrics["validation"]["accuracy"], abs=1e-4)
    ]
    assert (metrics["training_documents"], metrics["validation"]["documents"]) == (320, 320)
    assert metrics["test"]["documents"] == 80
    assert metrics["tables"]["documents"] == 320


def test_killed_job_goes_on_among_its_folds(
    tmp_path: Path, whole: tuple[TrainingEnvironment, str]
) -> None:
    """Killed in a first fold and in the last, which begins when another is finished.

    The finished one is not repeated.
    """
    job = _job(tmp_path / "job")
    for fold, checkpoint in (("fold-1", ""), ("fold-3", "checkpoint-00001-0")):
        process = _start_until(job, fold, checkpoint)
        process.kill()
        process.communicate(timeout=TIMEOUT)
    result = job.run()
    assert result.code == 0, result.output
    assert "fold 3: going on from checkpoint-0000" in result.output
    finished = re.search(r"(fold [12]): going on from checkpoint-00003-00000000", result.output)
    assert finished, result.output
    assert f"{finished[1]}: epoch" not in result.output
    assert (job.model / "weights.safetensors").read_bytes() == (
        whole[0].model / "weights.safetensors"
    ).read_bytes()


def test_job_stopped_among_its_folds_leaves_a_model(tmp_path: Path) -> None:
    """SIGTERM reaches the processes; the best fold's model is saved with its own scores."""
    job = _job(tmp_path / "job", epochs="1000", patience="1000")
    process = _start_until(job, "fold-2", "checkpoint-00002")
    process.send_signal(signal.SIGTERM)
    result = job.finish(process)
    assert result.code == 0, result.output
    assert not result.failure
    metrics = artifact.load(job.model).metrics
    assert metrics["stopped_on_request"]
    assert metrics["training_documents"] + metrics["validation"]["documents"] == 320
    assert "cross_validation" not in metrics


def test_lost_process_is_the_jobs_failure(tmp_path: Path) -> None:
    """As where the memory is too small for one of them."""
    job = _job(tmp_path / "job", epochs="1000", patience="1000")
    process = _start_until(job, "fold-1", "")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    worker = next(child for child, command in commands.items() if b"spawn_main" in command)
    subprocess.run(["kill", "-KILL", str(worker)], check=True)
    result = job.finish(process)
    assert result.code == 1
    assert result.failure.startswith("PROCESS_LOST: a training process ended with exit code -9")
    assert not list(job.model.iterdir())
