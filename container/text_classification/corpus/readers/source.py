"""A file of a channel, its format and its encoding."""

import io
import logging
from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self, cast

from text_classification.corpus.readers.encoding_checks import refuse_unmarked, warn_of_encoding
from text_classification.corpus.readers.foreign import refuse_foreign, refuse_wide
from text_classification.corpus.readers.formats import (
    BY_CONTENT_TYPE,
    BY_FIRST_BYTES,
    BY_SUFFIX,
    Format,
    format_of,
)
from text_classification.corpus.readers.packed import PACKED_SUFFIXES, open_binary, unpacked
from text_classification.corpus.readers.piece import Piece
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns
from text_classification.corpus.readers.stream import Stream

BOM = b"\xef\xbb\xbf"
SNIFFED_BYTES = 1 << 16
# A document of more characters is a mistake, or a small archive that unpacks to one line.
LONGEST_LINE = 1 << 26
# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
_BYTE_ORDER_MARKS = {
    BOM: "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """A file of a channel, and how it is to be read.

    where: how messages name it; folders: fields that the names of its folders tell; log: where its
    readers say what they understood. stream: what is read where it comes through a pipe, at path;
    is_joined: whether that is several files, one behind the other, whose borders nobody knows.
    piece: the part of the file that is read, where it is not all.
    """

    path: Path
    where: str
    reading: Reading = field(default_factory=Reading)
    content_type: str = ""
    folders: Mapping[str, str | None] = field(default_factory=dict)
    log: logging.Logger = _LOG
    stream: Stream | None = None
    is_joined: bool = False
    piece: Piece | None = None

    def resolve(self, present: Iterable[str]) -> Columns:
        """Return the columns to take of a file that has some; see ``Columns.resolve``."""
        names = list(present)
        behind = [name for name in self.folders if name not in names]
        return self.reading.columns.resolve((*names, *behind), self.where)

    @property
    def by_content_type(self) -> Format | None:
        """The format that the channel's content type tells; that of JSON may mean JSON Lines."""
        name = self.content_type.split(";", maxsplit=1)[0].strip().lower()
        return BY_CONTENT_TYPE.get(name) if name != "application/json" else None

    @property
    def declared(self) -> Format | None:
        """The format that the channel's content type or, behind it, the file's name tells."""
        if self.by_content_type:
            return self.by_content_type
        path = self.path
        name = path.with_suffix("") if path.suffix.lower() in PACKED_SUFFIXES else path
        return BY_SUFFIX.get(name.suffix.lower())

    def format(self) -> Format:
        """Return the format: as declared, else by the first bytes.

        A name that ends in .json does not tell JSON from JSON Lines, so those are looked into.
        Raises ``DataError`` for a file that cannot hold documents, told by its first bytes.
        """
        with self.binary() as file:
            start = file.read(SNIFFED_BYTES)
        for name, magic in BY_FIRST_BYTES.items():
            if magic.match(start):
                return name
        refuse_foreign(start, self.where)
        if self.declared in BY_FIRST_BYTES:
            return self.declared
        mark = _mark(start)
        if not mark and self.reading.encoding == "utf-8":
            refuse_wide(start, self.where)
        content = _in_utf8(start, mark, self.reading.encoding)
        if not mark:
            warn_of_encoding(start, self.reading.encoding, self.where, self.log)
        found = format_of(content, self.declared)
        if self.declared and found != self.declared:
            told = "%s: it begins as %s, and is read so, though it is said to be %s"
            self.log.info(told, self.where, found, self.declared)
        return found

    @property
    def first_line(self) -> int:
        """The number of the first line that is read, from 1."""
        return self.piece.first_line if self.piece else 1

    def binary(self) -> io.BufferedReader:
        """Open the file, unpacked, or the piece of it."""
        if self.piece:
            return self.piece.open()
        return unpacked(self.stream.open) if self.stream else open_binary(self.path)

    def keep(self) -> None:
        """Have it kept where it comes once, for readers that take it in parts or again."""
        if self.stream:
            self.stream.keep()

    def text(self) -> io.TextIOWrapper:
        """Open the file as text behind its byte order mark, line breaks kept.

        Bytes that are none of the encoding become lone surrogates, as ``surrogateescape`` does.
        """
        file, encoding = self._opened()
        return io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="")

    def lines(self) -> Generator[str, None, None]:
        """Yield the lines of the file.

        Raises ``ValueError`` for one that is longer than any document can be.
        """
        with self.text() as file:
            while line := file.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise ValueError(f"a line has {LONGEST_LINE} characters or more")
                yield line

    def json(self) -> BinaryIO:
        """Open the file in UTF-8 without a byte order mark, as parsers of JSON expect it."""
        file, encoding = self._opened()
        if encoding == "utf-8":
            return file
        if encoding == "utf-8-sig":
            file.read(len(BOM))
            return file
        text = io.TextIOWrapper(file, encoding, newline="")
        return cast("BinaryIO", _Recoded(text))

    def _opened(self) -> tuple[io.BufferedReader, str]:
        """Open the file and return its encoding too, which only its beginning tells."""
        with ExitStack() as opened:
            file = opened.enter_context(self.binary())
            begins = self.piece is None or self.piece.opening is None
            start = file.peek(len(BOM) + 1) if begins else b""
            mark = _mark(start)
            if start and not mark:
                refuse_unmarked(self.reading.encoding, self.where)
            opened.pop_all()
        return file, mark or self.reading.encoding


class _Recoded:
    """A text file as a binary one in UTF-8, as far as parsers of JSON read it."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def read(self, size: int = -1) -> bytes:
        return self._text.read(size).encode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()


def _mark(start: bytes) -> str:
    """Return the encoding that a byte order mark tells, empty without one."""
    return next((name for mark, name in _BYTE_ORDER_MARKS.items() if start.startswith(mark)), "")


def _in_utf8(start: bytes, mark: str, encoding: str) -> bytes:
    return start.decode(mark or encoding, "ignore").encode("utf-8", "surrogatepass")
