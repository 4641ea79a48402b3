"""Open a file that may be packed; its first bytes tell, whatever its name."""

import bz2
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from text_classification.corpus.readers import snappy

# What reading a packed file raises that is damaged or cut off.
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
PACKED_SUFFIXES = snappy.SUFFIXES | {".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd", ".lz4"}
_MAGIC_BYTES = 10
# Parquet packs its columns itself, which some say in its name.
_PARQUET = b"PAR1"
# gzip and the others give what is asked for by many calls in Python: few large ones.
_BUFFER = 1 << 17


def open_binary(path: Path) -> io.BufferedReader:
    """Open a file for reading, unpacked from gzip, bzip2, xz, Zstandard, LZ4 or Snappy.

    Only the name tells Hadoop's blocks of Snappy.
    """
    with ExitStack() as opened:
        file = opened.enter_context(path.open("rb"))
        unpack = _unpacker(file.read(_MAGIC_BYTES), path.suffix.lower())
        if not unpack:
            file.seek(0)
            opened.pop_all()
            return file
    content = unpack(path)
    is_buffered = isinstance(content, io.BufferedReader)
    return content if is_buffered else io.BufferedReader(content, _BUFFER)


def _unpacker(start: bytes, suffix: str) -> Callable[[Path], Any] | None:
    """Return what opens a packed file that begins so, None for a plain one."""
    for magic, unpack in _UNPACKED:
        if magic.match(start):
            return unpack
    is_in_blocks = suffix in snappy.SUFFIXES and not start.startswith(_PARQUET)
    return snappy.open_snappy if is_in_blocks else None


def _by_arrow(codec: str) -> Callable[[Path], Any]:
    def unpacked(path: Path) -> io.BufferedReader:
        import pyarrow as pa  # noqa: PLC0415 - only a job that has such files pays for the import

        return io.BufferedReader(pa.CompressedInputStream(pa.OSFile(str(path)), codec))

    return unpacked


_UNPACKED: tuple[tuple[re.Pattern[bytes], Callable[[Path], Any]], ...] = (
    (re.compile(rb"\x1f\x8b"), gzip.open),
    (re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"), bz2.open),
    (re.compile(rb"\xfd7zXZ\x00"), lzma.open),
    (re.compile(rb"\x28\xb5\x2f\xfd"), _by_arrow("zstd")),
    (re.compile(re.escape(snappy.FRAMES)), snappy.open_snappy),
    (re.compile(rb"\x04\x22\x4d\x18"), _by_arrow("lz4")),
)
