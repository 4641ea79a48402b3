"""What containers print, sent to CloudWatch Logs while they run: in batches and in order."""

import logging
import queue
import threading
import time
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.account import Account

# PutLogEvents takes so many events and bytes at once, and counts so many bytes for each event.
MOST_EVENTS = 10_000
MOST_BYTES = 1_048_576
EVENT_BYTES = 26
LONGEST_EVENT = 262_118
PAUSE_SECONDS = 0.3

Event = dict[str, Any]

log = logging.getLogger(__name__)


class LogSender:
    """Sends lines to the streams of one group, in a thread of its own."""

    def __init__(self, account: Account, group: str) -> None:
        self._client = account.client("logs")
        self._group = group
        self._lines: queue.SimpleQueue[tuple[str, Event] | None] = queue.SimpleQueue()
        self._streams: set[str] = set()
        self._thread = threading.Thread(target=self._send_all, daemon=True)
        self._thread.start()

    def send(self, stream: str, line: str) -> None:
        """Send a line, mangled as the service does; lines without a character have no event."""
        if line:
            event = {"timestamp": int(time.time() * 1000), "message": mangled(line)}
            self._lines.put((stream, event))

    def close(self) -> None:
        """Return when all lines have been sent."""
        self._lines.put(None)
        self._thread.join()

    def _send_all(self) -> None:
        ended = False
        while not ended:
            waiting, ended = self._waiting()
            for stream, events in waiting.items():
                try:
                    self._put(stream, events)
                except (BotoCoreError, ClientError) as error:
                    log.warning("log lines of %s are lost: %s", stream, error)

    def _waiting(self) -> tuple[dict[str, list[Event]], bool]:
        """Wait for a line, and for those that come right after it; return them by stream."""
        events: dict[str, list[Event]] = {}
        deadline = 0.0
        while True:
            try:
                pause = max(0.0, deadline - time.monotonic()) if events else None
                item = self._lines.get(timeout=pause)
            except queue.Empty:
                return events, False
            if item is None:
                return events, True
            deadline = deadline if events else time.monotonic() + PAUSE_SECONDS
            events.setdefault(item[0], []).append(item[1])

    def _put(self, stream: str, events: list[Event]) -> None:
        if stream not in self._streams:
            self._create(stream)
        for batch in batches(events):
            self._client.put_log_events(
                logGroupName=self._group, logStreamName=stream, logEvents=batch
            )

    def _create(self, stream: str) -> None:
        for create, names in (
            (self._client.create_log_group, {"logGroupName": self._group}),
            (
                self._client.create_log_stream,
                {"logGroupName": self._group, "logStreamName": stream},
            ),
        ):
            try:
                create(**names)
            except self._client.exceptions.ResourceAlreadyExistsException:
                continue
        self._streams.add(stream)


def mangled(line: str) -> str:
    r"""Return a line as it comes out of the service's logs.

    >>> mangled("a\tb\r")
    'a#011b#015'
    """
    shown = line.replace("\t", "#011").replace("\r", "#015")
    return shown.encode()[:LONGEST_EVENT].decode(errors="ignore")


def batches(events: Iterable[Event]) -> Iterable[list[Event]]:
    """Divide events so that PutLogEvents takes each part."""
    batch: list[Event] = []
    size = 0
    for event in events:
        needed = len(event["message"].encode()) + EVENT_BYTES
        if batch and (len(batch) == MOST_EVENTS or size + needed > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += needed
    if batch:
        yield batch
