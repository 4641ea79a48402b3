"""serving/predictions/requests/request_timing.py."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.limits.deadline import Deadline
from text_classification.serving.predictions.requests.records import (
    Body,
    Document,
    Records,
    invalid,
)
from text_classification.serving.predictions.requests.request_timing import RequestTiming

TERMS = Negotiation().request_format("application/json", "", "")


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that requests are measured by."""
    found = Clock()
    monkeypatch.setattr(
        "text_classification.serving.predictions.requests.request_timing.perf_counter", found
    )
    return found


def piece(*texts: str, bad: int = 0) -> Records:
    """Return records, some of them bad."""
    records = Records()
    for text in texts:
        records.add(Document(text))
    for _ in range(bad):
        records.refuse(invalid("it is bad"))
    return records


def test_each_part_has_its_time(clock: Clock) -> None:
    """Until the turn; until a record is there, piece by piece; and all else within the turn."""

    def body() -> Body:
        clock.now += 4
        return Body(TERMS, pieces())

    def pieces() -> Iterator[Records]:
        clock.now += 8
        yield piece("one", "two")
        clock.now += 16
        yield piece("three", bad=2)

    timing = RequestTiming(Deadline.after(600))
    clock.now += 1
    with timing:
        for _ in timing.read(body).pieces:
            clock.now += 32
    clock.now += 1000
    assert (timing.waiting, timing.reading, timing.computing) == (1, 28, 64)
    assert timing.documents == 3


def test_times_so_far_are_those_within_the_turn(clock: Clock) -> None:
    """In milliseconds; what goes on counts as computing until it has ended."""
    timing = RequestTiming(Deadline.after(600))
    clock.now += 1
    with timing:
        for _ in timing.read(lambda: Body(TERMS, iter([piece("one")]))).pieces:
            clock.now += 0.25
        expected = {"waiting_ms": 1000, "reading_ms": 0, "computing_ms": 250}
        assert {**timing.so_far()} == expected
        clock.now += 0.5
        assert {**timing.so_far()} == {**expected, "computing_ms": 750}


def test_header_is_server_timing() -> None:
    """Names with a duration in milliseconds each, and the documents."""
    timing = RequestTiming(Deadline.after(600))
    timing.waiting, timing.reading, timing.computing = 0.0001, 0.002, 12.3456789
    timing.documents = 5
    assert str(timing) == (
        "wait;dur=0.100, read;dur=2.000, compute;dur=12345.679, documents;desc=5"
    )
    metric = r"[a-z]+;(dur=[0-9.]+|desc=[0-9]+)"
    assert re.fullmatch(rf"{metric}(, {metric})*", str(timing))


def test_pieces_end_with_the_deadline() -> None:
    """Nothing is taken from a body any more; the error says so."""
    late = replace(Deadline.after(1), at=time.monotonic())
    found = RequestTiming(late).read(lambda: Body(TERMS, iter([piece("one")])))
    with pytest.raises(RequestError) as raised:
        next(found.pieces)
    assert raised.value.code == Code.TIMED_OUT
