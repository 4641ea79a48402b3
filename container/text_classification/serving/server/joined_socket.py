"""Send the head of a response together with the first piece of its body.

So a small response leaves a worker in one piece: it comes to its end even if the worker does not.
"""

from socket import socket
from typing import Any


class JoinedSocket:
    """A socket that keeps the very first piece that is sent until the next one."""

    def __init__(self, joined: socket) -> None:
        self._socket = joined
        self._head: bytes | None = None
        self._joined = False

    def sendall(self, data: bytes) -> None:
        """Send, but keep the very first piece until the next."""
        if self._joined:
            self._socket.sendall(data)
        elif self._head is None:
            self._head = data
        else:
            self._joined = True
            self._socket.sendall(self._head + data)

    def finish(self) -> None:
        """Send a head that has no body."""
        if self._head is not None and not self._joined:
            self._joined = True
            self._socket.sendall(self._head)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
