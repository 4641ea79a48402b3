"""Those who ask well-formed questions, and what becomes of their requests."""

import http.client
import itertools
import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from benchmarks.soak.questions import Question

# More than the server gives a request.
ANSWER_SECONDS = 90
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


class Caller(threading.Thread):
    """Asks one question after the other until it is told to stop.

    keep: whether it keeps its connection from one question to the next.
    """

    def __init__(
        self,
        port: int,
        questions: Sequence[Question],
        tally: Tally,
        stop: threading.Event,
        *,
        keep: bool,
    ) -> None:
        super().__init__(daemon=True)
        self._questions = questions
        self._tally = tally
        self._stop_asked = stop
        self._keep = keep
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)

    def run(self) -> None:
        """Ask until the stop."""
        for question in itertools.cycle(self._questions):
            if self._stop_asked.is_set():
                break
            self._tally.count("asked")
            self._ask(question)
            if not self._keep:
                self._connection.close()
        self._connection.close()

    def _ask(self, question: Question) -> None:
        kept = self._connection.sock is not None
        try:
            status, content = self._exchange(question)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            # A server may close a kept connection that is idle just when a request sets off; HTTP
            # has the caller send it again.
            unheard = isinstance(error, ConnectionError | http.client.RemoteDisconnected)
            if kept and unheard:
                self._tally.count("resent")
                self._ask(question)
            else:
                self._tally.count("lost", f"{question.name}: {error!r}")
        else:
            self._judge(question, status, content)

    def _exchange(self, question: Question) -> tuple[int, bytes]:
        body: Any = _chunks(question.body) if question.chunks else question.body
        headers = dict(question.headers)
        if question.chunks:
            headers["Transfer-Encoding"] = "chunked"
        self._connection.request(
            "POST", "/invocations", body, headers, encode_chunked=question.chunks
        )
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _judge(self, question: Question, status: int, content: bytes) -> None:
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self._tally.refuse(json.loads(content)["error"]["code"])
        elif status != HTTPStatus.OK:
            self._tally.count("lost", f"{question.name}: status {status}, {content[:200]!r}")
        elif question.is_answered_by(content):
            self._tally.count("right")
        else:
            self._tally.count("wrong", f"{question.name}: {content[:200]!r}")


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        yield body[start : start + CHUNK]
