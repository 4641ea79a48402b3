"""Clients that send well-formed requests, and count the outcomes."""

import http.client
import itertools
import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from benchmarks.soak.checked_requests import CheckedRequest

# More than the server gives a request.
RESPONSE_SECONDS = 90
# Bytes of a chunk, where a body is sent in chunks.
CHUNK = 1000
# Problems that are kept to be shown.
SHOWN = 20


@dataclass
class Tally:
    """What became of all requests; safe to be used by several threads."""

    asked: int = 0
    right: int = 0
    wrong: int = 0
    lost: int = 0
    resent: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, outcome: str, problem: str = "") -> None:
        """Count a request under right, wrong, lost or resent."""
        with self._lock:
            setattr(self, outcome, getattr(self, outcome) + 1)
            if problem and len(self.problems) < SHOWN:
                self.problems.append(f"{outcome}: {problem}")

    def refuse(self, reason: str) -> None:
        """Count a request that was refused with 503."""
        with self._lock:
            self.refused[reason] += 1


class LoadClient(threading.Thread):
    """Sends one request after the other until it is told to stop.

    keep: whether it keeps its connection from one request to the next.
    """

    def __init__(
        self,
        port: int,
        requests: Sequence[CheckedRequest],
        tally: Tally,
        stop: threading.Event,
        *,
        keep: bool,
    ) -> None:
        super().__init__(daemon=True)
        self._requests = requests
        self._tally = tally
        self._stop_asked = stop
        self._keep = keep
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=RESPONSE_SECONDS)

    def run(self) -> None:
        """Send requests until the stop."""
        for request in itertools.cycle(self._requests):
            if self._stop_asked.is_set():
                break
            self._tally.count("asked")
            self._send(request)
            if not self._keep:
                self._connection.close()
        self._connection.close()

    def _send(self, request: CheckedRequest) -> None:
        kept = self._connection.sock is not None
        try:
            status, content = self._exchange(request)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            # A server may close a kept connection that is idle just when a request sets off; HTTP
            # has the caller send it again.
            unheard = isinstance(error, ConnectionError | http.client.RemoteDisconnected)
            if kept and unheard:
                self._tally.count("resent")
                self._send(request)
            else:
                self._tally.count("lost", f"{request.name}: {error!r}")
        else:
            self._judge(request, status, content)

    def _exchange(self, request: CheckedRequest) -> tuple[int, bytes]:
        body: Any = _chunks(request.body) if request.chunks else request.body
        headers = dict(request.headers)
        if request.chunks:
            headers["Transfer-Encoding"] = "chunked"
        self._connection.request(
            "POST", "/invocations", body, headers, encode_chunked=request.chunks
        )
        response = self._connection.getresponse()
        return response.status, response.read()

    def _judge(self, request: CheckedRequest, status: int, content: bytes) -> None:
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self._tally.refuse(json.loads(content)["error"]["code"])
        elif status != HTTPStatus.OK:
            self._tally.count("lost", f"{request.name}: status {status}, {content[:200]!r}")
        elif request.accepts(content):
            self._tally.count("right")
        else:
            self._tally.count("wrong", f"{request.name}: {content[:200]!r}")


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        yield body[start : start + CHUNK]
