"""Open a file that may be packed; its first bytes tell, whatever its name."""

import bz2
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from text_classification.corpus.readers import snappy

# What reading a packed file raises that is damaged or cut off.
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
PACKED_SUFFIXES = snappy.SUFFIXES | {".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd", ".lz4"}
_MAGIC_BYTES = 10
# Parquet packs its columns itself, which some say in its name.
_PARQUET = b"PAR1"
_BUFFER = 1 << 16
_Unpack = Callable[[BinaryIO], BinaryIO]
# Text is packed to a tenth, records that repeat to a hundredth; what is packed to a thousandth was
# made to fill a disk. What unpacks to less may be anything; what begins so is looked into.
BOMB_RATIO = 500
BOMB_BYTES = 1 << 28
_SUSPICIOUS_BYTES = 1 << 22
_AHEAD_BYTES = 1 << 20


def open_binary(path: Path) -> io.BufferedReader:
    """Open a file for reading, unpacked from gzip, bzip2, xz, Zstandard, LZ4 or Snappy.

    Only the name tells Hadoop's blocks of Snappy. Reading raises ``OSError`` for a file that
    unpacks to much more than any text does.
    """
    return unpacked(lambda: path.open("rb"), path.suffix.lower())


def unpacked(open_packed: Callable[[], io.BufferedReader], suffix: str = "") -> io.BufferedReader:
    """Return what a file holds, unpacked as ``open_binary`` does.

    open_packed: opens it from its beginning, which is done twice where it cannot be sought in.
    """
    with ExitStack() as opened:
        file = opened.enter_context(open_packed())
        unpack = _unpacker(file.read(_MAGIC_BYTES), suffix)
        if file.seekable():
            file.seek(0)
        else:
            opened.close()
            file = opened.enter_context(open_packed())
        if unpack:
            again = partial(_ahead, open_packed, unpack) if file.seekable() else None
            content = io.BufferedReader(_Unpacked(unpack(file), file, again), _BUFFER)
            file = cast("io.BufferedReader", content)
        opened.pop_all()
    return file


def _ahead(open_packed: Callable[[], io.BufferedReader], unpack: _Unpack) -> io.BufferedReader:
    file = open_packed()
    ahead = io.BufferedReader(_Unpacked(unpack(file), file, None), _BUFFER)
    return cast("io.BufferedReader", ahead)


def bytes_read(file: io.BufferedReader) -> int:
    """Return how many bytes have been read of a file that was opened here, packed as it is."""
    raw = file.raw
    return raw.packed_bytes if isinstance(raw, _Unpacked) else file.tell()


class _Unpacked(io.RawIOBase):
    """What a packed file holds; both are closed together.

    again: opens it from its beginning, as often as is wanted; None where it can be read once.
    """

    def __init__(
        self, content: BinaryIO, file: BinaryIO, again: Callable[[], io.BufferedReader] | None
    ) -> None:
        super().__init__()
        self._content = content
        self._file = file
        self._again = again
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._content.readinto(buffer)  # type: ignore[attr-defined]
        self._count += count
        if self._count > _SUSPICIOUS_BYTES and self._count > BOMB_RATIO * self._file.tell():
            self._refuse_bomb()
        return int(count)

    def _refuse_bomb(self) -> None:
        """Raise ``OSError`` for what unpacks to much too much, before anybody parses all of it."""
        if self._count > BOMB_BYTES:
            raise OSError(f"it unpacks to more than {BOMB_RATIO} times its size")
        if self._again:
            again, self._again = self._again, None
            with again() as ahead:
                left = BOMB_BYTES + 1
                while left > 0 and (part := ahead.read(min(left, _AHEAD_BYTES))):
                    left -= len(part)

    @property
    def packed_bytes(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return self._content.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._count = self._content.seek(offset, whence)
        return self._count

    def tell(self) -> int:
        return self._count

    def close(self) -> None:
        self._content.close()
        self._file.close()
        super().close()


def _unpacker(start: bytes, suffix: str) -> _Unpack | None:
    """Return what unpacks a file that begins so, None for a plain one."""
    for magic, unpack in _UNPACKED:
        if magic.match(start):
            return unpack
    is_in_blocks = suffix in snappy.SUFFIXES and not start.startswith(_PARQUET)
    return snappy.unpacked if is_in_blocks else None


def _gzip(file: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=file))


def _by_arrow(codec: str) -> _Unpack:
    def unpack(file: BinaryIO) -> BinaryIO:
        import pyarrow as pa  # noqa: PLC0415 - only a job that has such files pays for the import

        stream = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), codec)
        return cast("BinaryIO", stream)

    return unpack


_UNPACKED: tuple[tuple[re.Pattern[bytes], _Unpack], ...] = (
    (re.compile(rb"\x1f\x8b"), _gzip),
    (re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"), cast("_Unpack", bz2.BZ2File)),
    (re.compile(rb"\xfd7zXZ\x00"), cast("_Unpack", lzma.LZMAFile)),
    (re.compile(rb"\x28\xb5\x2f\xfd"), _by_arrow("zstd")),
    (re.compile(re.escape(snappy.FRAMES)), snappy.unpacked),
    (re.compile(rb"\x04\x22\x4d\x18"), _by_arrow("lz4")),
)
