"""serving/predictions/handover.py: answers in one piece, or in a file."""

import io
import os
import socket
import time
from pathlib import Path

from text_classification.serving.predictions.handover import (
    FORGOTTEN_SECONDS,
    JoiningSocket,
    forget_answers,
    hand_over,
)


def test_answers_become_files_of_names_that_nobody_can_guess(tmp_path: Path) -> None:
    """From memory or from a file, which is closed."""
    file = io.BytesIO(b"kept")
    names = [hand_over(b"held", tmp_path), hand_over(file, tmp_path)]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"held", b"kept"]
    assert file.closed
    assert len(set(names)) == 2


def test_only_old_answers_are_forgotten(tmp_path: Path) -> None:
    """Those that nginx may not have opened yet stay."""
    old, young = (tmp_path / hand_over(b"x", tmp_path) for _ in range(2))
    before = time.time() - FORGOTTEN_SECONDS - 1
    os.utime(old, (before, before))
    forget_answers(tmp_path)
    assert list(tmp_path.iterdir()) == [young]


def test_head_and_body_are_sent_together() -> None:
    """Nothing is sent before the first piece of the body is there; all else at once."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(0)
    with ours, theirs:
        joining = JoiningSocket(ours)
        joining.sendall(b"head,")
        assert _received(theirs) == b""
        joining.sendall(b"body,")
        assert _received(theirs) == b"head,body,"
        joining.sendall(b"more")
        joining.finish()
        assert _received(theirs) == b"more"
        assert joining.fileno() == ours.fileno()


def test_head_alone_is_sent_in_the_end() -> None:
    """Some answers have no body, and where there is no answer nothing is sent."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(0)
    with ours, theirs:
        JoiningSocket(ours).finish()
        joining = JoiningSocket(ours)
        joining.sendall(b"head")
        joining.finish()
        joining.finish()
        assert _received(theirs) == b"head"


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(100)
    except BlockingIOError:
        return b""
