"""serving/predictions/limits/admission.py: turns, refusals, and the pace they are judged by."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from tests.support.waiting import wait_until
from text_classification.errors import Code, OverloadedError
from text_classification.serving.predictions.limits import admission
from text_classification.serving.predictions.limits.admission import (
    BYTES_A_REQUEST,
    COMPUTED_AT_A_TIME,
    HELD_REQUESTS,
    LIGHT_AT_A_TIME,
    LIGHT_BYTES,
    Admission,
    CostEstimate,
)
from text_classification.serving.predictions.limits.deadline import Deadline


def far_deadline() -> Deadline:
    """Return a deadline that is far away now, however long ago the tests began."""
    return Deadline.after(600)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the pace is measured by."""
    found = Clock()
    monkeypatch.setattr(time, "monotonic", found)
    return found


def test_cost_estimate_is_seconds_of_the_whole_worker(clock: Clock) -> None:
    """Two requests side by side that take a second together cost half of it each."""
    pace = CostEstimate()
    assert pace.seconds_a_byte == 0
    clock.now += 50  # nothing to do
    first, second = pace.start(), pace.start()
    clock.now += 1
    pace.finish(first, 100)
    pace.finish(second, 100)
    assert pace.seconds_a_byte == pytest.approx(1 / 200)


def test_long_request_makes_no_other_look_slow(clock: Clock) -> None:
    """ResponseMetadata a request that goes on, short ones cost what they take by themselves."""
    pace = CostEstimate()
    pace.start()
    clock.now += 30
    started = pace.start()
    clock.now += 2
    pace.finish(started, 100)
    assert pace.seconds_a_byte == pytest.approx(1 / 100)


def test_cost_estimate_follows_what_comes_later(clock: Clock) -> None:
    """What was slow long ago counts less and less."""
    pace = CostEstimate()
    for seconds, count in ((1, 20), (0.1, 1000)):
        for _ in range(count):
            started = pace.start()
            clock.now += seconds
            pace.finish(started, 10)
    assert pace.seconds_a_byte == pytest.approx(0.01, rel=0.05)


@contextmanager
def _busy(admitting: Admission, size: int | None = None) -> Iterator[Callable[[], None]]:
    """Take all places until the block ends, or until what it is given is called."""
    places = admission.COMPUTED_AT_A_TIME
    done, entered = threading.Event(), threading.Barrier(places + 1)

    def keep() -> None:
        with admitting.turn(size, far_deadline()):
            entered.wait()
            done.wait()

    with ThreadPoolExecutor(places) as pool:
        kept = [pool.submit(keep) for _ in range(places)]
        entered.wait()
        try:
            yield done.set
        finally:
            done.set()
    assert all(each.exception() is None for each in kept)


def test_first_come_first_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that wait have their turns in the order in which they came."""
    monkeypatch.setattr(admission, "COMPUTED_AT_A_TIME", 1)
    admitting, order = Admission(), []

    def ask(number: int) -> None:
        with admitting.turn(None, far_deadline()):
            order.append(number)

    with ThreadPoolExecutor(10) as pool, _busy(admitting):
        waiting: list[Future[None]] = []
        for number in range(10):
            waiting.append(pool.submit(ask, number))
            wait_until(lambda: len(admitting._heavy.waiting) == len(waiting))
    assert order == list(range(10))


def test_no_more_are_held_than_there_are_threads_for() -> None:
    """The next is refused at once, and told when to come again."""
    admitting = Admission()
    with ThreadPoolExecutor(HELD_REQUESTS) as pool, _busy(admitting):
        for _ in range(HELD_REQUESTS - COMPUTED_AT_A_TIME):
            pool.submit(lambda: admitting.turn(None, far_deadline()).__enter__())
        wait_until(lambda: admitting._held == HELD_REQUESTS)
        with (
            pytest.raises(OverloadedError, match="too many requests") as raised,
            admitting.turn(None, far_deadline()),
        ):
            pass
        assert (raised.value.status, raised.value.code) == (503, Code.OVERLOADED)
        assert raised.value.retry_after == 1


def test_who_would_come_too_late_is_refused(clock: Clock) -> None:
    """At a second a request, the fifth of five has no chance in four seconds, but in six."""
    admitting = Admission()
    with admitting.turn(None, far_deadline()):
        clock.now += 1
    assert admitting._cost_estimate.seconds_a_byte == pytest.approx(1 / BYTES_A_REQUEST)
    with _busy(admitting) as free:
        hurried = Deadline(clock.now + 4, 4)
        with pytest.raises(OverloadedError) as raised, admitting.turn(None, hurried):
            pass
        assert raised.value.retry_after == 5
        patient = Deadline(clock.now + 6, 6)
        threading.Timer(0.05, free).start()
        with admitting.turn(None, patient):
            pass
    assert _is_empty(admitting)


def test_large_request_finds_a_free_place(clock: Clock) -> None:
    """However long it may take: nobody knows before it was tried."""
    admitting = Admission()
    with admitting.turn(None, far_deadline()):
        clock.now += 10
    with admitting.turn(1 << 30, Deadline(clock.now + 1, 1)):
        pass


def test_light_request_waits_for_no_heavy_one() -> None:
    """Not even where those have all places, and others wait for them."""
    admitting = Admission()
    with _busy(admitting):
        with admitting.turn(LIGHT_BYTES, Deadline.after(1)):
            assert admitting._held == COMPUTED_AT_A_TIME + 1
        deadline = Deadline(time.monotonic() + 0.05, 1)
        with (
            pytest.raises(OverloadedError, match="too many"),
            admitting.turn(LIGHT_BYTES + 1, deadline),
        ):
            pass
    assert _is_empty(admitting)


def test_many_light_requests_take_turns_like_others(clock: Clock) -> None:
    """What they need at a time is bounded too, and they are refused where they would be late."""
    admitting = Admission()
    with admitting.turn(0, far_deadline()):
        clock.now += 1
    with ExitStack() as held:
        for _ in range(LIGHT_AT_A_TIME):
            held.enter_context(admitting.turn(0, far_deadline()))
        admitting.check(LIGHT_AT_A_TIME + 2)
        late = Deadline(clock.now + LIGHT_AT_A_TIME, LIGHT_AT_A_TIME)
        with pytest.raises(OverloadedError), admitting.turn(0, late):
            pass
        with pytest.raises(OverloadedError):
            admitting.check(LIGHT_AT_A_TIME)
    assert _is_empty(admitting)


def test_light_request_that_waits_comes_before_later_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has the next place of a light one, though heavy ones keep all of theirs."""
    monkeypatch.setattr(admission, "LIGHT_AT_A_TIME", 1)
    admitting, order = Admission(), []

    def ask(number: int) -> None:
        with admitting.turn(0, far_deadline()):
            order.append(number)

    with _busy(admitting), ThreadPoolExecutor(3) as pool, admitting.turn(0, far_deadline()):
        waiting: list[Future[None]] = []
        for number in range(3):
            waiting.append(pool.submit(ask, number))
            wait_until(lambda: len(admitting._light.waiting) == len(waiting))
    assert order == [0, 1, 2]


def test_light_requests_take_no_place_of_heavy_ones(clock: Clock) -> None:
    """A large request is tried, however long it may take by what the small ones took."""
    admitting = Admission()
    with admitting.turn(0, far_deadline()):
        clock.now += 10
    with ExitStack() as held:
        for _ in range(LIGHT_AT_A_TIME):
            held.enter_context(admitting.turn(0, far_deadline()))
        with admitting.turn(1 << 30, Deadline(clock.now + 1, 1)):
            assert admitting._heavy.free == COMPUTED_AT_A_TIME - 1
    assert _is_empty(admitting)


def _is_empty(admitting: Admission) -> bool:
    free = (admitting._heavy.free, admitting._light.free)
    return (admitting._held, admitting._bytes, *free) == (
        *(0, 0),
        *(COMPUTED_AT_A_TIME, LIGHT_AT_A_TIME),
    )


def test_who_waits_too_long_gives_up() -> None:
    """It is told to try again later, and its place in the queue is gone."""
    admitting = Admission()
    with _busy(admitting):
        deadline = Deadline(time.monotonic() + 0.05, 1)
        with pytest.raises(OverloadedError) as raised, admitting.turn(None, deadline):
            pass
        assert raised.value.code == Code.OVERLOADED
        assert not admitting._heavy.waiting
    assert _is_empty(admitting)


def test_turn_that_comes_as_the_time_is_up_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """No place is lost to a request that has just given up."""
    admitting = Admission()

    class Unlucky(threading.Event):
        """Set at the very moment when the wait has ended."""

        def wait(self, timeout: float | None = None) -> bool:
            super().wait(timeout)
            return False

    with _busy(admitting) as free:
        monkeypatch.setattr(admission, "Event", Unlucky)
        threading.Timer(0.05, free).start()
        with pytest.raises(OverloadedError) as raised, admitting.turn(None, far_deadline()):
            pass
    assert raised.value.code == Code.OVERLOADED
    assert _is_empty(admitting)


def test_check_refuses_what_a_turn_would() -> None:
    """Nothing while a place is free; and with all places held, as much as a request."""
    admission = Admission()
    with ExitStack() as held:
        for size in (*(None,) * COMPUTED_AT_A_TIME, *(0,) * LIGHT_AT_A_TIME):
            admission.check(600)
            held.enter_context(admission.turn(size, far_deadline()))
        admission.check(600)
        admission._held = HELD_REQUESTS
        with pytest.raises(OverloadedError):
            admission.check(600)
        admission._held = COMPUTED_AT_A_TIME + LIGHT_AT_A_TIME
    admission.check(600)
