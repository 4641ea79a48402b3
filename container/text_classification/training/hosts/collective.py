"""XGBoost's collective communication, behind one class.

A group is formed by a tracker on the first host, which the others ask for each other's addresses;
from then on they talk among themselves. XGBoost keeps a group in the thread that formed it, so it
has one of its own: signals are handled while the main thread waits for it.
"""

import atexit
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy.typing as npt

from text_classification.errors import Code, ResourceError
from text_classification.machine.signals import Stopped, StopRequest

Result = TypeVar("Result")
Array = npt.NDArray[Any]

# How long a stop may go unnoticed while hosts are waited for, and how often they are looked for.
CHECK_SECONDS = 0.2
# How long hosts that end a group wait for each other.
END_SECONDS = 60
# How long a port may stay taken by connections of a job that has ended on the same machine.
PORT_SECONDS = 90


@dataclass(frozen=True)
class Place:
    """Where a host stands among those of its job: its rank, and where the first of them answers."""

    rank: int
    names: tuple[str, ...]
    address: str
    port: int


class Collective:
    """A group of hosts that sum arrays; all of them call the same functions in the same order."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._tracker: Any = None
        self._tasks: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True, name="collective").start()

    def join(self, seconds: int, stop: StopRequest) -> None:
        """Form the group; seconds: how long to wait for hosts, now and in every sum.

        Raises ``ResourceError`` where one does not come, and ``Stopped``.
        """
        self._call(lambda: self._join(seconds), stop)

    def sum(self, array: Array) -> Array:
        """Return the sum of all hosts' arrays, of the same shape and type.

        Raises ``ResourceError`` where a host is lost.
        """
        from xgboost import collective  # noqa: PLC0415 - where there is more than one host

        with _told():
            summed: Array = self._call(lambda: collective.allreduce(array, collective.Op.SUM))
        return summed.reshape(array.shape)

    def leave(self) -> None:
        """End the group, which all hosts do together."""
        with _told():
            self._call(self._leave)

    def _join(self, seconds: int) -> None:
        import xgboost  # noqa: PLC0415
        from xgboost import collective  # noqa: PLC0415

        place, end = self._place, time.monotonic() + seconds
        xgboost.set_config(verbosity=0)  # it would tell each attempt
        if place.rank == 0:
            self._tracker = _tracker(place, seconds)
        while True:
            try:
                collective.init(
                    dmlc_tracker_uri=place.address,
                    dmlc_tracker_port=place.port,
                    dmlc_task_id=f"{place.rank:06}",
                    dmlc_timeout=seconds,
                    dmlc_retry=1,
                )
                break
            except xgboost.core.XGBoostError:
                if time.monotonic() > end:
                    raise missing(place.names, seconds) from None
                time.sleep(CHECK_SECONDS)

    def _leave(self) -> None:
        from xgboost import collective  # noqa: PLC0415

        collective.finalize()
        if self._tracker:
            self._tracker.wait_for(END_SECONDS)
            self._tracker.free()

    def _call(self, function: Callable[[], Result], stop: StopRequest | None = None) -> Result:
        """Return what a function returns in the group's thread; a stop gives it up."""
        future: Future[Result] = Future()
        self._tasks.put((future, function))
        while True:
            try:
                return future.result(CHECK_SECONDS)
            except TimeoutError:
                if stop:
                    raise Stopped from None

    def _work(self) -> None:
        while True:
            future, function = self._tasks.get()
            try:
                future.set_result(function())
            except Exception as error:  # noqa: BLE001 - whoever has called is told
                future.set_exception(error)


def end_at_once(code: int) -> None:
    """End this process with its interpreter, without what libraries do then.

    To end normally in the midst of a group ends in a crash or not at all.
    """

    def end() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    atexit.register(end)


def find_first(names: tuple[str, ...], seconds: int, stop: StopRequest) -> str:
    """Return the address of the first host, once the names of all are known to this machine.

    Raises ``ResourceError`` with those that are not, and ``Stopped``.
    """
    end = time.monotonic() + seconds
    while unknown := [name for name in names if not _address(name)]:
        if time.monotonic() > end:
            raise missing(unknown, seconds)
        stop.check()
        time.sleep(CHECK_SECONDS)
    return _address(names[0])


def missing(names: Sequence[str], seconds: int) -> ResourceError:
    """Return the error of hosts that did not come."""
    return ResourceError(
        Code.HOST_MISSING,
        f"not all hosts of the job came together within {seconds} seconds: {', '.join(names)}",
        remedy="Look at the log of each host: one has ended early or has not started; hosts must "
        "reach each other by name. HOSTS_SECONDS says how long they wait.",
    )


def _lost(report: str) -> ResourceError:
    # XGBoost tells a line for each function, "- [file.cc:1|11:22:33]: What happened.", and a stack.
    causes = [line for line in report.splitlines() if line.startswith("- ")] or [report]
    cause = causes[-1].rpartition("]: ")[2].rstrip(". ")
    return ResourceError(
        Code.HOST_LOST,
        f"another host of the job is lost ({cause})",
        remedy="Look at the logs of the other hosts for the cause; with checkpoints, the same job "
        "started again goes on from the last.",
    )


@contextmanager
def _told() -> Iterator[None]:
    """Let XGBoost's errors be told as that of a lost host."""
    from xgboost.core import XGBoostError  # noqa: PLC0415

    try:
        yield
    except (XGBoostError, ValueError) as error:
        raise _lost(str(error)) from None


def _tracker(place: Place, seconds: int) -> Any:
    """Start the tracker; raises ``ResourceError`` where its port stays taken."""
    from xgboost.core import XGBoostError  # noqa: PLC0415
    from xgboost.tracker import RabitTracker  # noqa: PLC0415

    end = time.monotonic() + min(seconds, PORT_SECONDS)
    while True:
        try:
            tracker = RabitTracker(
                n_workers=len(place.names),
                host_ip=place.address,
                port=place.port,
                sortby="task",
                timeout=seconds,
            )
            break
        except XGBoostError:
            if time.monotonic() > end:
                raise _taken(place) from None
            time.sleep(CHECK_SECONDS)
    tracker.start()
    return tracker


def _taken(place: Place) -> ResourceError:
    return ResourceError(
        Code.PORT_TAKEN,
        f"the hosts cannot meet at port {place.port} of {place.address}",
        remedy="Another program listens there, or it is no address of this host: set HOSTS_PORT to "
        "two free ports in a row, FIRST_HOST_ADDRESS to its address.",
    )


def _address(name: str) -> str:
    try:
        return socket.gethostbyname(name)
    except OSError:
        return ""
