"""What is logged in one process is told by another, in the order of the files."""

import logging
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from text_classification.corpus.readers.channel import SHOWN_BAD_ROWS
from text_classification.corpus.readers.piece import Kind
from text_classification.corpus.readers.row import Columns
from text_classification.corpus.readers.told import note


class Collected(logging.Handler):
    """A logger whose records are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        # One of its own, that no other part of the program reaches.
        self.logger = logging.Logger(__name__, logging.DEBUG)  # noqa: LOG001
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)

    def __enter__(self) -> Self:
        """Return the records, to be filled."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Keep no more."""
        self.close()


def kind_of(record: logging.LogRecord) -> Kind | None:
    """Return what kind of record it is, where that matters."""
    kind: Kind | None = getattr(record, "kind", None)
    return kind


class PieceLog:
    """Tells what was logged of the pieces of a file as it would be of the whole file.

    skipped: the bad rows so far; has_warned: whether a record of many lines was told.
    """

    def __init__(self) -> None:
        self.skipped = 0
        self.has_warned = False

    def of_piece(
        self, records: Iterable[logging.LogRecord], lines: int
    ) -> Iterator[logging.LogRecord]:
        """Yield the records of a piece that are to be told; lines: those above it."""
        before = self.skipped
        for record in records:
            kind, values = kind_of(record), record.args
            if kind is None or not isinstance(values, tuple):
                yield record
            elif kind is Kind.BAD_ROWS:
                self.skipped = before + int(str(values[0]))
            elif not self._has_told(kind):
                self.skipped += kind is Kind.BAD_ROW
                self.has_warned = self.has_warned or kind is Kind.LONG_RECORD
                record.args = (values[0], int(str(values[1])) + lines, *values[2:])
                yield record

    def _has_told(self, kind: Kind) -> bool:
        """Tell whether no more of a kind is told."""
        if kind is Kind.LONG_RECORD:
            return self.has_warned
        return self.skipped >= SHOWN_BAD_ROWS


def tell(records: Iterable[logging.LogRecord], log: logging.Logger, told: set[Columns]) -> None:
    """Log records of another process; told: the columns of the channel's files.

    Raises ``DataError`` where those cannot stand together.
    """
    for record in records:
        columns: Columns | None = getattr(record, "columns", None)
        is_new = columns is None or note(columns, told, _where(record))
        if is_new and log.isEnabledFor(record.levelno):
            log.handle(record)


def _where(record: logging.LogRecord) -> str:
    return str(record.args[0]) if isinstance(record.args, tuple) else ""
