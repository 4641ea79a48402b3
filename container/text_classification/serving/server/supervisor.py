"""The process behind ``serve``: starts nginx, looks after it and gunicorn, and ends with them.

It forwards SIGTERM so that requests under way are finished, reaps every child (it is process 1
of the container), and exits non-zero when nginx or gunicorn dies, so that the platform replaces
a container that can no longer answer.
"""

import contextlib
import logging
import os
import signal
import time
from pathlib import Path

from text_classification.contract.settings import Settings
from text_classification.machine.environment import inherited_environment
from text_classification.machine.signals import HELD_BACK, kill_group
from text_classification.serving.monitoring.telemetry import Telemetry
from text_classification.serving.monitoring.worker_processes import worker_count, worker_processes
from text_classification.serving.server.programs import nginx_command

# SageMaker kills the container 30 s after SIGTERM. nginx has most of the time before, to answer
# what it has accepted; gunicorn, whose requests those were, has hardly anything left to do.
NGINX_SECONDS = 20
GUNICORN_SECONDS = 5

log = logging.getLogger(__name__)


class Supervisor:
    """Looks after nginx and gunicorn, each the head of a process group of its own.

    gunicorn: the number of its process. Signals must be held back.
    """

    def __init__(self, settings: Settings, folder: Path, gunicorn: int) -> None:
        self._settings = settings
        self._folder = folder
        self._telemetry = Telemetry(settings, folder, self._workers)
        self._running = {gunicorn: "gunicorn"}

    def run(self) -> int:
        """Start nginx, wait, drain, and return the exit code."""
        self._telemetry.start()
        command = nginx_command(self._settings, self._folder)
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
            kill_group(nginx)

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


def _cause(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
