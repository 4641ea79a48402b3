"""Work that each host of a job does by itself, between what all of them do together."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from text_classification.training.hosts.group import HostGroup

# How often hosts ask whether one of them stops, and whether all are done.
ASK_SECONDS = 0.5


@contextmanager
def apart(group: HostGroup | None) -> Iterator[None]:
    """Let a host do work of its own in the block, and wait at its end until all have done theirs.

    A stop request to one host, or a failure of one, is a stop request to all within a moment.
    Nothing else may be exchanged in the block.
    Raises ``ResourceError`` in all hosts where one has failed or is lost.
    """
    if group is None:
        yield
        return
    with group.together():
        watch = _Watch(group)
        try:
            yield
        except Exception:
            watch.ask_for_stop()
            raise
        finally:
            watch.wait_for_all()


class _Watch:
    """A thread that tells the other hosts how far this one is, and hears how far they are."""

    def __init__(self, group: HostGroup) -> None:
        self._group = group
        self._stops = threading.Event()
        self._done = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._watch, name="hosts apart", daemon=True)
        self._thread.start()

    def ask_for_stop(self) -> None:
        self._stops.set()

    def wait_for_all(self) -> None:
        self._done.set()
        self._thread.join()
        if self._error:
            raise self._error

    def _watch(self) -> None:
        try:
            # Each host asks as often as all others: the last question is the same for all.
            while not self._are_all_done():
                self._done.wait(ASK_SECONDS)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            self._error = error
            self._group.stop.set()

    def _are_all_done(self) -> bool:
        stops = self._stops.is_set() or self._group.is_asked_to_stop
        own = np.array([stops, self._done.is_set()], np.int32)
        stopping, done = self._group.sum(own).tolist()
        if stopping:
            self._group.stop.set()
        return bool(done == self._group.size)
