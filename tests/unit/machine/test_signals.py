"""machine/signals.py."""

import os
import signal

import pytest

from text_classification.machine.signals import (
    HELD_BACK,
    Stopped,
    StopRequest,
    hold_back,
    let_through,
)


@pytest.mark.usefixtures("signal_handlers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_becomes_a_request(number: signal.Signals) -> None:
    """A listening job goes on after the signal and knows that it is to stop."""
    stop = StopRequest()
    stop.listen()
    assert not stop
    os.kill(os.getpid(), number)
    assert stop


def test_request_is_passed_on_within_a_block() -> None:
    """To whoever works for the job then; at once where the request came before."""
    heard: list[str] = []
    stop = StopRequest()
    with stop.passed_on(lambda: heard.append("earlier")):
        assert not heard
    with stop.passed_on(lambda: heard.append("while working")):
        stop.set()
        assert heard == ["while working"]
    with stop.passed_on(lambda: heard.append("at once")):
        assert heard == ["while working", "at once"]


def test_check_raises_once_asked() -> None:
    """A safe point passes before the request and ends the work after it."""
    stop = StopRequest()
    stop.check()
    stop.set()
    with pytest.raises(Stopped):
        stop.check()


def test_checked_items_end_with_the_request() -> None:
    """Items are handed on until the stop is asked for, and none after it."""
    stop = StopRequest()
    items = stop.checked(range(10))
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    stop.set()
    with pytest.raises(Stopped):
        next(items)


def test_what_is_held_back_waits() -> None:
    """Until somebody asks for it, or it is let through again."""
    hold_back()
    try:
        signal.raise_signal(signal.SIGTERM)
        assert signal.sigwait(HELD_BACK) == signal.SIGTERM
    finally:
        let_through()
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & set(HELD_BACK)
