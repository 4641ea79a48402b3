"""A piece of a file, which can be read beside the others once the file's beginning is known."""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from text_classification.corpus.readers.row import Columns

if TYPE_CHECKING:
    from text_classification.corpus.readers.delimited import Layout


class CutRecord(Exception):
    """A piece ends within a record: what comes behind it must be read with it."""


@dataclass(frozen=True)
class Opening:
    """What the beginning of a file tells of the rest.

    columns: those that are taken, by name; layout: how the records of a delimited file are written.
    """

    columns: Columns
    layout: "Layout | None" = None


class Kind(StrEnum):
    """What is logged of a file in a way that depends on what was logged of it before."""

    LONG_RECORD = "a record of many lines, which is told once"
    BAD_ROW = "a bad row, of which the first are told"
    BAD_ROWS = "the number of bad rows"


@dataclass(frozen=True)
class Piece:
    """Some lines of a file.

    content: their bytes; or rest: a file that holds them and all behind them, which can be read
    once. opening: None for the file's first lines, which tell it. skipped, has_warned: what was
    told of the lines before: how many bad rows, and whether a record of many lines.
    """

    content: bytes = b""
    rest: io.BufferedReader | None = None
    first_line: int = 1
    opening: Opening | None = None
    skipped: int = 0
    has_warned: bool = False

    def open(self) -> io.BufferedReader:
        """Return a file that holds the lines."""
        return self.rest or io.BufferedReader(cast("io.RawIOBase", io.BytesIO(self.content)))

    @property
    def is_cut(self) -> bool:
        """Whether the file may go on behind it."""
        return self.rest is None
