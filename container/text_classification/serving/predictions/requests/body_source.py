"""The body as it comes from the socket."""

import io
import itertools
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Self

from text_classification.errors import RequestError
from text_classification.serving.predictions.requests.records import NOT_UTF8, invalid

# The byte order marks of UTF-16, and that of UTF-32, as they are escaped.
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff")
# gzip, zstd, zip and office files, Parquet.
_PACKED = (b"\x1f\x8b", b"(\xb5/\xfd", b"PK\x03\x04", b"PAR1\x15")
_PACKED_AS_TEXT = tuple(mark.decode(errors="surrogateescape") for mark in _PACKED)
_LONGEST_MARK = max(map(len, _PACKED))
_UNPACK = (
    "Send text; say where gzip has packed it: Content-Encoding, in batch jobs CompressionType. "
    "InvokeEndpoint does not hand Content-Encoding over: unpack what is sent there."
)
# So many lines tell how a body is written.
SAMPLED_LINES = 100
_UNDECODABLE = re.compile("[\udc80-\udcff]")


class Source:
    """The bytes of a body, which can be read once; a context manager that drops what it kept.

    small: whether they may be held in memory as a whole; scratch: the folder where they are kept
    otherwise, if they have to be read twice.
    """

    def __init__(self, stream: BinaryIO, scratch: Path, *, small: bool) -> None:
        self.small = small
        self._stream = stream
        self._scratch = scratch
        self._kept: io.TextIOWrapper | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._kept:
            self._kept.close()

    def whole(self) -> str:
        """Return the body as text. Raises ``RequestError`` if it is packed, not UTF-8 or empty."""
        content = self._stream.read()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            if content.startswith(_PACKED):
                raise _packed() from None
            raise NOT_UTF8.error(f"byte {error.start}") from None
        if not text or text.isspace():
            raise invalid("the body is empty", "Send at least one document.")
        return text

    def text(self, newline: str) -> Iterator[str]:
        """Return the lines of the body, ended as ``newline`` says (see ``open``).

        Bytes that are not UTF-8 become what ``decodable`` finds. Raises ``RequestError`` for
        UTF-16 and packed files, of whose lines some would look like UTF-8.
        """
        lines = io.TextIOWrapper(
            self._stream, encoding="utf-8-sig", errors="surrogateescape", newline=newline
        )
        first = next(lines, "")
        if first.startswith(_UTF16):
            raise NOT_UTF8.error("byte 0")
        if first.startswith(_PACKED_AS_TEXT):
            raise _packed()
        return itertools.chain([first], lines) if first else lines

    def kept(self) -> io.TextIOWrapper:
        """Return the body as a file of text that can be read again.

        Reading it raises ``UnicodeDecodeError`` where it is not UTF-8. Raises ``RequestError`` for
        a packed file.
        """
        file = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115 - closed at the exit
        self._kept = io.TextIOWrapper(file, encoding="utf-8-sig")
        shutil.copyfileobj(self._stream, file)
        file.seek(0)
        if file.read(_LONGEST_MARK).startswith(_PACKED):
            raise _packed()
        file.seek(0)
        return self._kept


def sampled(lines: Iterable[str]) -> tuple[Sequence[str], Iterator[str]]:
    """Return the first lines of a body, and all of them."""
    lines = iter(lines)
    sample = list(itertools.islice(lines, SAMPLED_LINES))
    # A file that is at its end is not asked again, which takes as long as reading a short one.
    is_all = len(sample) < SAMPLED_LINES
    return sample, iter(sample) if is_all else itertools.chain(sample, lines)


def _packed() -> RequestError:
    return invalid("it is a packed file, and no text", _UNPACK)


def decodable(text: str) -> bool:
    """Tell whether a part of a file of text was UTF-8."""
    return text.isascii() or not _UNDECODABLE.search(text)
