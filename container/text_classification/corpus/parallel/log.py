"""What is logged in one process is told by another, in the order of the files."""

import logging
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from text_classification.corpus.readers.row import Columns


class Collected(logging.Handler):
    """A logger whose records are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        # One of its own, that no other part of the program reaches.
        self.logger = logging.Logger(__name__, logging.INFO)  # noqa: LOG001
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


def tell(records: Iterable[logging.LogRecord], log: logging.Logger, told: set[Columns]) -> None:
    """Log records of another process; told: columns that need not be named again."""
    for record in records:
        columns: Columns | None = getattr(record, "columns", None)
        if columns is None or columns not in told:
            log.handle(record)
        if columns is not None:
            told.add(columns)
