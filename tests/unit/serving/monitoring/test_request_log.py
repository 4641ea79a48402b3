"""serving/monitoring/request_log.py: from nginx's pipe to the counts and the log."""

import json
import os
import select
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from text_classification.serving.monitoring import request_log
from text_classification.serving.monitoring.request_counts import LIMITS, Counts
from text_classification.serving.monitoring.request_log import Logged, RequestLog

END = b"end"


def line(route: str = "/invocations", status: int = 200, **more: object) -> bytes:
    """Return a line as nginx writes it."""
    found = {
        "id": "7",
        "route": route,
        "status": status,
        "bytes_in": 10,
        "bytes_out": 20,
        "seconds": 0.002,
        **more,
    }
    return json.dumps(found).encode() + b"\n"


ANSWERED = line(documents=3, waiting_ms=1.0, reading_ms=2.0, computing_ms=4.0)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe to read from and to write to."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def logged(
    pipe: tuple[int, int], folder: Path, lines: bytes, told: Logged = "all"
) -> tuple[bytes, Counts]:
    """Return what is printed of lines, and what is counted."""
    counts = Counts()
    with (folder / "log").open("wb") as out:
        thread = Thread(target=RequestLog(pipe[0], told, counts, out.fileno()).run, args=[END])
        thread.start()
        os.write(pipe[1], lines + END + b"\n")
        thread.join(10)
        assert not thread.is_alive()
    return (folder / "log").read_bytes(), counts


@pytest.mark.parametrize(
    ("told", "printed"),
    [("all", [0, 1, 2, 3, 5]), ("errors", [1, 3, 5]), ("off", [])],
)
def test_setting_says_what_is_printed(
    pipe: tuple[int, int], tmp_path: Path, told: Logged, printed: list[int]
) -> None:
    """All but healthy pings and readings of the metrics; or errors; or nothing. All is counted."""
    lines = [
        ANSWERED,
        line(status=400),
        line("/status"),
        line("/ping", 503),
        line("/ping"),
        line("/metrics", 404),
        line("/metrics"),
    ]
    text, counts = logged(pipe, tmp_path, b"".join(lines), told)
    assert text == b"".join(lines[index] for index in printed)
    assert counts.requests.total() == len(lines)


def test_everything_is_counted(pipe: tuple[int, int], tmp_path: Path) -> None:
    """By route and status, with sizes and times; documents only where there was an answer."""
    lines = [ANSWERED, ANSWERED, line(status=413, seconds=0.001), line("/ping", seconds=700)]
    _, counts = logged(pipe, tmp_path, b"".join(lines))
    assert counts.requests == {
        ("/invocations", 200): 2,
        ("/invocations", 413): 1,
        ("/ping", 200): 1,
    }
    assert (counts.received, counts.sent, counts.documents) == (40, 80, 6)
    assert (counts.waiting, counts.reading, counts.computing) == (0.002, 0.004, 0.008)
    assert counts.seconds == pytest.approx(0.005)
    assert counts.within == [1, 2, *[0] * (len(LIMITS) - 1)]


def test_longer_than_any_limit_is_counted_beyond() -> None:
    """The last of the counts is for what kept to no limit."""
    counts = Counts()
    counts.add(json.loads(line(seconds=LIMITS[-1] + 1)))
    assert counts.within[-1] == 1


def test_lines_may_come_in_any_pieces(
    pipe: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line is printed when all of it is there."""
    monkeypatch.setattr(request_log, "_READ", 7)
    text, _ = logged(pipe, tmp_path, ANSWERED * 30)
    assert text == ANSWERED * 30


def test_torn_line_is_lost_alone(pipe: tuple[int, int], tmp_path: Path) -> None:
    """Those before and after it are printed and counted."""
    text, counts = logged(pipe, tmp_path, ANSWERED + ANSWERED[:20] + ANSWERED + ANSWERED)
    assert text == ANSWERED * 2
    assert counts.requests.total() == 2


def test_log_that_nobody_reads_drops_lines(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nginx is read from all the same; what is dropped is counted, and what is kept is whole."""
    monkeypatch.setattr(request_log, "BACKLOG", 10 * len(ANSWERED))
    counts = Counts()
    reader, writer = os.pipe()
    full = 0
    os.set_blocking(writer, False)
    while select.select([], [writer], [], 0)[1]:
        full += os.write(writer, bytes(select.PIPE_BUF))
    os.set_blocking(writer, True)
    log = RequestLog(pipe[0], "all", counts, writer)
    thread = Thread(target=log.run, args=[END])
    thread.start()
    for _ in range(1000):  # more than the pipe holds
        os.write(pipe[1], ANSWERED)
    os.write(pipe[1], END + b"\n")
    while full:
        full -= len(os.read(reader, full))
    thread.join(10)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        text = file.read()
    assert not thread.is_alive()
    assert text == ANSWERED * (len(text) // len(ANSWERED))
    assert counts.requests.total() == 1000
    assert counts.dropped == 1000 - len(text) // len(ANSWERED) > 0


def test_log_that_is_closed_drops_lines(pipe: tuple[int, int]) -> None:
    """Nobody will ever read them."""
    counts = Counts()
    reader, writer = os.pipe()
    os.close(reader)
    os.write(pipe[1], ANSWERED * 3 + END + b"\n")
    RequestLog(pipe[0], "all", counts, writer).run(END)
    os.close(writer)
    assert counts.dropped == 3
