"""CSV: one document a row, quoted as RFC 4180 says, with a header or without.

Rows that tabs separate are quoted otherwise (``tab_rows``).

In batch transform a row is a line, whatever quotation marks it has: the platform cuts and joins
bodies at line breaks.
"""

import csv
import itertools
import re
import sys
from collections.abc import Iterable, Iterator

from text_classification.contract.column_names import names_in
from text_classification.contract.delimiters import DELIMITERS, delimiter_of_rows, told_delimiter
from text_classification.serving.predictions.format.negotiation import RequestFormat
from text_classification.serving.predictions.requests.body_source import Source, sampled
from text_classification.serving.predictions.requests.field_names import joined_names
from text_classification.serving.predictions.requests.records import (
    EMPTY,
    HEADER,
    Body,
    Found,
    Problem,
    gather,
    invalid,
)
from text_classification.serving.predictions.requests.tab_rows import Row, tab_rows
from text_classification.serving.predictions.requests.table import Table

# The csv module refuses fields beyond 131,072 characters unless told otherwise; bodies have a
# limit of their own.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

_SPACE_AND_MARK = ' "'
# Fields that begin with them.
_SPACED = {each: re.compile(f'(?:^|{re.escape(each)}) +"') for each in DELIMITERS.values()}
_REMEDY = "Quote fields as RFC 4180 says, with each quotation mark within a field doubled."
_LINE_BREAKS = (
    f"{_REMEDY} For quoted line breaks, in files that are not split, set BATCH_CSV_LINE_BREAKS."
)


def read_csv(source: Source, request_format: RequestFormat) -> Body:
    """Return what the rows of a CSV body hold."""
    by_line = request_format.line_for_line and not request_format.quoted_line_breaks
    delimiter, lines = _delimiter(source.text("\n" if by_line else ""), request_format)
    if delimiter == DELIMITERS["tab"]:
        rows = tab_rows(lines, each_is_a_row=by_line)
    else:
        rows = (_line_rows if by_line else _quoted_rows)(lines, delimiter)
    unit = "line" if by_line else "row"
    return Body(request_format, gather(_documents(rows, request_format), unit, request_format))


def _delimiter(lines: Iterable[str], request_format: RequestFormat) -> tuple[str, Iterable[str]]:
    """Return what separates fields, told by a header where nobody says it, and all lines.

    Raises ``RequestError`` 400 for rows that anything but commas seems to separate: nobody may have
    said so, but none of them is a text.
    """
    options, own = request_format.options, request_format.own_names
    told, whole = told_delimiter(
        lines, {*own, *joined_names(options.text_column, own), *names_in(options.text_column)}
    )
    if options.delimiter:
        return DELIMITERS[options.delimiter], whole
    if told == DELIMITERS["comma"]:
        likely, whole = delimiter_of_rows(whole)
        if likely and DELIMITERS[likely] != told:
            raise invalid(
                f"the lines look like rows of a table that {likely}s separate",
                f"Set delimiter={likely}, with text_column, or delimiter=comma if each line is a "
                "text.",
            )
    return told, whole


def _documents(rows: Iterator[Row], request_format: RequestFormat) -> Iterator[Found]:
    """Yield the document of each row, or what is wrong with it."""
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        empty, second = _next_row(rows)
        table = Table(row, request_format.options, request_format.own_names, alone=second is None)
        yield HEADER if table.has_header else table.document(row)
        rest = rows if second is None else itertools.chain([second], rows)
        for each in itertools.chain(itertools.repeat(EMPTY, empty), rest):
            yield each if isinstance(each, Problem) else table.document(each)


def _next_row(rows: Iterator[Row]) -> tuple[int, Row | None]:
    """Return the next row that is not empty, if there is one, and how many were before it."""
    empty = 0
    for row in rows:
        if row is not EMPTY:
            return empty, row
        empty += 1
    return empty, None


def _quoted_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Yield the fields of each row; after a broken one, reading goes on in the next line."""
    sample, lines = sampled(lines)
    begins_row = True

    def tight_lines() -> Iterator[str]:
        nonlocal begins_row
        for line in lines:
            begins, begins_row = begins_row, False
            yield _tight(line, delimiter) if begins and _SPACE_AND_MARK in line else line

    # What most bodies need no look at each line for.
    content = tight_lines() if _SPACE_AND_MARK in "".join(sample) else lines
    reader = csv.reader(content, strict=True, delimiter=delimiter)
    while True:
        begins_row = True
        try:
            yield next(reader) or EMPTY
        except csv.Error as error:
            yield Problem(f"it is not CSV: {error}", _REMEDY)
        except StopIteration:
            return


def _line_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Yield the fields of each line."""
    for line in lines:
        row = line.rstrip("\r\n")
        if not row:
            yield EMPTY
        elif '"' in row or "\r" in row:
            yield _line_row(row, delimiter)
        else:
            yield row.split(delimiter)


def _line_row(line: str, delimiter: str) -> Row:
    if _SPACE_AND_MARK in line:
        line = _tight(line, delimiter)
    try:
        return next(csv.reader((line,), strict=True, delimiter=delimiter))
    except csv.Error as error:
        return Problem(f"the line is not CSV: {error}", _LINE_BREAKS)


def _tight(line: str, delimiter: str) -> str:
    """Return a line without the spaces before quotation marks that open fields, as some write them.

    It stays as it is where marks behind a space are text: where they do not quote whole fields.
    """
    if not _SPACED[delimiter].search(line):
        return line
    reader = csv.reader((line,), strict=True, delimiter=delimiter, skipinitialspace=True)
    try:
        fields = [field.replace('"', '""') for field in next(reader)]
    except csv.Error:
        return line
    return '"' + f'"{delimiter}"'.join(fields) + '"\n'
