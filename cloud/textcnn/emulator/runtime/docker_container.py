"""One container in a Docker engine."""

import logging
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from textcnn.emulator.runtime.container import OPT_ML
from textcnn.emulator.runtime.engine import Engine

# The code of a container that was killed: 128 and SIGKILL.
KILLED = 137
READ_SECONDS = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Started:
    """A container as the engine knows it: its name, its image, its port here and its folder."""

    name: str
    image: str
    port: int
    root: Path


class DockerContainer:
    """A container that was started; when_removed is called once."""

    def __init__(self, engine: Engine, started: Started, when_removed: Callable[[], None]) -> None:
        self._engine = engine
        self._started = started
        self._name = started.name
        self._when_removed = when_removed
        self._code: int | None = None
        self._is_removed = self._is_read = False
        self._waiter, self._remover = threading.Lock(), threading.Lock()
        self._waiting = engine.start("wait", started.name)
        self._printing = engine.start("logs", "--follow", started.name)

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 where a serving container answers."""
        return self._started.port

    @property
    def base(self) -> str:
        """The folder that its root is inside."""
        return OPT_ML

    def lines(self) -> Iterator[str]:
        """Yield what it prints on both streams, line by line, until it ends."""
        self._is_read = True
        assert self._printing.stdout is not None  # noqa: S101 - it was asked for
        with self._printing.stdout as printed:
            for line in printed:
                yield line.decode("utf-8", "replace").removesuffix("\n")

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._waiting.poll() is None

    def wait(self) -> int:
        """Wait for its end and return the exit code."""
        with self._waiter:
            if self._code is None:
                printed = self._waiting.communicate()[0].split()
                self._code = int(printed[-1]) if printed and printed[-1].isdigit() else KILLED
                self._own_files()
            return self._code

    def stop(self, seconds: float) -> int:
        """Send SIGTERM, after so many seconds SIGKILL; return the exit code."""
        if self.is_running():
            limit = ("stop", "--time", str(round(seconds)), self._name)
            self._engine.does(*limit, seconds=seconds + 60)
        return self.wait()

    def remove(self) -> None:
        """Kill it if it runs and leave nothing of it but its folder."""
        with self._remover:
            was_removed, self._is_removed = self._is_removed, True
        if was_removed:
            return
        self._engine.does("kill", self._name)  # so that its exit code is known
        self.wait()
        self._end_printing()
        self._engine.does("rm", "--force", "--volumes", self._name)
        self._when_removed()

    def _end_printing(self) -> None:
        """Let what was printed be read before it is gone with the container."""
        if not self._is_read and self._printing.stdout is not None:
            self._printing.stdout.close()
        try:
            self._printing.wait(READ_SECONDS)
        except subprocess.TimeoutExpired:
            self._printing.kill()
            self._printing.wait()

    def _own_files(self) -> None:
        """Make the folder's files the emulator's, which the container wrote as another user."""
        user = os.geteuid()
        if all(path.lstat().st_uid == user for path in self._started.root.rglob("*")):
            return
        owner = f"{user}:{os.getegid()}"
        mount = ("--volume", f"{self._started.root}:{OPT_ML}", "--user", "0", "--network", "none")
        command = ("--entrypoint", "chown", self._started.image, "-R", owner, OPT_ML)
        if not self._engine.does("run", "--rm", *mount, *command):
            log.warning("the files of %s stay those of its user", self._name)
