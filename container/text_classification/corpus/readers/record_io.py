"""RecordIO: records one behind the other, as SageMaker wraps objects that it sends through a pipe.

A record is a magic number, three bits that tell whether it is whole or a part, 29 bits with its
length, and its bytes, up to a multiple of four. Between the parts of one stood the magic number.
https://mxnet.apache.org/versions/1.9.1/api/architecture/note_data_loading#binary-record
"""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

MAGIC = b"\x0a\x23\xd7\xce"
_HEAD_BYTES = 8
_LENGTH_BITS = 29
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)
_SKIPPED_AT_ONCE = 1 << 20


def records(file: BinaryIO) -> Iterator[io.BufferedReader]:
    """Yield the content of each record, to be read before the next one is asked for.

    Reading raises ``EOFError`` where the last record is cut off, ``OSError`` for what is none.
    """
    number, passed_over = 0, bytearray(_SKIPPED_AT_ONCE)
    while head := file.read(_HEAD_BYTES):
        number += 1
        kind, length = _parsed(head, number)
        if kind not in (_WHOLE, _FIRST):
            raise OSError(f"record {number} of the RecordIO begins in its middle")
        record = _Record(file, number, length, is_last=kind == _WHOLE)
        yield cast("io.BufferedReader", io.BufferedReader(record))
        while record.readinto(passed_over):  # also where what was given has been closed
            pass


def _parsed(head: bytes, number: int) -> tuple[int, int]:
    """Return of which kind a part is, and how many bytes it has."""
    if not head.startswith(MAGIC[: len(head)]):
        raise OSError(f"record {number} does not begin as RecordIO does")
    if len(head) < _HEAD_BYTES:
        raise EOFError(f"record {number} of the RecordIO is cut off")
    word = int.from_bytes(head[len(MAGIC) :], "little")
    return word >> _LENGTH_BITS, word & ((1 << _LENGTH_BITS) - 1)


class _Record(io.RawIOBase):
    """The content of one record, part by part."""

    def __init__(self, file: BinaryIO, number: int, length: int, *, is_last: bool) -> None:
        super().__init__()
        self._file = file
        self._number = number
        self._begin(length, is_last=is_last)
        self._magic = b""

    def _begin(self, length: int, *, is_last: bool) -> None:
        self._left, self._padding, self._is_last = length, -length % 4, is_last

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._magic:
            return self._give(buffer, self._magic)
        if not self._left:
            if self._padding:
                self._exactly(self._padding)
                self._padding = 0
            if self._is_last:
                return 0
            self._next_part()
            return self.readinto(buffer)
        part = self._file.read(min(len(buffer), self._left))
        if not part:
            raise EOFError(f"record {self._number} of the RecordIO is cut off")
        buffer[: len(part)] = part
        self._left -= len(part)
        return len(part)

    def _give(self, buffer: Any, content: bytes) -> int:
        count = min(len(buffer), len(content))
        buffer[:count] = content[:count]
        self._magic = content[count:]
        return count

    def _next_part(self) -> None:
        kind, length = _parsed(self._exactly(_HEAD_BYTES), self._number)
        if kind not in (_MIDDLE, _LAST):
            raise OSError(f"record {self._number} of the RecordIO has no end")
        self._begin(length, is_last=kind == _LAST)
        self._magic = MAGIC

    def _exactly(self, size: int) -> bytes:
        content = self._file.read(size)
        if len(content) < size:
            raise EOFError(f"record {self._number} of the RecordIO is cut off")
        return content
