"""Containers as processes of this installation, in a folder of their own; no image is run.

Every image is taken for this project's: ``train`` and ``serve`` are those beside this package.
What needs a container is refused or left out, and README.md says so: other programs are refused;
limits of memory, a read-only root and the cut network are left out.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import text_classification
from textcnn.emulator.runtime.container import ContainerSpecification, ImageError
from textcnn.emulator.runtime.manifest import digest_of, manifest

PROGRAMS = Path(text_classification.__file__).parent
# What the emulator's own caller has set must not reach the container: it has its own credentials.
PRIVATE_PREFIXES = ("AWS_", "SAGEMAKER_", "SM_", "TEXTCNN_")


class ProcessContainer:
    """The process of one command, the leader of a session of its own.

    A session is what comes nearest to a container: groups are made anew by the server's gunicorn.
    """

    def __init__(self, specification: ContainerSpecification) -> None:
        self._port = free_port() if specification.command == "serve" else 0
        self._root = specification.root
        # Sockets need a short path.
        self._scratch = Path(tempfile.mkdtemp(prefix="sm-"))
        specification.root.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(  # noqa: S603 - this project's own program
            [sys.executable, "-P", "-m", "text_classification", specification.command],
            env={"TMPDIR": str(self._scratch), **_environment(specification, self._port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
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
                yield line.decode("utf-8", "replace").removesuffix("\n")

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
        """Kill all of its processes and remove what they left outside of its folder."""
        while members := _session(self._process.pid):
            for pid in members:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)


class Processes:
    """Starts containers as processes."""

    name = "process"

    def __init__(self) -> None:
        self._meetings = Meetings()

    def start(self, specification: ContainerSpecification) -> ProcessContainer:
        """Start a container; raises ``ImageError`` for a program that is not ours."""
        if specification.entrypoint or specification.arguments:
            raise ImageError(
                "without Docker the emulator runs this project's train and serve alone: an entry "
                "point or arguments of your own are refused"
            )
        variables = {**self._meetings.variables(specification), **specification.environment}
        return ProcessContainer(replace(specification, environment=variables))

    def images(self, repository: str) -> dict[str, str]:
        """Return this installation as the image ``latest``, since nothing can be pushed."""
        del repository
        return {"latest": manifest(digest_of("this installation"))}

    def check_image(self, image: str) -> None:
        """Take every image for this project's."""


def _environment(specification: ContainerSpecification, port: int) -> dict[str, str]:
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(PRIVATE_PREFIXES)
    }
    own["SAGEMAKER_BASE_DIR"] = str(specification.root)
    own["PYTHONPATH"] = str(PROGRAMS.parent)
    own["PYTHONUNBUFFERED"] = "1"
    own.pop("TMPDIR", None)
    if port:
        own |= {"SAGEMAKER_BIND_TO_PORT": str(port), "BIND_ADDRESS": "127.0.0.1"}
    return own | dict(specification.environment)


def _session(leader: int) -> list[int]:
    """Return the processes of a session that have not ended, by Linux's list of them."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # Behind the name in brackets, which holds anything: state, parent, group, session.
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == leader and state != "Z":
                members.append(int(stat.parent.name))
    return members


class Meetings:
    """Where the hosts of a job find each other: at ports of 127.0.0.1, as nobody knows their names.

    Each attempt at a job has ports of its own: those of the one before stay taken for a minute.
    """

    def __init__(self) -> None:
        self._ports: dict[str, int] = {}
        self._hosts: dict[str, set[str]] = {}

    def variables(self, specification: ContainerSpecification) -> dict[str, str]:
        """Return what tells the hosts of one group where to meet; nothing for a host alone."""
        group, host = specification.group, specification.host
        if not group:
            return {}
        met = self._hosts.setdefault(group, set())
        if host in met:  # another attempt
            met.clear()
        if not met:
            self._ports[group] = free_port(following=1)
        met.add(host)
        return {"FIRST_HOST_ADDRESS": "127.0.0.1", "HOSTS_PORT": str(self._ports[group])}


def free_port(following: int = 0) -> int:
    """Return a port of 127.0.0.1 that nobody listens on, nor on so many that follow it."""
    while True:
        with contextlib.ExitStack() as probes, contextlib.suppress(OSError, OverflowError):
            first = _bound(probes, 0)
            for number in range(1, following + 1):
                _bound(probes, first + number)
            return first


def _bound(probes: contextlib.ExitStack, port: int) -> int:
    probe = probes.enter_context(socket.socket())
    probe.bind(("127.0.0.1", port))
    return int(probe.getsockname()[1])
