"""A training job that is killed and started again with its checkpoints."""

import signal
from pathlib import Path

import pytest

from letters import letters
from tests.support.training import SMALL, TIMEOUT, TrainingEnvironment
from tests.support.waiting import wait_until

# A checkpoint after each step.
HYPERPARAMETERS = {
    **SMALL,
    "epochs": "4",
    "patience": "4",
    "batch_size": "8",
    "checkpoint_minutes": "0.0000001",
}


def _job(root: Path, **changes: str) -> TrainingEnvironment:
    root.mkdir()
    job = TrainingEnvironment(root)
    job.write_csv(
        "training/letters.csv", [(each.label, each.text) for each in letters(400, seed=1)]
    )
    job.configure("hyperparameters.json", {**HYPERPARAMETERS, **changes})
    return job


def _newest(folder: Path) -> str:
    """Return the name of the newest checkpoint, empty when there is none."""
    return max((path.name for path in folder.glob("checkpoint-*.safetensors")), default="")


def _kill_after(job: TrainingEnvironment, checkpoint: str, signal_number: int) -> None:
    """Start the job and kill it as soon as it has written a checkpoint beyond one."""
    process = job.start()
    wait_until(lambda: process.poll() is not None or _newest(job.root / "checkpoints") > checkpoint)
    assert process.poll() is None, process.communicate()[0]
    process.send_signal(signal_number)
    process.communicate(timeout=TIMEOUT)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The weights of a job that nobody killed, and that writes no checkpoints."""
    job = _job(tmp_path_factory.mktemp("whole") / "job")
    assert job.run().code == 0
    return (job.model / "weights.safetensors").read_bytes()


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.exhaustive)]
)
def test_killed_jobs_end_with_the_same_weights(
    tmp_path: Path, expected: bytes, number: signal.Signals
) -> None:
    """Killed in the first epoch, later in it, between epochs, in the last: not a bit changes."""
    job = _job(tmp_path / "job")
    folder = job.root / "checkpoints"
    folder.mkdir()
    for moment in ("", "checkpoint-00000-00000004", "checkpoint-00001-0", "checkpoint-00003-0"):
        _kill_after(job, moment, number)
    assert any(_newest(folder))
    last = job.run()
    assert last.code == 0
    assert "going on from checkpoint-00003" in last.output
    assert (job.model / "weights.safetensors").read_bytes() == expected
    assert len(list(folder.iterdir())) == 2


def test_finished_job_started_again_trains_no_more(tmp_path: Path, expected: bytes) -> None:
    """The platform may start a container again after the last epoch: the model is the same."""
    job = _job(tmp_path / "job")
    (job.root / "checkpoints").mkdir()
    job.run()
    again = job.run()
    assert "epoch 1:" not in again.output
    assert (job.model / "weights.safetensors").read_bytes() == expected


def test_damaged_and_foreign_checkpoints_are_passed_over(tmp_path: Path, expected: bytes) -> None:
    """Half an upload, a file of a killed write, the checkpoint of another job: all are told."""
    other = _job(tmp_path / "other", learning_rate="0.01", epochs="1")
    job = _job(tmp_path / "job")
    for each in (other, job):
        (each.root / "checkpoints").mkdir()
    other.run()
    folder = job.root / "checkpoints"
    foreign = other.root / "checkpoints" / _newest(other.root / "checkpoints")
    content = foreign.read_bytes()
    (folder / "checkpoint-00008-00000000.safetensors").write_bytes(content)
    (folder / "checkpoint-00009-00000000.safetensors").write_bytes(content[: len(content) // 2])
    (folder / "checkpoint-00010-00000000.safetensors.sagemaker-ignore").write_bytes(content)
    result = job.run()
    assert "checkpoint-00009-00000000.safetensors cannot be read" in result.output
    assert "checkpoint-00008-00000000.safetensors is of other documents" in result.output
    assert not list(folder.glob("*.sagemaker-ignore"))
    assert len(list(folder.iterdir())) == 2 + 2  # the others' files, and two of its own
    assert (job.model / "weights.safetensors").read_bytes() == expected
