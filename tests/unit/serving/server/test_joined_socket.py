"""serving/server/joined_socket.py: a small response leaves in one piece."""

import socket

from text_classification.serving.server.joined_socket import JoinedSocket


def test_head_and_body_are_sent_together() -> None:
    """Nothing is sent before the first piece of the body is there; all else at once."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(0)
    with ours, theirs:
        joining = JoinedSocket(ours)
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
        JoinedSocket(ours).finish()
        joining = JoinedSocket(ours)
        joining.sendall(b"head")
        joining.finish()
        joining.finish()
        assert _received(theirs) == b"head"


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(100)
    except BlockingIOError:
        return b""
