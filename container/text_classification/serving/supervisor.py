"""The process behind ``serve``: starts nginx and gunicorn, and ends with them.

It forwards SIGTERM so that requests under way are finished, reaps every child (it is process 1
of the container), and exits non-zero when nginx or gunicorn dies, so that the platform replaces
a container that can no longer answer.
"""

import contextlib
import logging
import os
import signal
import socket
import tempfile
import time
from pathlib import Path

from text_classification.contract.environment import inherited_environment
from text_classification.contract.failure import explain
from text_classification.contract.log import log_to_stdout
from text_classification.contract.settings import Settings, read_settings
from text_classification.contract.signals import HELD_BACK
from text_classification.errors import (
    Code,
    ConfigurationError,
    ResourceError,
    TextClassificationError,
)
from text_classification.serving.programs import (
    gunicorn_options,
    nginx_command,
    worker_count,
)
from text_classification.serving.start import GunicornProcess
from text_classification.serving.telemetry import Telemetry
from text_classification.serving.workers import worker_processes

# A socket has a path of at most 107 bytes; ours lies in a folder with a name of its own.
LONGEST_SCRATCH = 107 - len("/serve-12345678/application.sock")
# SageMaker kills the container 30 s after SIGTERM. nginx has most of the time before, to answer
# what it has accepted; gunicorn, whose requests those were, has hardly anything left to do.
NGINX_SECONDS = 20
GUNICORN_SECONDS = 5

log = logging.getLogger(__name__)


def supervise(gunicorn: GunicornProcess) -> int:
    """Serve until a signal or the death of a child; return the exit code.

    gunicorn: it waits for its command line. Signals must be held back.
    """
    log_to_stdout()
    try:
        settings = read_settings()
        _check_port(settings.host, settings.port, "SAGEMAKER_BIND_TO_PORT")
        if settings.metrics_port:
            _check_port(settings.host, settings.metrics_port, "METRICS_PORT")
        _check_scratch(settings.scratch)
        with tempfile.TemporaryDirectory(dir=settings.scratch, prefix="serve-") as name:
            return Supervisor(settings, Path(name), gunicorn).run()
    except Exception as error:
        log.error("%s", explain(error), exc_info=not isinstance(error, TextClassificationError))
        return 1
    finally:
        _kill_group(gunicorn.number)


def _check_port(host: str, port: int, variable: str) -> None:
    """Raise ``ResourceError`` when the port is taken: nginx would only say so after seconds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ResourceError(
                Code.PORT_TAKEN,
                f"port {port} cannot be used: {error.strerror}",
                remedy=f"Stop what listens there, or set {variable}.",
            ) from None


def _check_scratch(folder: Path) -> None:
    """Raise ``ConfigurationError`` when a socket cannot be made in the temporary folder."""
    if not os.access(folder, os.W_OK | os.X_OK):
        problem = "is not a folder that can be written to"
    elif len(os.fsencode(folder)) > LONGEST_SCRATCH:
        problem = f"is longer than the {LONGEST_SCRATCH} bytes that leave room for a socket's path"
    elif '"' in str(folder) or "$" in str(folder):
        problem = "holds a quote or a dollar sign, which nginx cannot read"
    else:
        return
    raise ConfigurationError(
        Code.SETTING_INVALID,
        f"the temporary folder (TMPDIR) {problem}",
        where=str(folder),
        remedy="Set TMPDIR to another folder, such as /tmp.",
    )


class Supervisor:
    """nginx and gunicorn, each the head of a process group of its own."""

    def __init__(self, settings: Settings, folder: Path, gunicorn: GunicornProcess) -> None:
        self._settings = settings
        self._folder = folder
        self._gunicorn = gunicorn
        self._telemetry = Telemetry(settings, folder, self._workers)
        self._running = {gunicorn.number: "gunicorn"}

    def run(self) -> int:
        """Start both, wait, drain, and return the exit code."""
        command = nginx_command(self._settings, self._folder)
        self._gunicorn.go_on(gunicorn_options(self._settings, self._folder), self._folder)
        self._telemetry.start()
        nginx = os.posix_spawn(
            command[0], command, inherited_environment(), setpgroup=0, setsigmask=()
        )
        self._running[nginx] = "nginx"
        try:
            log.info(
                "listening on %s:%d with %d workers",
                self._settings.host,
                self._settings.port,
                worker_count(self._settings),
            )
            code = self._wait()
            self._drain()
            self._telemetry.end()
            return code
        finally:
            _kill_group(nginx)

    def _workers(self) -> list[int]:
        masters = [process for process, name in self._running.items() if name == "gunicorn"]
        return worker_processes(masters[0]) if masters else []

    def _wait(self) -> int:
        """Wait for a request to stop (returns 0) or the death of a child (returns 1)."""
        while True:
            number = signal.sigwait(HELD_BACK)
            if number != signal.SIGCHLD:
                log.info("stopping on %s", signal.Signals(number).name)
                return 0
            dead = self._reap()
            if dead:
                log.error("%s: stopping", ", ".join(dead))
                return 1

    def _drain(self) -> None:
        """Finish requests under way: nginx takes no new ones and ends, then gunicorn."""
        for name, number, seconds in (
            ("nginx", signal.SIGQUIT, NGINX_SECONDS),
            ("gunicorn", signal.SIGTERM, GUNICORN_SECONDS),
        ):
            deadline = time.monotonic() + seconds
            for process, running in self._running.items():
                if running == name:
                    os.kill(process, number)
            while name in self._running.values():
                left = deadline - time.monotonic()
                if left <= 0 or signal.sigtimedwait((signal.SIGCHLD,), left) is None:
                    log.warning("%s did not end in %d s", name, seconds)
                    break
                self._reap()

    def _reap(self) -> list[str]:
        """Collect all dead children, adopted ones too; say which of ours they were and why."""
        dead = []
        with contextlib.suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if process == 0:
                    break
                name = self._running.pop(process, None)
                if name:
                    dead.append(f"{name} ended {_cause(status)}")
        return dead


def _kill_group(head: int) -> None:
    """Kill what is left of a process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(head, signal.SIGKILL)


def _cause(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
