"""Folders that are full or cannot be written to, by mounts of a namespace of the test's own."""

import subprocess
from pathlib import Path

import pytest

from letters import letters
from tests.support.training import PROGRAMS, SMALL, TIMEOUT, TrainingEnvironment, environment

# Kept from the job's surroundings by unshare; the job itself is the command.
MOUNTED = "mount -t tmpfs -o {options} tmpfs {folder} && exec {program}"


@pytest.fixture
def job(training: TrainingEnvironment) -> TrainingEnvironment:
    """A small job, where namespaces may be made."""
    probe = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(training.root)]
    try:
        subprocess.run(probe, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system may be mounted here")
    training.write_csv("train/a.csv", [(each.label, each.text) for each in letters(100, seed=1)])
    training.configure("hyperparameters.json", SMALL)
    return training


def _run(job: TrainingEnvironment, folder: Path, options: str) -> tuple[int, str]:
    """Run the job with a file system of its own on a folder; its exit code and what it printed."""
    folder.mkdir(parents=True, exist_ok=True)
    script = MOUNTED.format(options=options, folder=folder, program=PROGRAMS / "train")
    found = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        env=environment(job.root),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return found.returncode, found.stdout + found.stderr


@pytest.mark.parametrize("name", ["model", "output/data", "tmp"])
@pytest.mark.parametrize(
    ("options", "code"), [("ro", "FOLDER_UNWRITABLE"), ("size=4k,nr_inodes=1", "DISK_FULL")]
)
def test_folder_is_told_by_name_before_anything_is_read(
    job: TrainingEnvironment, name: str, options: str, code: str
) -> None:
    """Neither a fault of the image nor a traceback: which folder it is, and what to do."""
    folder = Path(environment(job.root)["TMPDIR"]) if name == "tmp" else job.root / name
    exit_code, output = _run(job, folder, options)
    assert exit_code == 1
    assert f"{code}: the folder {folder} cannot be written to" in output
    assert "Traceback" not in output
    assert "documents to train on" not in output


def test_model_that_does_not_fit_is_told(job: TrainingEnvironment) -> None:
    """The folder took the first bytes, and is full before the model is whole."""
    exit_code, output = _run(job, job.root / "model", "size=8k")
    assert exit_code == 1
    assert f"DISK_FULL: the disk is full [{job.root / 'model'}" in output
    assert "Traceback" not in output
    assert (job.root / "output/failure").read_text().startswith("DISK_FULL")
