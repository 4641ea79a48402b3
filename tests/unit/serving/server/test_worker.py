"""serving/server/worker.py: the answers of gunicorn itself."""

import json
import logging
import socket
from typing import Any

import pytest
from gunicorn.http.errors import InvalidHeader

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


def _answer(error: Exception) -> Any:
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            Worker.handle_error(object.__new__(Worker), None, ours, "", error)
        head, _, body = theirs.recv(10_000).partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body
