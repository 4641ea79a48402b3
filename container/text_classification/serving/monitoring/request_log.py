"""The log of requests: nginx writes a line for each into a pipe, and here they are passed on.

One process passes them on, so that they are whole, and a worker has nothing to do with them. They
hold what ``nginx.conf.template`` says, and so no text.
"""

import json
import os
import select
from contextlib import suppress
from http import HTTPStatus
from typing import Literal

from text_classification.serving.monitoring.request_counts import Counts, Request

# Lines that nobody reads are dropped, rather than that a request waits for its line.
BACKLOG = 1 << 20
# What is asked for again and again, by the platform and by Prometheus.
ROUTINE = frozenset({"/ping", "/metrics"})
_READ = 1 << 16

Logged = Literal["all", "errors", "off"]


class RequestLog:
    """Counts and prints what nginx says of requests.

    pipe: the descriptor to read from; logged: which requests are printed; counts: takes all; out:
    the descriptor to print to.
    """

    def __init__(self, pipe: int, logged: Logged, counts: Counts, out: int = 1) -> None:
        self._pipe = pipe
        self._logged = logged
        self._counts = counts
        self._out = out
        self._rest = b""
        self._backlog = bytearray()

    def run(self, until: bytes) -> None:
        """Pass lines on until that one has come, and all before it is printed."""
        coming = True
        while coming or self._backlog:
            pipes = [self._pipe] if coming else []
            printing = [self._out] if self._backlog else []
            came, free, _ = select.select(pipes, printing, [])
            if came:
                coming = self._read(until)
            if free:
                self._print()

    def _read(self, until: bytes) -> bool:
        """Take the lines that there are, and tell whether more may come."""
        *lines, self._rest = (self._rest + os.read(self._pipe, _READ)).split(b"\n")
        coming = until not in lines
        if not coming:
            del lines[lines.index(until) :]
        try:
            self._take(lines)
        except ValueError:
            # Two nginx write while one takes the other's place, and may tear each other's lines.
            for line in lines:
                with suppress(ValueError):
                    self._take([line])
        return coming

    def _take(self, lines: list[bytes]) -> None:
        requests = json.loads(b"[" + b",".join(lines) + b"]")  # much faster than one by one
        for line, request in zip(lines, requests, strict=True):
            self._counts.add(request)
            if self._is_logged(request):
                self._keep(line)

    def _is_logged(self, request: Request) -> bool:
        if self._logged == "all":
            return request["route"] not in ROUTINE or request["status"] != HTTPStatus.OK
        return self._logged == "errors" and request["status"] >= HTTPStatus.BAD_REQUEST

    def _keep(self, line: bytes) -> None:
        if len(self._backlog) < BACKLOG:
            self._backlog += line + b"\n"
        else:
            self._counts.dropped += 1

    def _print(self) -> None:
        """Print whole lines, so few at a time that no other process can write in between."""
        end = self._backlog.rfind(b"\n", 0, select.PIPE_BUF) + 1
        try:
            printed = os.write(self._out, self._backlog[:end])
        except OSError:  # nobody will ever read them
            self._counts.dropped += self._backlog.count(b"\n")
            printed = len(self._backlog)
        del self._backlog[:printed]
