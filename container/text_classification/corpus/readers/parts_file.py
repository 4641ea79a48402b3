"""Bytes that come part by part, read as a file."""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO


class PartsFile(io.RawIOBase):
    """Some bytes, one behind the other; closes with itself the file that they are read from."""

    def __init__(self, parts: Iterator[bytes], file: BinaryIO | None = None) -> None:
        super().__init__()
        self._parts = parts
        self._file = file
        self._part = memoryview(b"")

    def readable(self) -> bool:
        """Tell that it is read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, and return how much of it was filled."""
        while not self._part:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._part = memoryview(part)
        count = min(len(buffer), len(self._part))
        buffer[:count] = self._part[:count]
        self._part = self._part[count:]
        return count

    def close(self) -> None:
        """Close it, and the file behind it."""
        if self._file:
            self._file.close()
        super().close()
