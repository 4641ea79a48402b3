"""Measure how long a prediction request takes, for the header Server-Timing and for the log."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Self

from text_classification.serving.predictions.limits.deadline import Deadline
from text_classification.serving.predictions.requests.records import Body, Records

if TYPE_CHECKING:
    from text_classification.serving.predictions.requests.request_schemas import Timing


class RequestTiming:
    """Seconds of each part of a request, and the documents it had; a context manager of its turn.

    deadline: when it has to be answered; waiting: for the turn; reading: the body, from the socket
    to records; computing: all else, which is classifying the records and writing the answer.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.documents = 0
        self.waiting = self.reading = self.computing = 0.0
        self._began = perf_counter()

    def __enter__(self) -> Self:
        arrived, self._began = self._began, perf_counter()
        self.waiting = self._began - arrived
        return self

    def __exit__(self, *_: object) -> None:
        self.computing = self._computing()

    def read(self, body: Callable[[], Body]) -> Body:
        """Return a body; its pieces are timed and counted, and end with the deadline.

        They raise ``RequestError`` 504 then.
        """
        began = perf_counter()
        found = body()
        self.reading += perf_counter() - began
        return Body(found.request_format, self._pieces(found.pieces))

    def _pieces(self, pieces: Iterator[Records]) -> Iterator[Records]:
        while True:
            began = perf_counter()
            records = next(pieces, None)
            self.reading += perf_counter() - began
            if records is None:
                return
            self.deadline.check()
            self.documents += len(records.texts) - len(records.problems)
            yield records

    def so_far(self) -> "Timing":
        """Return the times until now, within the turn, in milliseconds."""
        return {
            "waiting_ms": round(self.waiting * 1e3, 3),
            "reading_ms": round(self.reading * 1e3, 3),
            "computing_ms": round(self._computing() * 1e3, 3),
        }

    def _computing(self) -> float:
        return perf_counter() - self._began - self.reading

    def __str__(self) -> str:
        """Return the value of the header Server-Timing, in milliseconds; nginx takes it apart."""
        return (
            f"wait;dur={self.waiting * 1e3:.3f}, read;dur={self.reading * 1e3:.3f}, "
            f"compute;dur={self.computing * 1e3:.3f}, documents;desc={self.documents}"
        )
