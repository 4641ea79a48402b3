"""Fixtures: a model in S3, and an endpoint that the command has made and that captures all."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cloud.commands.conftest import Command, Told, pointed_at, run
from tests.cloud.emulator.hosting import random_model
from tests.support.skipping import skip
from textcnn.emulator.server import Emulator
from textcnn.foundation import Foundation
from textcnn.results import Deployed

Client = Callable[[str], Any]
# No alarm is waited for.
INSTANCE = ("--instance-type", "ml.m5.large", "--bake-seconds", "0")
WORKERS = ("--env", "MODEL_SERVER_WORKERS=1")


@dataclass(frozen=True)
class Models:
    """Puts archives where jobs leave their models."""

    s3: Any
    bucket: str

    def put(self, job: str, archive: bytes) -> str:
        """Put an archive and return its URI."""
        key = f"jobs/{job}/output/model.tar.gz"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=archive)
        return f"s3://{self.bucket}/{key}"


@pytest.fixture(scope="session")
def models(foundation: Foundation, client: Client) -> Models:
    """Where models lie."""
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        skip("nginx is not installed")
    return Models(client("s3"), foundation.bucket)


@pytest.fixture(scope="session")
def model(models: Models) -> str:
    """A model of three labels with random weights."""
    return models.put("random-1", random_model())


@pytest.fixture(scope="session")
def served(emulator: Emulator, model: str) -> Deployed:
    """An endpoint on an instance that captures what it is asked."""
    with pointed_at(emulator):
        told = run(
            *("deploy", model, "--name", "served", *INSTANCE, *WORKERS, "--capture", "100"),
            *("--yes", "--output", "json"),
        )
    assert told.code == 0, told.err
    deployed: Deployed = told.read(Deployed)
    return deployed


@pytest.fixture
def ask(served: Deployed, textcnn: Command) -> Command:
    """``textcnn ask``, at that endpoint."""

    def asked(*arguments: str) -> Told:
        return textcnn("ask", *arguments, "--endpoint", served.endpoint)

    return asked
