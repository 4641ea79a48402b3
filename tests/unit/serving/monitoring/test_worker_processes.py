"""serving/monitoring/worker_processes.py: what the kernel and nginx say."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from text_classification.contract.settings import Settings
from text_classification.serving.monitoring import worker_processes as module
from text_classification.serving.monitoring.worker_processes import (
    requests_under_way,
    worker_count,
    worker_processes,
)

PAGE = b"Active connections: 9\nserver accepts handled requests\n 1 1 1\nReading: 0 Writing: 5 "


def test_workers_are_as_set_or_one_for_each_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """0 stands for the number of processors."""
    monkeypatch.setattr(module, "processor_count", lambda: 5)
    assert [worker_count(Settings(workers=number)) for number in (0, 2)] == [5, 2]


def test_who_is_replaced_does_not_leave_the_server_alone() -> None:
    """A worker's successor starts when it has ended: a second one is there meanwhile."""
    counts = [worker_count(Settings(workers=number, worker_requests=50)) for number in (1, 2, 3)]
    assert counts == [2, 2, 3]


def test_workers_are_the_children() -> None:
    """Of a master; one that is gone has none."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in worker_processes(os.getpid())
        assert worker_processes(child.pid) == []
        child.communicate(b"\n")
    assert worker_processes(child.pid) == []


@pytest.mark.parametrize(("page", "expected"), [(PAGE, 4), (b"HTTP/1.1 404 Not Found", 0)])
def test_requests_are_those_of_nginx(tmp_path: Path, page: bytes, expected: int) -> None:
    """But for the one that asks; 0 where it does not say."""
    path = tmp_path / "nginx.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(page)

        thread = Thread(target=answer)
        thread.start()
        assert requests_under_way(path) == expected
        thread.join(10)


def test_nginx_that_is_not_there_has_none(tmp_path: Path) -> None:
    """Nothing is raised while a server begins or ends."""
    assert requests_under_way(tmp_path / "nginx.sock") == 0
