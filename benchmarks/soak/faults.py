"""What goes wrong beside the callers: killed workers, reloads, malformed and slow clients."""

import contextlib
import itertools
import socket
import threading
import time
from abc import ABC, abstractmethod

from benchmarks.soak.server import PING_SECONDS, Server

_POST = b"POST /invocations HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
MALFORMED = (
    b"GET /ping\r\n\r\n",
    b"NONSENSE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01",
    b"GET /ping HTTP/1.1\r\nHost: here\r\n folded: yes\r\n\r\n",
    b"GET /ping HTTP/1.1\r\nHost: here\r\n" + b"X: " + b"x" * 40_000 + b"\r\n\r\n",
    b"GET /ping HTTP/1.1\r\nHost: here\r\n" + b"X: x\r\n" * 2_000 + b"\r\n",
    _POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    _POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}\n",
    _POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    _POST + b'Content-Length: 9\r\n\r\n{"text": ',
)
# Half requests: the client goes away in the middle.
HALF = (
    _POST[:40],
    _POST + b"Content-Length: 1000\r\n\r\n[",
    _POST + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n[",
)
SLOW = _POST + b"Content-Length: 100000\r\n\r\n" + b" " * 100_000
CLIENT_SECONDS = 5
SLOW_CLIENTS = 20


class Fault(threading.Thread, ABC):
    """Happens again and again, ``seconds`` apart, until the stop; happened: how often."""

    seconds = 1.0

    def __init__(self, server: Server, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._stop_asked = stop
        self.happened = 0

    def run(self) -> None:
        """Let it happen until the stop."""
        while not self._stop_asked.wait(self.seconds):
            self.happen()

    @abstractmethod
    def happen(self) -> None:
        """Let it happen once."""


class KilledWorkers(Fault):
    """SIGKILL to one worker after the other."""

    seconds = 5.0

    def happen(self) -> None:
        """Kill one."""
        self.happened += self._server.kill_a_worker(self.happened)


class Reloads(Fault):
    """SIGHUP to nginx."""

    seconds = 17.0

    def happen(self) -> None:
        """Reload."""
        self._server.reload_nginx()
        self.happened += 1


class Pings(Fault):
    """The platform's question; failed: how often it was not answered 200 in time."""

    failed = 0
    slowest = 0.0

    def happen(self) -> None:
        """Ask."""
        started = time.monotonic()
        answered = self._server.ping()
        seconds = time.monotonic() - started
        self.slowest = max(self.slowest, seconds)
        self.failed += not answered or seconds > PING_SECONDS
        self.happened += 1


class MalformedClients(Fault):
    """Those who send what is no request, or half of one; accepted: how often that got 200."""

    seconds = 0.2
    accepted = 0

    def run(self) -> None:
        """Send one after the other until the stop."""
        self._turns = itertools.cycle((*MALFORMED, *HALF))
        super().run()

    def happen(self) -> None:
        """Send the next."""
        sent = next(self._turns)
        with contextlib.suppress(OSError), _connected(self._server) as connection:
            connection.sendall(sent)
            self.happened += 1
            if sent not in HALF:
                connection.shutdown(socket.SHUT_WR)
                self.accepted += b" 200 " in connection.recv(100).split(b"\r\n")[0]


class SlowClients(Fault):
    """Those who send a request byte by byte."""

    seconds = 0.5

    def run(self) -> None:
        """Send until the stop."""
        self._connections: list[tuple[socket.socket, int]] = []
        super().run()
        for connection, _ in self._connections:
            connection.close()

    def happen(self) -> None:
        """Send a byte each, and begin anew where a connection was closed."""
        going: list[tuple[socket.socket, int]] = []
        for connection, sent in self._connections:
            try:
                connection.sendall(SLOW[sent : sent + 1])
                going.append((connection, sent + 1))
            except OSError:
                connection.close()
        with contextlib.suppress(OSError):
            while len(going) < SLOW_CLIENTS:
                # Half of them have sent their headers.
                start = len(_POST) + 30 if len(going) % 2 else 1
                connection = _connected(self._server)
                connection.sendall(SLOW[:start])
                going.append((connection, start))
                self.happened += 1
        self._connections = going


def _connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=CLIENT_SECONDS)
