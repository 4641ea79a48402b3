"""Limit concurrent predictions: few large ones at a time, in turn, none that would be too late."""

import math
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from text_classification.errors import Code, OverloadedError
from text_classification.serving.predictions.limits.deadline import Deadline

# Heavy requests that a worker computes at a time; the others wait for their turn.
COMPUTED_AT_A_TIME = 4
# Bytes of a light request. It mostly has one document, which is answered sooner than threads can
# take turns, so a few are computed beside the heavy ones.
LIGHT_BYTES = 1 << 12
LIGHT_AT_A_TIME = 8
# Requests for predictions that a worker holds at a time, those that wait included.
HELD_REQUESTS = 100
# What a request costs beside its bytes, in bytes that would cost as much.
BYTES_A_REQUEST = 4096
# Older requests count half as much whenever a worker has computed for so many seconds.
REMEMBERED_SECONDS = 10.0


class CostEstimate:
    """How long a byte takes lately; not safe to be used by several threads at once.

    Requests under way share the processor, so a clock that runs slower the more of them there are
    tells what each costs by itself.
    """

    def __init__(self) -> None:
        self._under_way = 0
        self._clock = 0.0
        self._looked = time.monotonic()
        self._seconds = 0.0
        self._bytes = 0.0

    @property
    def seconds_a_byte(self) -> float:
        """The mean of the latest requests; 0 before there was one."""
        return self._seconds / self._bytes if self._bytes else 0.0

    def start(self) -> float:
        """Begin with a request; return what ``finish`` has to be told."""
        now = self._read_clock()
        self._under_way += 1
        return now

    def finish(self, started: float, size: int) -> None:
        """Be done with a request of so many bytes."""
        self._seconds += self._read_clock() - started
        self._bytes += size
        self._under_way -= 1
        if self._seconds > REMEMBERED_SECONDS:
            self._seconds /= 2
            self._bytes /= 2

    def _read_clock(self) -> float:
        now = time.monotonic()
        if self._under_way:
            self._clock += (now - self._looked) / self._under_way
        self._looked = now
        return self._clock


class _Lane:
    """Places for requests of a kind, and those that wait for one, first come first served."""

    def __init__(self, places: int) -> None:
        self.free = places
        self.waiting: deque[Event] = deque()

    def pass_on(self) -> None:
        """Give a place to who has waited longest."""
        if self.waiting:
            self.waiting.popleft().set()
        else:
            self.free += 1


class Admission:
    """The requests that a worker holds.

    A request that finds all places taken waits, unless it can be told at once that its turn would
    come too late: what is ahead of it is known, and so is the pace of late. Light requests have
    places of their own, so that none waits for a heavy one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._cost_estimate = CostEstimate()
        self._heavy = _Lane(COMPUTED_AT_A_TIME)
        self._light = _Lane(LIGHT_AT_A_TIME)
        self._held = 0
        self._bytes = 0

    @contextmanager
    def turn(self, size: int | None, deadline: Deadline) -> Iterator[None]:
        """Wait for a turn and keep it within the block.

        size: the bytes of the body, None where nobody knows. Raises ``OverloadedError`` where the
        answer would come too late or too many wait already, or where the time is up meanwhile.
        """
        cost = (size or 0) + BYTES_A_REQUEST
        lane = self._light if size is not None and size <= LIGHT_BYTES else self._heavy
        turn = self._enter(lane, cost, deadline)
        try:
            if turn:
                self._wait(lane, turn, cost, deadline)
            with self._lock:
                started = self._cost_estimate.start()
            try:
                yield
            finally:
                with self._lock:
                    self._cost_estimate.finish(started, cost)
                    lane.pass_on()
        finally:
            with self._lock:
                self._held -= 1
                self._bytes -= cost

    def check(self, seconds: float) -> None:
        """Raise ``OverloadedError`` where a small request with so many seconds may be refused."""
        with self._lock:
            if not (self._heavy.free and self._light.free):
                self._check(BYTES_A_REQUEST, seconds)

    def _enter(self, lane: _Lane, cost: int, deadline: Deadline) -> Event | None:
        """Take a place; where none is free, return what will be set when the turn has come."""
        turn = None
        with self._lock:
            if lane.free:
                lane.free -= 1
            else:
                self._check(cost, deadline.left)
                turn = Event()
                lane.waiting.append(turn)
            self._held += 1
            self._bytes += cost
        return turn

    def _check(self, cost: int, left: float) -> None:
        seconds = self._cost_estimate.seconds_a_byte * (self._bytes + cost)
        if self._held >= HELD_REQUESTS or seconds > left:
            raise overloaded(seconds)

    def _wait(self, lane: _Lane, turn: Event, cost: int, deadline: Deadline) -> None:
        """Wait for a turn; raise ``OverloadedError`` where it comes too late to be of use."""
        with self._lock:
            needed = self._cost_estimate.seconds_a_byte * cost
        came = turn.wait(max(0.0, deadline.left - needed))
        with self._lock:
            if came and self._cost_estimate.seconds_a_byte * cost <= deadline.left:
                return
            if turn in lane.waiting:
                lane.waiting.remove(turn)
            else:
                lane.pass_on()
            raise overloaded(self._cost_estimate.seconds_a_byte * self._bytes)


def overloaded(seconds: float) -> OverloadedError:
    """Return the error of a request that comes behind others, which take so many seconds."""
    return OverloadedError(
        Code.OVERLOADED,
        "too many requests are being answered already",
        remedy="Try again later, or serve on more instances.",
        retry_after=max(1, math.ceil(seconds)),
    )
