"""Containers as processes of this installation, in a folder of their own; no image is run.

Every image is taken for this project's: ``train`` and ``serve`` are those beside this package.
What needs a container is refused or left out, and README.md says so: other programs are refused;
limits of memory, a read-only root and the cut network are left out.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import text_classification
from textcnn.emulator.runtime.container import ContainerSpecification, ImageError

PROGRAMS = Path(text_classification.__file__).parent
# What the emulator's own caller has set must not reach the container: it has its own credentials.
PRIVATE_PREFIXES = ("AWS_", "SAGEMAKER_", "SM_", "TEXTCNN_")


class ProcessContainer:
    """The process of one command, the leader of a group of its own."""

    def __init__(self, specification: ContainerSpecification) -> None:
        self._port = _free_port() if specification.command == "serve" else 0
        self._root = specification.root
        specification.root.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(  # noqa: S603 - this project's own program
            [sys.executable, "-P", "-m", "text_classification", specification.command],
            env=_environment(specification, self._port),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 where a serving container answers."""
        return self._port

    @property
    def base(self) -> str:
        """The folder that stands for /opt/ml."""
        return str(self._root)

    def lines(self) -> Iterator[str]:
        """Yield what it prints on both streams, line by line, until it ends."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        with self._process.stdout as output:
            for line in output:
                yield line.rstrip("\r\n")

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait(self) -> int:
        """Wait for its end and return the exit code, as a container would have it."""
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def stop(self, seconds: float) -> int:
        """Send SIGTERM, after so many seconds SIGKILL; return the exit code."""
        if self.is_running():
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.remove()
        return self.wait()

    def remove(self) -> None:
        """Kill the whole group, whether its leader has ended or not."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()


class Processes:
    """Starts containers as processes."""

    name = "process"

    def start(self, specification: ContainerSpecification) -> ProcessContainer:
        """Start a container; raises ``ImageError`` for a program that is not ours."""
        if specification.entrypoint or specification.arguments:
            raise ImageError(
                "without Docker the emulator runs this project's train and serve alone: an entry "
                "point or arguments of your own are refused"
            )
        return ProcessContainer(specification)

    def check_image(self, image: str) -> None:
        """Take every image for this project's."""


def _environment(specification: ContainerSpecification, port: int) -> dict[str, str]:
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(PRIVATE_PREFIXES)
    }
    own["SAGEMAKER_BASE_DIR"] = str(specification.root)
    own["PYTHONPATH"] = str(PROGRAMS.parent)
    own["PYTHONUNBUFFERED"] = "1"
    if port:
        own |= {"SAGEMAKER_BIND_TO_PORT": str(port), "BIND_ADDRESS": "127.0.0.1"}
    return own | dict(specification.environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
