"""How far the reading of a channel has come, in the log once a minute at most."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from text_classification.corpus.readers.source import Source

Item = TypeVar("Item")

SECONDS = 60

log = logging.getLogger(__name__)


class Progress:
    """Counts documents as they are written; read: how many bytes of files they stand for."""

    def __init__(self, name: str, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to read a channel; total: the bytes of its files, 0 where nobody knows."""
        self.read = 0
        self._name = name
        self._total = total
        self._clock = clock
        self._start = self._told = clock()

    def written(self, documents: int) -> None:
        """Say how far it is with so many documents, unless that was said a moment ago."""
        now = self._clock()
        if now - self._told < SECONDS:
            return
        self._told = now
        seconds = now - self._start
        log.info(
            "%s: %d documents read, %d a second%s",
            self._name,
            documents,
            documents / seconds,
            self._left(seconds),
        )

    def through(self, files: Iterable[tuple[Source, Item]]) -> Iterator[tuple[Source, Item]]:
        """Yield files, each of which has been read when the next is asked for."""
        for source, item in files:
            yield source, item
            self.read += size_of(source)

    def _left(self, seconds: float) -> str:
        if not 0 < self.read <= self._total:
            return ""
        share = self.read / self._total
        left = seconds * (1 - share) / share
        return f"; {share:.0%} of the files, some {left / 60:.0f} minutes left"


def size_of(source: Source) -> int:
    """Return the bytes of a file; 0 for one that is gone, and for a pipe."""
    try:
        return 0 if source.stream else source.path.stat().st_size
    except OSError:
        return 0
