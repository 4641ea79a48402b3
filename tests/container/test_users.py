"""Training and serving in the image as root, as any user, and on a read-only root."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from letters import letters
from tests.support.docker import Docker
from tests.support.training import SMALL, TrainingEnvironment
from text_classification import artifact

pytestmark = pytest.mark.engine

SAMPLE = list(letters(300, seed=1))
READ_ONLY = ("--read-only", "--tmpfs", "/tmp")
# Who runs the container, and what is trained; the strictest includes all that the others lack.
RUNS = {
    "root trains kim": ((), SMALL),
    "root on a read-only root trains stacked": (READ_ONLY, {"recipe": "stacked"}),
    "a random user on a read-only root trains wide": (
        ("--user", "12345:12345", *READ_ONLY),
        {"recipe": "wide"},
    ),
}
*RARE, STRICTEST = RUNS


@pytest.mark.parametrize(
    "run", [*(pytest.param(run, marks=pytest.mark.exhaustive) for run in RARE), STRICTEST]
)
def test_trains_and_serves(
    docker: Docker, full: str, inference: str, job_folder: TrainingEnvironment, run: str
) -> None:
    """One image trains each recipe and the slim one serves it, whoever runs them; no network.

    TensorFlow writes model.keras and Arrow reads Parquet, of whose libraries the image has not all.
    The report is drawn where Matplotlib has no folder for what it would keep, without a word of it.
    """
    user, hyperparameters = RUNS[run]
    documents = job_folder.root / "input/data/training"
    table = {"label": [each.label for each in SAMPLE], "text": [each.text for each in SAMPLE]}
    (documents / "letters.csv").unlink()
    parquet.write_table(pa.table(table), documents / "letters.parquet", compression="zstd")
    both = {"epochs": "2", "report": "true", "keras_export": "true"}
    job_folder.configure("hyperparameters.json", {**hyperparameters, **both})
    options = (*user, "--network", "none", "--volume", f"{job_folder.root}:/opt/ml")
    code, output = docker.run(*options, full, "train")
    assert code == 0, output
    assert len(artifact.load(job_folder.model).labels) == 14
    assert (job_folder.model / "model.keras").is_file(), output
    assert (job_folder.output_data / "report.html").is_file(), output
    assert "matplotlib" not in output
    with docker.serving(inference, job_folder.model, *user) as container:
        container.wait_until_ready()
        answer = container.endpoint.invocations(["Coverage is bound until the policy is issued."])
        assert answer.status == 200, container.log
        assert len(answer.json["predictions"]) == 1


def test_full_image_serves_too(docker: Docker, full: str, trained_model: Path) -> None:
    """SageMaker may deploy the very image that trained."""
    with docker.serving(full, trained_model) as container:
        container.wait_until_ready()
