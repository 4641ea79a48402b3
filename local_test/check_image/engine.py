"""A Docker engine, driven through its client.

Files travel by volumes and ``docker cp``: whatever user a container has run as, the caller can
read and remove what it left.
"""

import itertools
import json
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import Any, Self

from check_image.outcome import one_line

CLIENT_SECONDS = 300.0
# Who speaks when a program is not found or may not be executed, with Docker as with Podman.
RUNTIME = "OCI runtime"
ENDED = "the check has ended"


class EngineError(Exception):
    """The engine did not do what it was asked; the message is what it said."""


class EngineTimeout(EngineError):
    """The engine did not answer in time."""


class CannotStart(EngineError):
    """The program of a container cannot be run: it is the image's fault, not the engine's."""


class Engine:
    """The client's verbs; what they create is removed at the end of the block."""

    def __init__(self, client: str) -> None:
        self._client = client
        self._prefix = f"check-image-{uuid.uuid4().hex[:8]}"
        self._numbers = itertools.count()
        self._containers: list[str] = []
        self._volumes: list[str] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill and remove what was created, and create nothing any more."""
        self._closed = True
        for verb, names in ((["rm"], self._containers), (["volume", "rm"], self._volumes)):
            if names:
                self.output(*verb, "--force", *names)

    def __call__(self, *arguments: object, seconds: float = CLIENT_SECONDS) -> str:
        """Run the client and return what it printed; raise ``EngineError`` when it fails."""
        code, output = self.output(*arguments, seconds=seconds)
        if code:
            raise EngineError(f"{self._client} {arguments[0]}: {output.strip()}")
        return output

    def output(self, *arguments: object, seconds: float = CLIENT_SECONDS) -> tuple[int, str]:
        """Run the client; return its exit code and both streams, with every carriage return."""
        try:
            result = subprocess.run(
                [self._client, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
                # Ctrl+C is for this program: a client that it ended might leave what it creates.
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise EngineTimeout(f"{self._client} {arguments[0]}: no answer in time") from None
        return result.returncode, result.stdout.decode("utf-8", "replace")

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start the client and return its process, both streams in one pipe."""
        return subprocess.Popen(
            [self._client, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def description(self, image: str) -> dict[str, Any]:
        """Return what ``image inspect`` tells of an image."""
        described: dict[str, Any] = json.loads(self("image", "inspect", image))[0]
        return described

    def create(self, image: str, options: Sequence[str], command: Sequence[str]) -> "Container":
        """Create a container that does not run yet."""
        name = self._name(self._containers)
        self("create", "--name", name, *options, image, *command)
        container = Container(self, name)
        if self._closed:  # meanwhile
            container.remove()
            raise EngineError(ENDED)
        return container

    def volume(self) -> str:
        """Create an empty volume and return its name."""
        name = self._name(self._volumes)
        self("volume", "create", name)
        if self._closed:  # meanwhile
            self.output("volume", "rm", "--force", name)
            raise EngineError(ENDED)
        return name

    def fill(self, image: str, mounts: Sequence[str], folder: Path, target: str) -> None:
        """Copy what ``folder`` holds to ``target``, a folder on volumes.

        The container that the copy needs is created, and never run.
        """
        container = self.create(image, mounts, ["fill"])
        self("cp", f"{folder}/.", f"{container.name}:{target}")
        container.remove()

    def _name(self, names: list[str]) -> str:
        if self._closed:
            raise EngineError(ENDED)
        names.append(f"{self._prefix}-{next(self._numbers)}")
        return names[-1]


def mounts(volumes: dict[str, str]) -> list[str]:
    """Return options that mount volumes: folder -> name, with ``:ro`` where it is read-only.

    What the image holds in such a folder is not copied into the volume.
    """
    options = []
    for folder, volume in volumes.items():
        name, _, mode = volume.partition(":")
        options += ["--volume", f"{name}:{folder}:{mode or 'rw'},nocopy"]
    return options


def last_line(log: str) -> str:
    """Return the last line that is not blank."""
    return next((line for line in reversed(log.splitlines()) if line.strip()), "")


class Container:
    """A container, from its creation to its removal."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.name = name

    def start(self) -> None:
        """Start it; raise ``CannotStart`` where its program cannot be run."""
        code, said = self._engine.output("start", self.name)
        if code:
            raise (CannotStart if RUNTIME in said else EngineError)(one_line(said))

    @property
    def log(self) -> str:
        """What it has printed on both streams."""
        return self._engine.output("logs", self.name)[1]

    @property
    def last_line(self) -> str:
        """The last line that it has printed."""
        return last_line(self.log)

    @property
    def runs(self) -> bool:
        """Whether it still runs."""
        return (
            self._engine("inspect", "--format", "{{.State.Running}}", self.name).strip() == "true"
        )

    def wait(self, seconds: float) -> int | None:
        """Wait for its end and return the exit code; None when the time is over before."""
        try:
            return int(self._engine("wait", self.name, seconds=seconds).split()[-1])
        except EngineTimeout:
            return None

    def terminate(self) -> bool:
        """Send SIGTERM to its first process; False where it has ended already."""
        return self._engine.output("kill", "--signal", "TERM", self.name)[0] == 0

    def wait_for_lines(self, count: int, seconds: float) -> None:
        """Wait until it has printed so many lines that are not blank, or has ended, or so long."""
        with self._engine.start("logs", "--follow", self.name) as client:
            late = Timer(seconds, client.kill)
            late.start()
            while count and (line := client.stdout.readline() if client.stdout else b""):
                count -= bool(line.strip())
            late.cancel()
            client.kill()

    def execute(self, script: str) -> str:
        """Run a shell script inside, as root."""
        return self._engine("exec", "--user", "0", self.name, "sh", "-c", script)

    def fetch(self, path: str, folder: Path) -> bool:
        """Copy a file or folder of the container into ``folder``; False where there is none."""
        return self._engine.output("cp", f"{self.name}:{path}", folder)[0] == 0

    def port(self, inside: int) -> int:
        """Return the port of this machine that leads to a port of the container."""
        published = self._engine("port", self.name, f"{inside}/tcp")
        return int(published.splitlines()[0].rpartition(":")[2])

    @property
    def address(self) -> str:
        """Its address in the engine's network; empty where it has none."""
        addresses = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
        return self._engine("inspect", "--format", addresses, self.name).strip()

    def remove(self) -> None:
        """Kill it if it runs, and remove it."""
        self._engine.output("rm", "--force", self.name)
