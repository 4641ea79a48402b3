"""serving/server/worker.py: the answers of gunicorn itself."""

import json
import logging
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.http.errors import InvalidHeader
from gunicorn.workers.gthread import ThreadWorker

from text_classification.serving.server.worker import Worker


@pytest.mark.parametrize(
    ("error", "line", "code", "level"),
    [
        (InvalidHeader("secret"), b"HTTP/1.1 400 Bad Request", "BODY_INVALID", logging.INFO),
        (KeyError("secret"), b"HTTP/1.1 500 Internal Server Error", "INTERNAL", logging.ERROR),
    ],
)
def test_faults_are_answered_in_the_one_form(
    caplog: pytest.LogCaptureFixture, error: Exception, line: bytes, code: str, level: int
) -> None:
    """A caller's fault is 400 and one of ours 500, with a length and without what was sent."""
    with caplog.at_level(logging.INFO):
        head, body = _answer(error)
    assert head[0] == line
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["error"]["code"] == code
    assert b"secret" not in body
    assert caplog.records[-1].levelno == level


def test_client_that_is_gone_harms_nobody() -> None:
    """There is nobody to answer."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        Worker.handle_error(object.__new__(Worker), None, ours, "", InvalidHeader("x"))


@pytest.mark.parametrize(
    ("worker", "requests"),
    [
        ({"alive": True, "nr_conns": 1, "keepalived_conns": []}, 3),
        ({"alive": True, "nr_conns": 4, "keepalived_conns": [1, 2, 3]}, 3),
        ({"alive": True, "nr_conns": 2, "keepalived_conns": []}, 1),
        ({"alive": False, "nr_conns": 1, "keepalived_conns": []}, 1),
    ],
)
def test_thread_stays_with_the_only_connection_that_has_requests(
    monkeypatch: pytest.MonkeyPatch, worker: dict[str, Any], requests: int
) -> None:
    """It goes back between two requests where there are others, or the worker ends."""
    handled = []

    def handle(_worker: Worker, connection: Any) -> bool:
        handled.append(connection.sock.recv(1))
        return True

    monkeypatch.setattr(ThreadWorker, "handle", handle)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"123")
        assert _worker(worker).handle(SimpleNamespace(sock=ours)) is True
    assert len(handled) == requests


def _worker(attributes: dict[str, Any]) -> Worker:
    worker = object.__new__(Worker)
    worker.__dict__.update(attributes)
    return worker


def _answer(error: Exception) -> Any:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            Worker.handle_error(object.__new__(Worker), None, ours, "", error)
        head, _, body = theirs.recv(10_000).partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body
