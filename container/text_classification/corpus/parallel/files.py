"""Share out the files of a channel: small ones together, large ones in pieces."""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from text_classification.corpus.parallel.cutting import FIRST_BYTES, PIECE_BYTES, Cutter
from text_classification.corpus.parallel.log import PieceLog
from text_classification.corpus.parallel.reading import Task
from text_classification.corpus.readers.blazingtext import read_blazingtext
from text_classification.corpus.readers.changed import file_state, unchanged
from text_classification.corpus.readers.channel import (
    READERS,
    SILENT,
    UNREADABLE,
    opening,
)
from text_classification.corpus.readers.delimited import read_delimited
from text_classification.corpus.readers.json_files import read_json_lines
from text_classification.corpus.readers.packed import PACKED_SUFFIXES
from text_classification.corpus.readers.piece import Opening, Piece
from text_classification.corpus.readers.piped import Reader
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.stream import Stream
from text_classification.errors import DataError

Files = Iterable[tuple[Source, Reader | None]]
# Formats of lines, and encodings in which no other character holds the byte of a line break.
_OF_LINES = frozenset({read_delimited, read_json_lines, read_blazingtext})
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "latin-1", "cp1252"})
# To open a file takes as long as to read so many bytes of text, about.
_OPENING = 1 << 15
ENDLESS = sys.maxsize
# What packed text unpacks to, about.
_UNPACKED = 4


class CutFile:
    """A large file, of which tasks read pieces.

    lines: how many have become documents; is_over: whether all that is left is read in order.
    """

    def __init__(self, source: Source, reader: Reader, opening: Opening) -> None:
        self.source = source
        self.reader = reader
        self.lines = 0
        self.is_over = False
        self.log = PieceLog()
        self._state = None if source.stream else file_state(source.path)
        self._opening = opening
        layout = opening.layout
        quoted = layout is not None and layout.sample.dialect.quoting in {"standard", "backslash"}
        self.cutter = Cutter(source.binary(), quoted=quoted)

    def sources(self) -> Iterator[Source]:
        """Yield a source for each piece, as far as the file can be cut."""
        opening = None
        for content in self.cutter:
            yield replace(self.source, piece=Piece(content, opening=opening), stream=None)
            opening = self._opening

    def position(self) -> int:
        """Return how many bytes of the file on disk are read; 0 of a pipe."""
        return 0 if self.source.stream else self.cutter.position()

    def unchanged(self) -> AbstractContextManager[None]:
        """Raise ``DataError`` after the block where the file is not as it was; a pipe may be."""
        if self.source.stream:
            return nullcontext()
        return unchanged(self.source.path, self.source.where, self._state)

    def rest(self, pieces: Sequence[bytes]) -> Source:
        """Return what is left behind ``lines``, to be read in order; pieces: those cut of it."""
        self.is_over = True
        rest = self.cutter.rest(pieces)
        found = self._opening if self.lines else None
        piece = Piece(
            rest=rest,
            first_line=self.lines + 1,
            opening=found,
            skipped=self.log.skipped,
            has_warned=self.log.has_warned,
        )
        return replace(self.source, piece=piece)


@dataclass(frozen=True)
class Step:
    """What is read next: files or, with a file, a piece of it; without a task its rest, if any.

    here: what comes through a pipe and cannot be cut, to be read before any further step.
    """

    task: Task | None
    file: CutFile | None = None
    here: tuple[Source, Reader | None] | None = None

    @property
    def is_last(self) -> bool:
        """Whether it must be taken before the next one is asked for: that would pass its end."""
        return self.here is not None or (
            self.task is None and self.file is not None and self.file.source.stream is not None
        )

    @property
    def content(self) -> bytes:
        """What has been cut for it."""
        return self.task.piece.content if self.task and self.task.piece else b""


def share_out(files: Files, scratch: Path) -> Iterator[Step]:
    """Yield the steps in which files are read, in their order; scratch: where tasks write."""
    few: list[tuple[Source, Reader | None]] = []
    held = number = 0
    for source, reader in files:
        source, size = _sized(source)  # noqa: PLW2901 - the same, perhaps held in memory
        found = _cut_file(source, reader) if size >= 2 * PIECE_BYTES else None
        is_read_here = size == ENDLESS and not found
        if few and (found or is_read_here or held + size + _OPENING > PIECE_BYTES):
            yield Step(Task(tuple(few), scratch / f"{number}.part"))
            few, held, number = [], 0, number + 1
        if is_read_here:
            yield Step(None, here=(source, reader))
        elif not found:
            few.append((source, reader))
            held += size + _OPENING
        else:
            for piece in found.sources():
                yield Step(Task(((piece, found.reader),), scratch / f"{number}.part"), found)
                number += 1
            if not found.is_over:
                yield Step(None, found)
    if few:
        yield Step(Task(tuple(few), scratch / f"{number}.part"))


def cost_of(source: Source) -> int:
    """Return about what it takes to read a file, in bytes of text: to open it takes time too."""
    return _OPENING + _text_bytes(source.path)


def _sized(source: Source) -> tuple[Source, int]:
    """Return a source that a task can take, and about how large it is.

    What comes through a pipe can be taken where it is little; else nobody knows how much it is.
    """
    if not source.stream:
        return source, _text_bytes(source.path)
    try:
        content = source.stream.held()
    except UNREADABLE:
        content = None  # told where it is read
    if content is None:
        return source, ENDLESS
    return replace(source, stream=Stream(io.BytesIO(content))), len(content)


def _text_bytes(path: Path) -> int:
    """Return about how many bytes of text a file holds; 0 for one that is gone."""
    try:
        size = path.stat().st_size
    except OSError:
        return 0  # reading it tells
    return size * _UNPACKED if path.suffix.lower() in PACKED_SUFFIXES else size


def _cut_file(source: Source, reader: Reader | None) -> CutFile | None:
    """Return a file ready to be cut; None where it is read whole, and tells what is wrong."""
    try:
        reads = reader or READERS[source.format()]
        if reads not in _OF_LINES:
            return None
        with source.text() as file:
            if file.encoding not in _ENCODINGS:
                return None
        found = opening(replace(_beginning(source), log=SILENT), reads)
    except (*UNREADABLE, DataError):
        return None
    return CutFile(source, reads, found) if found else None


def _beginning(source: Source) -> Source:
    """Return the whole lines at the beginning of what comes once, and a file as it is.

    Raises ``ValueError`` where the first line does not end there.
    """
    if not source.stream:
        return source
    with source.binary() as file:
        content = file.read(FIRST_BYTES)
    return replace(source, piece=Piece(content[: content.rindex(b"\n") + 1]))
