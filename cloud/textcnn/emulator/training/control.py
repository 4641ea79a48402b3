"""What ends a job's containers from outside: requests, limits of time, and faults."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from textcnn.emulator.faults import Kind
from textcnn.emulator.training.checks import DEFAULT_SECONDS
from textcnn.emulator.training.state import TrainingJob

PAUSE_SECONDS = 0.1

Cause = Literal[
    "ended", "stop", "closed", "runtime", "wait", "interrupt", "lose-instance", "fail-job"
]
CAUSES: dict[Kind, Cause] = {
    "interrupt": "interrupt",
    "lose-instance": "lose-instance",
    "fail-job": "fail-job",
}


class Control:
    """Watches for one job; the thread that runs it polls this."""

    def __init__(self, job: TrainingJob) -> None:
        self._job = job
        self._account = job.account
        self._woken = threading.Event()
        self._closed = False
        # Kills what runs; a container that is being stopped would otherwise have its two minutes.
        self.kill: Callable[[], None] = lambda: None
        condition = job.request.get("StoppingCondition", {})
        self._seconds: int = condition.get("MaxRuntimeInSeconds", DEFAULT_SECONDS)
        self._wait_seconds: int | None = condition.get("MaxWaitTimeInSeconds")
        self._runtime_ends: float | None = None

    def begin(self) -> None:
        """Let the limit of the running time count, once."""
        if self._runtime_ends is None:
            self._runtime_ends = time.monotonic() + self._seconds

    def wake(self) -> None:
        """Have the job looked at without delay."""
        self._woken.set()

    def close(self) -> None:
        """End the job, as the emulator stops."""
        self._closed = True
        self.kill()
        self.wake()

    def pause(self) -> None:
        """Wait until it is time to look again."""
        if self._woken.wait(PAUSE_SECONDS):
            self._woken.clear()

    def ending(self) -> Cause | None:
        """Return why the job must end now, if it must."""
        if self._closed:
            return "closed"
        if self._job.status == "Stopping":
            return "stop"
        if self._runtime_ends is not None and time.monotonic() > self._runtime_ends:
            return "runtime"
        return "wait" if self._wait_is_over() else None

    def fault(self, *, may_interrupt: bool) -> Cause | None:
        """Return the fault to inject into the containers of this job, and count it down."""
        kinds: tuple[Kind, ...] = ("fail-job", "lose-instance")
        spot = self._job.request.get("EnableManagedSpotTraining", False)
        fault = self._account.faults.take(
            self._job.name, *kinds, *(("interrupt",) if may_interrupt and spot else ())
        )
        return CAUSES[fault] if fault else None

    def _wait_is_over(self) -> bool:
        if self._wait_seconds is None:
            return False
        limit = self._job.created + timedelta(seconds=self._wait_seconds)
        return self._account.now() > limit
