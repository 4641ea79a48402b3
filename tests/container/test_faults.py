"""What the container does when it is stopped, when its parts die, and when the disk is full."""

from pathlib import Path

import pytest

from letters import letters
from tests.support.docker import Docker
from tests.support.training import SMALL, TrainingEnvironment
from text_classification import artifact

pytestmark = pytest.mark.engine


def test_training_stopped_in_its_first_epoch(
    docker: Docker, full: str, job_folder: TrainingEnvironment
) -> None:
    """``docker stop`` is what SageMaker does: the container saves a model and exits 0."""
    job_folder.write_csv(
        "training/more.csv", [(letter.label, letter.text) for letter in letters(3000, seed=3)]
    )
    job_folder.configure("hyperparameters.json", {**SMALL, "epochs": "1000", "patience": "1000"})
    with docker.container("--volume", f"{job_folder.root}:/opt/ml", full, "train") as container:
        container.wait_for_line("training starts")
        docker("stop", "--time", "120", container.name)
        assert container.wait() == 0
    assert artifact.load(job_folder.model).metrics["stopped_on_request"]


def test_disk_full_when_the_model_is_saved(
    docker: Docker, full: str, job_folder: TrainingEnvironment
) -> None:
    """The cause is told in the failure file, and the exit code is not 0."""
    # What is tried before the training fits, the weights do not.
    options = ("--volume", f"{job_folder.root}:/opt/ml", "--tmpfs", "/opt/ml/model:size=16k")
    code, output = docker.run(*options, full, "train")
    assert code == 1, output
    assert (job_folder.root / "output/failure").read_text().startswith("DISK_FULL")


@pytest.mark.parametrize("program", ["nginx: master", "text_classification"])
def test_death_of_a_part_ends_the_container(
    docker: Docker, inference: str, trained_model: Path, program: str
) -> None:
    """The platform replaces a container that exits, not one that hangs."""
    kill = (
        "import os, pathlib, sys\n"
        "for folder in sorted(pathlib.Path('/proc').glob('[0-9]*'), key=lambda f: int(f.name)):\n"
        "    line = (folder / 'cmdline').read_bytes().decode().replace('\\0', ' ')\n"
        "    if sys.argv[1] in line and int(folder.name) not in (1, os.getpid()):\n"
        "        os.kill(int(folder.name), 9)\n"
        "        break\n"
    )
    with docker.serving(inference, trained_model) as container:
        container.wait_until_ready()
        container.execute("python3", "-c", kill, program)
        assert container.wait() == 1
        assert "ended by SIGKILL" in container.log


def test_serving_stops_on_sigterm(docker: Docker, inference: str, trained_model: Path) -> None:
    """SageMaker sends SIGTERM and kills 30 s later."""
    with docker.serving(inference, trained_model) as container:
        container.wait_until_ready()
        docker("stop", "--time", "30", container.name)
        assert container.wait() == 0


def test_workers_follow_the_quota(docker: Docker, inference: str, trained_model: Path) -> None:
    """Half a processor is one worker, however many the host has."""
    with docker.serving(inference, trained_model, "--cpus", "0.5") as container:
        container.wait_until_ready()
        assert "with 1 workers" in container.log
