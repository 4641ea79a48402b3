"""Stop requests: SIGTERM ends the work at its next safe point."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TypeVar

Item = TypeVar("Item")

# What a process that looks after others waits for: a stop, or the end of one of them.
HELD_BACK = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


def hold_back() -> None:
    """Block these signals, for a process that waits for them: none is lost, none interrupts.

    Done first of all: as process 1 of a container, a process without a handler never receives
    SIGTERM.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)


def let_through() -> None:
    """Undo that, in a process that handles them in the usual way."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)


def kill_group(head: int) -> None:
    """Kill what is left of a process group."""
    with suppress(ProcessLookupError):
        os.killpg(head, signal.SIGKILL)


class Stopped(Exception):
    """A stop was asked for, and there is nothing to save yet."""


class StopRequest:
    """Remembers that the platform asked the job to stop.

    A training job has 120 seconds between SIGTERM and SIGKILL, whatever the cause: a user's stop,
    a time limit, a tuning job's early stop or a reclaimed spot instance.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._heard: Callable[[], object] = lambda: None

    def __bool__(self) -> bool:
        """Tell whether a stop was asked for."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask for a stop; to ask again changes nothing."""
        if not self:
            self._event.set()
            self._heard()

    @contextmanager
    def passed_on(self, action: Callable[[], object]) -> Iterator[None]:
        """Call ``action`` on a request within the block, at once where there was one before."""
        self._heard, before = action, self._heard
        try:
            if self:
                action()
            yield
        finally:
            self._heard = before

    @contextmanager
    def interrupts(self) -> Iterator[None]:
        """Let a request raise ``Stopped`` in the middle of the block, wherever it is.

        For long computations in the main thread that change nothing: what they have come to is
        given up. A library's own call ends first. A request before the block raises nothing.
        """
        self._heard, before = self.check, self._heard
        try:
            yield
        finally:
            self._heard = before

    def check(self) -> None:
        """Raise ``Stopped`` if a stop was asked for."""
        if self:
            raise Stopped

    def checked(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield ``items`` until a stop is asked for; then raise ``Stopped``."""
        for item in items:
            self.check()
            yield item

    def listen(self) -> None:
        """Turn SIGTERM and SIGINT into this request.

        Done first of all: as process 1 of a container, a process without a handler never
        receives SIGTERM.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.set()
