"""Bytes that come once, as through a pipe; their beginning can be read again."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, BinaryIO

from text_classification.errors import Code, ResourceError

# The first bytes, packed, of which a reader can say what they are and begin anew.
KEPT_BYTES = 1 << 22
HELD_BYTES = 1 << 20
_COPIED_AT_ONCE = 1 << 20


class Stream:
    """Can be opened again as long as no more than ``KEPT_BYTES`` were read, or when it is kept."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._beginning = bytearray()
        self._is_past_beginning = False
        self._file: BinaryIO | None = None

    def open(self) -> io.BufferedReader:
        """Return the bytes from the first on; closing it leaves the stream open."""
        if self._file:
            file = os.fdopen(os.dup(self._file.fileno()), "rb")
            file.seek(0)
            return file
        if self._is_past_beginning:
            raise RuntimeError("a stream was opened again whose beginning is gone")
        return io.BufferedReader(_Opened(self))

    def keep(self) -> None:
        """Write all of it into a temporary file, for who reads it more than once or not in order.

        Raises ``ResourceError`` where that cannot be written.
        """
        if self._file:
            return
        with self.open() as content:
            parts = iter(partial(content.read, _COPIED_AT_ONCE), b"")
            self._file = _written(parts)

    def held(self) -> bytes | None:
        """Return all of it where that is little, else None; it can be opened again after that."""
        with self.open() as file:
            content = file.read(HELD_BYTES)
        return content if len(content) < HELD_BYTES else None

    def close(self) -> None:
        """Close the stream and remove what was kept of it."""
        self._raw.close()
        if self._file:
            self._file.close()

    def read_into(self, buffer: Any, position: int) -> int:
        """Read what stands at a position: among the kept first bytes, or what comes next."""
        if position < len(self._beginning):
            part = self._beginning[position : position + len(buffer)]
            buffer[: len(part)] = part
            return len(part)
        count: int = self._raw.readinto(buffer)  # type: ignore[attr-defined]
        if not self._is_past_beginning:
            self._is_past_beginning = position + count > KEPT_BYTES
            self._beginning += buffer[:count]
        if self._is_past_beginning:
            self._beginning.clear()
        return count


def _written(parts: Iterator[bytes]) -> BinaryIO:
    """Return a temporary file that holds all parts, which are taken one by one."""
    with ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile(buffering=0))
        for part in parts:
            with _full_disk_told():
                file.write(part)
        opened.pop_all()
    return file


@contextmanager
def _full_disk_told() -> Iterator[None]:
    """Tell it as what it is, and not as a file that cannot be read."""
    try:
        yield
    except OSError as error:
        raise ResourceError(
            Code.DISK_FULL,
            f"what came through a pipe cannot be kept: {error.strerror}",
            where=tempfile.gettempdir(),
            remedy="Give the job a larger volume, or CSV or JSON Lines, of which nothing is kept.",
        ) from error


class _Opened(io.RawIOBase):
    """A stream from its first byte on."""

    def __init__(self, stream: Stream) -> None:
        super().__init__()
        self._stream = stream
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._stream.read_into(buffer, self._position)
        self._position += count
        return count

    def tell(self) -> int:
        return self._position
