"""serving/server/background.py."""

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.waiting import wait_until
from text_classification.serving.server import background
from text_classification.serving.server.background import in_background


def test_work_is_done_by_nobodys_child(tmp_path: Path) -> None:
    """Nobody waits for it, nor takes it for one of its own."""
    found = tmp_path / "found"

    def work() -> None:
        (tmp_path / "written").write_text(f"{os.getpid()} {os.getppid()} {os.nice(0)}")
        (tmp_path / "written").rename(found)

    in_background(work)
    wait_until(found.exists)
    process, parent, nice = map(int, found.read_text().split())
    assert os.getpid() not in {process, parent}
    assert nice == background.NICE


def test_work_that_fails_ends_its_process_alone() -> None:
    """Nothing behind it is done by two."""

    def work() -> NoReturn:
        raise MemoryError

    reading, writing = os.pipe()
    in_background(work)
    os.write(writing, f"{os.getpid()} ".encode())
    os.close(writing)
    with os.fdopen(reading) as pipe:  # it ends when no process has it open for writing
        assert pipe.read().split() == [str(os.getpid())]


def test_work_is_done_at_once_where_nobody_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where no more processes are allowed."""

    def refuse() -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    done: list[int] = []
    in_background(lambda: done.append(os.getpid()))
    assert done == [os.getpid()]
