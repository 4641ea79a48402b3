"""Fixtures: an engine, the two images, a model trained in the image."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from letters import letters
from tests.support.docker import Docker, find_client
from tests.support.skipping import skip
from tests.support.training import ROOT, SMALL, TrainingEnvironment
from tests.support.waiting import wait_until

IMAGE = "text-classification-test"


@pytest.fixture(scope="session")
def docker() -> Iterator[Docker]:
    """An engine: the one that runs, or one started for these tests where root can."""
    client = find_client()
    if client is None:
        skip("there is no docker command")
        return
    docker = Docker(client)
    started = None
    if not _answers(docker):
        daemon = shutil.which("dockerd") or shutil.which("dockerd", path="/usr/sbin")
        if daemon is None or os.geteuid() != 0:
            skip("no Docker engine runs, and none can be started")
            return
        with tempfile.NamedTemporaryFile(delete=False) as log:
            started = subprocess.Popen([daemon], stdout=log, stderr=log)
        wait_until(lambda: _answers(docker) or started.poll() is not None)
        if started.poll() is not None:
            skip(f"dockerd does not start: {Path(log.name).read_text()[-500:]}")
    yield docker
    if started:
        started.terminate()
        started.wait(60)


def _answers(docker: Docker) -> bool:
    return "Server Version" in docker("info", check=False)


@pytest.fixture(scope="session")
def base(docker: Docker) -> str:
    """The base image."""
    script = Path(__file__).parent / "base_image.sh"
    image = "debian:trixie-slim"
    result = subprocess.run(
        [script, docker.client, image], capture_output=True, text=True, check=False
    )
    if result.returncode:
        skip(f"no base image: {result.stderr}")
    return image


@pytest.fixture(scope="session")
def full(docker: Docker, base: str) -> str:
    """The image with both commands, built by ``make image``."""
    assert base
    subprocess.run(
        ["make", "--no-print-directory", "image", f"IMAGE={IMAGE}", f"DOCKER={docker.client}"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return IMAGE


@pytest.fixture(scope="session")
def inference(full: str) -> str:
    """The image that serves only."""
    return f"{full}-inference"


@pytest.fixture
def job_folder(tmp_path: Path) -> TrainingEnvironment:
    """An /opt/ml with 300 letters and a small model's hyperparameters, open to any user."""
    environment = TrainingEnvironment(tmp_path)
    environment.write_csv(
        "training/letters.csv", [(letter.label, letter.text) for letter in letters(300, seed=1)]
    )
    environment.configure(
        "hyperparameters.json", {**SMALL, "report": "true", "keras_export": "true"}
    )
    for name in ("model", "output"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    tmp_path.chmod(0o755)
    return environment


@pytest.fixture(scope="session")
def trained_model(docker: Docker, full: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that train_local.sh trained in the image, on the repository's own sample."""
    folder = tmp_path_factory.mktemp("local") / "test_dir"
    shutil.copytree(
        ROOT / "local_test/test_dir",
        folder,
        ignore=shutil.ignore_patterns("data", "model", "output"),
    )
    subprocess.run(
        [sys.executable, ROOT / "local_test/letters.py", folder / "input/data"], check=True
    )
    subprocess.run(
        [ROOT / "local_test/train_local.sh", full],
        env={**os.environ, "TEST_DIR": str(folder), "DOCKER": docker.client},
        check=True,
    )
    return folder / "model"
