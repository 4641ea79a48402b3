"""Training and serving in the image as root, as any user, and on a read-only root."""

from pathlib import Path

import pytest

from tests.support.docker import Docker
from tests.support.training import TrainingEnvironment
from text_classification import artifact

pytestmark = pytest.mark.engine

USERS = {
    "root": (),
    "random user": ("--user", "12345:12345"),
    "read-only root": ("--read-only", "--tmpfs", "/tmp"),
    "random user on a read-only root": ("--user", "12345:0", "--read-only", "--tmpfs", "/tmp"),
}


@pytest.mark.parametrize("user", USERS)
def test_trains_and_serves(
    docker: Docker, full: str, inference: str, job_folder: TrainingEnvironment, user: str
) -> None:
    """One image trains and the slim one serves the result, whoever runs them; no network.

    The report is drawn where Matplotlib has no folder for what it would keep, without a word of it.
    """
    options = (*USERS[user], "--network", "none", "--volume", f"{job_folder.root}:/opt/ml")
    code, output = docker.run(*options, full, "train")
    assert code == 0, output
    assert len(artifact.load(job_folder.model).labels) == 14
    assert (job_folder.output_data / "report.html").is_file(), output
    assert "matplotlib" not in output
    with docker.serving(inference, job_folder.model, *USERS[user]) as container:
        container.wait_until_ready()
        answer = container.endpoint.invocations(["Coverage is bound until the policy is issued."])
        assert answer.status == 200, container.log
        assert len(answer.json["predictions"]) == 1


def test_full_image_serves_too(docker: Docker, full: str, trained_model: Path) -> None:
    """SageMaker may deploy the very image that trained."""
    with docker.serving(full, trained_model) as container:
        container.wait_until_ready()
