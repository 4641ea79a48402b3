"""The records of a delimited file, one at a time; behind a bad one reading goes on."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from text_classification.corpus.readers.line_reader import Lines
from text_classification.corpus.readers.source import LONGEST_LINE
from text_classification.corpus.readers.tab_records import tab_records

# The csv module refuses fields beyond 131,072 characters unless told otherwise.
csv.field_size_limit(LONGEST_LINE)

# A backslash that is no escape: only quotation marks and backslashes are escaped.
_PLAIN_BACKSLASH = re.compile(r'(\\["\\])|\\')
_QUOTES = (
    "Double the quotation marks inside quoted fields, or set quoting=backslash where they are "
    'written as \\", quoting=none where they are part of the text; bad_rows=skip leaves such '
    "rows out."
)


class Fault(NamedTuple):
    """What keeps lines from being a record, and what to do."""

    problem: str
    remedy: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Dialect:
    """How the records of a file are written.

    quoting: standard, RFC 4180; backslash, the same with quotation marks inside fields written as
    Spark does; none; loose, quotation marks in tab-separated lines (see ``tab_records``).
    width: the fields of a record, as far as is known. is_spaced: whether the spaces that fields
    begin with are left out, also before quotation marks.
    """

    delimiter: str
    quoting: Literal["standard", "backslash", "none", "loose"]
    width: int = 0
    is_spaced: bool = False


Records = Iterator[list[str] | Fault]


def read_records(lines: Lines, dialect: Dialect) -> Records:
    """Yield the fields of each record, or what is wrong; blank lines are passed over.

    A fault's record is one line: those behind it are read as records of their own.
    """
    if dialect.quoting == "loose":
        return tab_records(lines, dialect.width)
    if dialect.quoting == "none":
        return _plain_records(lines, dialect.delimiter)
    return _quoted_records(lines, dialect)


def _plain_records(lines: Lines, delimiter: str) -> Records:
    for line in lines:
        text = line.rstrip("\r\n")
        if text:
            yield text.split(delimiter)
        lines.next_record()


def _quoted_records(lines: Lines, dialect: Dialect) -> Records:
    escape = "\\" if dialect.quoting == "backslash" else None
    while True:
        content: Iterable[str] = map(_escaped, lines) if escape else lines
        reader = csv.reader(
            content,
            delimiter=dialect.delimiter,
            escapechar=escape,
            strict=True,
            skipinitialspace=dialect.is_spaced,
        )
        try:
            for row in reader:
                if row:
                    yield row
                lines.next_record()
        except csv.Error as error:
            lines.give_back()
            yield _fault(str(error))
            lines.next_record()
        else:
            return


def _escaped(line: str) -> str:
    r"""Double the backslashes that stand for themselves: Spark writes ``C:\temp`` as it is."""
    if "\\" not in line:
        return line
    return _PLAIN_BACKSLASH.sub(lambda match: match[1] or r"\\", line)


def _fault(error: str) -> Fault:
    if "unexpected end" in error:
        return Fault("a quotation mark is opened and never closed", _QUOTES, is_open=True)
    if "expected after" in error:
        return Fault("there is a quotation mark inside a quoted field", _QUOTES)
    return Fault(error, _QUOTES)
