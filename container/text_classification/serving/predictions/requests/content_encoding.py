"""Bodies that were packed on their way: Content-Encoding."""

import gzip
import io
import zlib
from typing import BinaryIO

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.requests.records import invalid

GZIP = frozenset({"gzip", "x-gzip"})
PIECE = 1 << 16


def packing_of(header: str) -> str:
    """Return how a Content-Encoding says that a body is packed, "" where it is not.

    >>> packing_of(" GZIP"), packing_of("identity")
    ('gzip', '')
    """
    coding = header.strip().lower()
    return "" if coding == "identity" else coding


def unpacked(stream: BinaryIO, encoding: str, limit: int) -> BinaryIO:
    """Return a body as it was before it was packed; it is unpacked piece by piece as it is read.

    encoding: of ``packing_of``; limit: the most bytes, 0 for no limit. Raises ``RequestError``:
    here 415 for an encoding that is not read here, while reading 413 beyond the limit and 400 for
    what is not packed so.
    """
    if encoding not in GZIP:
        raise RequestError(
            415,
            Code.CONTENT_ENCODING_UNSUPPORTED,
            f"the Content-Encoding {encoding[:40]!r} is not read here",
            remedy="Send the body as it is, or packed by gzip.",
        )
    return io.BufferedReader(_Gunzipped(stream, limit), PIECE)


class _Gunzipped(io.RawIOBase):
    """A file of gzip, unpacked, of so many bytes at most."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        super().__init__()
        self._file = gzip.GzipFile(fileobj=stream)
        self._limit = limit
        self._taken = 0

    def readable(self) -> bool:
        """Tell that it is read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, and return how much of it was filled."""
        try:
            piece = self._file.read1(len(buffer))
        except (OSError, EOFError, zlib.error):
            raise invalid(
                "it is not gzip, or not all of it, as Content-Encoding says",
                "Send the body as it is, without that header.",
            ) from None
        self._taken += len(piece)
        if self._limit and self._taken > self._limit:
            raise RequestError(
                413,
                Code.BODY_TOO_LARGE,
                f"the body, unpacked, is larger than {self._limit >> 20} MB",
                remedy="Send fewer documents a request, or set MAX_BODY_MB.",
            )
        buffer[: len(piece)] = piece
        return len(piece)
