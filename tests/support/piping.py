"""Fill the pipes of channels, as SageMaker does in Pipe mode."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MAGIC = 0xCED7230A
# The two bits of a part's kind: whole, first, middle, last.
WHOLE, FIRST, MIDDLE, LAST = range(4)


def record(content: bytes, kind: int = WHOLE) -> bytes:
    """Return a record of RecordIO, or a part of one."""
    head = MAGIC.to_bytes(4, "little") + (kind << 29 | len(content)).to_bytes(4, "little")
    return head + content + bytes(-len(content) % 4)


class Writer(threading.Thread):
    """Writes into a pipe when somebody reads it; was_closed tells whether that left early."""

    def __init__(self, path: Path, parts: Iterable[bytes]) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._parts = parts
        self.was_closed = False

    def run(self) -> None:
        """Open the pipe, which waits for a reader, and write part by part."""
        try:
            with self._path.open("wb", buffering=0) as pipe:
                for part in self._parts:
                    left = memoryview(part)
                    while left:
                        left = left[pipe.write(left) :]
        except BrokenPipeError:
            self.was_closed = True


@contextmanager
def piped(path: Path, *parts: bytes) -> Iterator[Writer]:
    """Make a pipe that is filled within the block; whoever still waits for a reader is let go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    writer = Writer(path, parts)
    writer.start()
    try:
        yield writer
    finally:
        # One that nobody reads waits to open it; whoever writes is told that this reader leaves.
        with suppress(OSError):
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        writer.join()
