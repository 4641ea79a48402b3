"""What containers print, in CloudWatch Logs: written by one thread, every half second."""

import contextlib
import queue
import threading
import time
from collections import defaultdict
from typing import NamedTuple

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.runtime.container import Container

FLUSH_SECONDS = 0.5


class Line(NamedTuple):
    """One line of a stream; time in milliseconds since 1970."""

    group: str
    stream: str
    time: int
    text: str


class LogStreams:
    """Writes lines into log groups and streams, which are made when they are needed."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lines: queue.SimpleQueue[Line] = queue.SimpleQueue()
        self._known: set[tuple[str, str]] = set()
        self._writing = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write_until_end, daemon=True)
        self._thread.start()

    def write(self, group: str, stream: str, text: str) -> None:
        """Write one line soon; an empty one as a space, since the service takes none."""
        self._lines.put(Line(group, stream, time.time_ns() // 1_000_000, text or " "))

    def follow(self, container: Container, group: str, stream: str) -> threading.Thread:
        """Write what a container prints until it ends; return the thread, to be joined by then."""

        def read() -> None:
            for line in container.lines():
                self.write(group, stream, line)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def flush(self) -> None:
        """Write at once what there is."""
        with self._writing:
            waiting: dict[tuple[str, str], list[Line]] = defaultdict(list)
            with contextlib.suppress(queue.Empty):
                while True:
                    line = self._lines.get_nowait()
                    waiting[line.group, line.stream].append(line)
            for (group, stream), lines in waiting.items():
                self._put(group, stream, lines)

    def close(self) -> None:
        """Write what is left and end."""
        self._end.set()
        self._thread.join()
        self.flush()

    def _write_until_end(self) -> None:
        while not self._end.wait(FLUSH_SECONDS):
            self.flush()

    def _put(self, group: str, stream: str, lines: list[Line]) -> None:
        logs = self._account.client("logs")
        events = [{"timestamp": line.time, "message": line.text} for line in lines]
        if (group, stream) not in self._known:
            self._make(group, stream)
        try:
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
        except logs.exceptions.ResourceNotFoundException:
            # Somebody has deleted the group while its container was printing.
            self._make(group, stream)
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def _make(self, group: str, stream: str) -> None:
        logs = self._account.client("logs")
        for make, names in (
            (logs.create_log_group, {"logGroupName": group}),
            (logs.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
        ):
            try:
                make(**names)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                    raise
        self._known.add((group, stream))
