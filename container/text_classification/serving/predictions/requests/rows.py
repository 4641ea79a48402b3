"""CSV: one document a row, quoted as RFC 4180 says, with a header or without."""

import csv
import sys
from collections.abc import Iterator
from typing import TextIO

from text_classification.serving.predictions.format.negotiation import Terms
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.body_source import Source, decodable
from text_classification.serving.predictions.requests.field_names import TEXT_FIELDS
from text_classification.serving.predictions.requests.records import (
    EMPTY,
    HEADER,
    NOT_UTF8,
    Body,
    Document,
    Found,
    Problem,
    gather,
    invalid,
)

# The csv module refuses fields beyond 131,072 characters unless told otherwise; bodies have a
# limit of their own.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

# The columns that may hold the text; two names of JSON are those of other things in tables.
USUAL = tuple(name for name in TEXT_FIELDS if name not in {"inputs", "source"})


def read_csv(source: Source, terms: Terms) -> Body:
    """Return what the rows of a CSV body hold."""
    rows = _rows(source.text(""))
    return Body(terms, gather(_documents(rows, terms.options), "row", terms))


class Table:
    """The columns of a body, told from its first row: their names, and which holds the text.

    Raises ``RequestError`` 400 when no column has the name that was asked for, or a usual one.
    """

    def __init__(self, first: list[str], options: Options) -> None:
        wanted = options.text_column.strip().lower()
        # A lone column has a header only where it is named text: other names are words of texts.
        usual = USUAL if len(first) > 1 else USUAL[:1]
        telling = (wanted,) if wanted and not wanted.isdecimal() else usual
        names = [name.strip() for name in first]
        lower = [name.lower() for name in names]
        named = any(name in lower for name in telling)
        self.has_header = options.header == "present" if options.header else named
        self._names = names if self.has_header else []
        self._column = _column(lower if self.has_header else [], wanted)
        # Without a header or a choice a row is a text; more fields come of commas unquoted.
        self._is_text = not self.has_header and not wanted
        self._kept = options.fields

    def document(self, row: list[str]) -> Found:
        """Return the document of a row."""
        if self._names and len(row) != len(self._names):
            return _misfit(row, f"{len(self._names)} are")
        if self._is_text and len(row) > 1:
            return _misfit(row, "1 is")
        if len(row) <= self._column:
            return _misfit(row, f"{self._column + 1} or more are")
        text = row[self._column]
        if not decodable(text):
            return NOT_UTF8
        return Document(text, self._fields(row)) if self._kept else Document(text)

    def _fields(self, row: list[str]) -> dict[str, str | None]:
        names = self._names or [str(index) for index in range(len(row))]
        fields: dict[str, str | None] = dict(zip(names, row, strict=True))
        if "*" in self._kept:
            del fields[names[self._column]]
            return fields
        return {name: fields.get(name) for name in self._kept}


def _column(names: list[str], wanted: str) -> int:
    """Return the number of the text's column; names: those of the header, if there is one."""
    for name in (wanted,) if wanted else USUAL:
        if name in names:
            return names.index(name)
    if wanted.isdecimal() and (not names or int(wanted) < len(names)):
        return int(wanted)
    if wanted:
        raise invalid(f"there is no column {wanted!r:.40}", "Correct text_column.", "row 1")
    if len(names) > 1:
        raise invalid("no column is named text", "Name it text, or set text_column.", "row 1")
    return 0


def _misfit(row: list[str], expected: str) -> Problem:
    return Problem(
        f"a row has {len(row)} field{'s' if len(row) > 1 else ''} where {expected} expected",
        "Quote texts that hold commas, and name the text column in a header.",
    )


def _documents(rows: Iterator[list[str] | Problem], options: Options) -> Iterator[Found]:
    """Yield the document of each row, or what is wrong with it."""
    table = None
    for row in rows:
        if isinstance(row, Problem):
            yield row
        elif table is None:
            table = Table(row, options)
            yield HEADER if table.has_header else table.document(row)
        else:
            yield table.document(row)


def _rows(file: TextIO) -> Iterator[list[str] | Problem]:
    """Yield the fields of each row; after a broken one, reading goes on in the next line."""
    reader = csv.reader(file, strict=True)
    while True:
        try:
            yield next(reader) or EMPTY
        except csv.Error as error:
            yield Problem(f"it is not CSV: {error}", "Quote fields as RFC 4180 says.")
        except StopIteration:
            return
