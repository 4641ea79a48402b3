"""Files packed with Snappy: its framing format, and the blocks that Hadoop and Spark write.

https://github.com/google/snappy/blob/main/framing_format.txt; Hadoop's BlockCompressorStream.
The checksums of frames are not looked at.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

from text_classification.corpus.readers.parts_file import PartsFile

FRAMES = b"\xff\x06\x00\x00sNaPpY"
SUFFIXES = frozenset({".snappy", ".sz"})
_PACKED, _PLAIN, _FIRST_TO_SKIP = 0x00, 0x01, 0x80
_CHECKSUM_BYTES = 4
# As a block may have by the framing format; Hadoop's have 256 KiB unless told otherwise.
_LARGEST_FRAME = 1 << 16
_LARGEST_BLOCK = 1 << 26


def unpacked(file: BinaryIO) -> BinaryIO:
    """Return what a packed file holds; reading raises ``OSError`` where it is in neither form."""
    return io.BufferedReader(PartsFile(_parts(file)))


def _parts(file: BinaryIO) -> Iterator[bytes]:
    head = file.read(4)
    yield from _frames(file, head) if head == FRAMES[:4] else _blocks(file, head)


def _frames(file: BinaryIO, head: bytes) -> Iterator[bytes]:
    while head:
        kind, size = head[0], int.from_bytes(head[1:], "little")
        content = _exactly(file, size)
        if kind == _PACKED:
            yield _unpacked(content[_CHECKSUM_BYTES:], _LARGEST_FRAME)
        elif kind == _PLAIN:
            yield content[_CHECKSUM_BYTES:]
        elif kind < _FIRST_TO_SKIP:
            raise OSError(f"a Snappy frame is of the unknown kind {kind}")
        head = file.read(4)


def _blocks(file: BinaryIO, head: bytes) -> Iterator[bytes]:
    while head:
        left = int.from_bytes(head, "big")
        while left > 0:
            size = int.from_bytes(_exactly(file, 4), "big")
            if max(left, size) > _LARGEST_BLOCK:
                raise OSError("it is packed with Snappy neither in frames nor in Hadoop's blocks")
            part = _unpacked(_exactly(file, size), left)
            left -= len(part)
            yield part
        head = file.read(4)


def _exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError("the file is cut off")
    return content


def _unpacked(content: bytes, most: int) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - only a job that has such files pays for the import

    size = _size(content)
    if not 0 < size <= most:
        raise OSError("a part packed with Snappy does not have the size that it tells")
    unpacked: bytes = pa.Codec("snappy").decompress(content, size, asbytes=True)
    return unpacked


def _size(content: bytes) -> int:
    """Return the unpacked size, which stands first: seven bits a byte, the lowest first."""
    size = 0
    for place, byte in enumerate(content[:5]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the last one
            return size
    return 0
