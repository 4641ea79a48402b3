"""Fixtures: a temporary training environment, a temporary server, a facade for each."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from xdist.scheduler.loadfile import LoadFileScheduling

from letters import letters
from tests.support.emulated import TRUST, Client, clients_of
from tests.support.exhaustive import is_exhaustive
from tests.support.server import Server
from tests.support.skipping import skip
from tests.support.training import SMALL, Job, TrainingEnvironment
from tests.unit.helpers import random_artifact
from text_classification import artifact
from textcnn.emulator.server import Emulator

StartServer = Callable[..., Server]

# What hypothesis remembers lies in an ignored folder.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".hypothesis_cache")


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """What one process runs when several do: a file of tests, or all that share an engine."""

    def _split_scope(self, nodeid: str) -> str:
        return "containers" if nodeid.startswith("tests/container/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Return what shares tests out."""
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; leave out what is exhaustive, unless all was asked for."""
    items.sort(key=_begins)
    if is_exhaustive():
        return
    for item in items:
        if item.get_closest_marker("exhaustive"):
            item.add_marker(pytest.mark.skip(reason="exhaustive: `make test-all` runs it, and CI"))


def _begins(item: pytest.Item) -> int:
    """Return the rank of a test: containers, then other long ones, then the rest."""
    markers = [item.get_closest_marker(name) for name in ("engine", "long")]
    return next((rank for rank, marker in enumerate(markers) if marker), len(markers))


@pytest.fixture(scope="session", autouse=True)
def no_account() -> Iterator[None]:
    """Nothing of the AWS account, the region or the settings of who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith("AWS_"):
                patch.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(name, os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingEnvironment:
    """An empty /opt/ml; its path is short, since a server's sockets lie below it."""
    return TrainingEnvironment(tmp_path_factory.mktemp("job"))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainingEnvironment, Job]:
    """A small model, trained once by the train command from a channel and hyperparameters alone."""
    environment = TrainingEnvironment(tmp_path_factory.mktemp("trained"))
    sample = [(letter.label, letter.text) for letter in letters(300, seed=1)]
    environment.write_csv("train/part-1.csv", sample[:200])
    environment.write_csv("train/part-2.csv", sample[200:])
    environment.write_csv("test/letters.csv", sample[:50])
    environment.configure("hyperparameters.json", {**SMALL, "report": "true"})
    job = environment.run(TRAINING_JOB_NAME="letters-1")
    assert job.code == 0, job.output
    return environment, job


@pytest.fixture
def model_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose model has random weights: enough for everything but the quality of answers.

    Its path is short, since a server's sockets lie below it.
    """
    root = tmp_path_factory.mktemp("model")
    artifact.save(random_artifact(), root / "model")
    return root


@pytest.fixture
def start_server(model_root: Path) -> Iterator[StartServer]:
    """Start servers on the random model, stopped at the end of the test."""
    need_nginx()
    with ExitStack() as servers:

        def start(*, ready: bool = True, root: Path = model_root, **additions: str) -> Server:
            server = servers.enter_context(Server(root, **additions))
            if ready:
                server.wait_until_ready(server.process)
            return server

        yield start


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """A server of the test's own, ready."""
    return start_server()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for tests that only ask."""
    need_nginx()
    root = tmp_path_factory.mktemp("shared")
    artifact.save(random_artifact(), root / "model")
    with Server(root) as server:
        server.wait_until_ready(server.process)
        yield server


def need_nginx() -> None:
    """Skip the test where there is no nginx."""
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        skip("nginx is not installed")


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator that all tests share: they name their resources apart."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Client:
    """What makes clients of the shared emulator."""
    return clients_of(emulator.url)


@pytest.fixture(scope="session")
def bucket(client: Client) -> str:
    """A bucket of the shared emulator."""
    client("s3").create_bucket(Bucket="shared-bucket")
    return "shared-bucket"


@pytest.fixture(scope="session")
def role(client: Client) -> str:
    """A role that SageMaker may take; its ARN."""
    made = client("iam").create_role(
        RoleName="shared-role", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    arn: str = made["Role"]["Arn"]
    return arn
