"""The emulator as its users have it: unmodified boto3 clients, or a process of its own."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from tests.support.training import ROOT

Client = Callable[[str], Any]
REGION = "us-east-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
PYTHON_PATH = os.pathsep.join(str(ROOT / folder) for folder in ("cloud", "container"))


def clients_of(url: str) -> Client:
    """Return what makes unmodified boto3 clients of an emulator; errors are not tried again."""

    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 0}),
        )

    return client


def fault(url: str, kind: str, target: str, times: int = 1) -> None:
    """Have an emulator answer an operation with an error, so many times."""
    asked = urllib.request.Request(
        f"{url}/emulator/faults",
        data=json.dumps({"kind": kind, "target": target, "times": times}).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(asked).close()


@dataclass(frozen=True)
class OwnEmulator:
    """A process ``textcnn emulator``: an account of its own.

    Emulators of one process share what moto keeps.
    """

    url: str
    environment: dict[str, str]

    @property
    def client(self) -> Client:
        """What makes clients of it."""
        return clients_of(self.url)

    def fault(self, kind: str, target: str, times: int = 1) -> None:
        """Have something go wrong, so many times."""
        fault(self.url, kind, target, times)

    def recorded_actions(self) -> set[str]:
        """Return the IAM actions that its callers needed so far."""
        with urllib.request.urlopen(f"{self.url}/emulator/requests") as answer:
            return set(json.load(answer)["actions"])


@contextmanager
def own_emulator(*options: str) -> Iterator[OwnEmulator]:
    """Start a process, and end it with all that it runs."""
    command = [sys.executable, "-m", "textcnn", "emulator", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": PYTHON_PATH}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline().removeprefix("export ") for _ in range(2)]
        variables = dict(word.split("=", 1) for line in lines for word in line.split())
        try:
            yield OwnEmulator(variables["AWS_ENDPOINT_URL"], variables)
        finally:
            process.terminate()
