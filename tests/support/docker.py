"""A Docker engine, driven through its client as a user would."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.server import Endpoint, free_port
from tests.support.waiting import wait_until

# A client that came with the engine speaks its language; others on PATH may be newer.
CLIENTS = (os.environ.get("DOCKER", ""), "/usr/bin/docker", "docker")


def find_client() -> str | None:
    """Return the client to use, or None when there is none."""
    return next((found for name in CLIENTS if name and (found := shutil.which(name))), None)


class Docker:
    """The client's verbs; each raises when the client fails, with what it said."""

    def __init__(self, client: str) -> None:
        self.client = client

    def __call__(self, *arguments: object, check: bool = True, **options: Any) -> str:
        """Run the client and return what it printed, both streams together."""
        result: subprocess.CompletedProcess[str] = subprocess.run(
            [self.client, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **options,
        )
        assert not check or result.returncode == 0, result.stdout
        return result.stdout

    def run(self, *arguments: object) -> tuple[int, str]:
        """Run a container to its end; return its exit code and output."""
        result = subprocess.run(
            [self.client, "run", "--rm", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout

    @contextmanager
    def container(self, *arguments: object) -> Iterator["Container"]:
        """Run a container in the background, removed at the end."""
        name = self("run", "--detach", *arguments).split()[-1]
        try:
            yield Container(self, name)
        finally:
            self("rm", "--force", name)

    @contextmanager
    def serving(self, image: str, model: Path, *options: object) -> Iterator["Container"]:
        """Serve a model, mounted read-only as SageMaker does, on a port of this machine."""
        port = free_port()
        mounts = ("--publish", f"127.0.0.1:{port}:8080", "--volume", f"{model}:/opt/ml/model:ro")
        with self.container(*mounts, *options, image, "serve") as container:
            container.endpoint = Endpoint(port)
            yield container


class Container:
    """A container that runs in the background."""

    def __init__(self, docker: Docker, name: str) -> None:
        self._docker = docker
        self.name = name
        self.endpoint = Endpoint(0)

    @property
    def log(self) -> str:
        """What the container has printed."""
        return self._docker("logs", self.name)

    def execute(self, *command: object) -> str:
        """Run a command inside."""
        return self._docker("exec", self.name, *command)

    def wait_until_ready(self) -> None:
        """Wait until /ping says 200."""
        wait_until(self.endpoint.is_ready, lambda: self.log)

    def wait_for_line(self, text: str) -> None:
        """Wait until the container has printed ``text``."""
        wait_until(lambda: text in self.log, lambda: self.log)

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        return int(self._docker("wait", self.name, timeout=120).split()[-1])
