"""CSV and TSV: RFC 4180 quoting, line breaks inside fields, fields of any length."""

import csv
import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Literal

from text_classification.corpus.readers.row import LABEL_NAMES, TEXT_NAMES, Columns, Row
from text_classification.corpus.readers.source import LONGEST_LINE, text_lines
from text_classification.errors import Code, DataError

# The csv module refuses fields beyond 131,072 characters unless told otherwise.
csv.field_size_limit(LONGEST_LINE)

Header = Literal["auto", "present", "absent"]


def read_delimited(path: Path, delimiter: str, header: Header, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a file; without a header, columns are named "0", "1", ...

    A file of two columns without a header is label, text, as the hashed mortgage documents are.
    """
    with closing(text_lines(path)) as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        rows: Iterator[tuple[int, list[str]]]
        rows = ((reader.line_num, row) for row in reader if row)
        first = next(rows, None)
        if first is None:
            return
        if header == "present" or (header == "auto" and _looks_like_header(first[1], columns)):
            names = first[1]
        else:
            names = _numbered(first[1], columns, path)
            rows = itertools.chain([first], rows)
        for line, row in rows:
            if len(row) == len(names):
                yield Row(line, dict(zip(names, row, strict=True)))
            else:
                yield Row(line, {}, f"it has {len(row)} fields where {len(names)} are expected")


def _looks_like_header(row: list[str], columns: Columns) -> bool:
    if any(name in row for name in (columns.label, columns.text) if name and not name.isdecimal()):
        return True
    names = {name.strip().lower() for name in row}
    return bool(names.intersection((*TEXT_NAMES, *LABEL_NAMES)))


def _numbered(row: list[str], columns: Columns, path: Path) -> list[str]:
    if columns.label and columns.text:
        return [str(index) for index in range(len(row))]
    if len(row) == 2:  # noqa: PLR2004 - label, text
        return ["label", "text"]
    raise DataError(
        Code.COLUMN_MISSING,
        f"the file has {len(row)} columns and no header that names a label and a text",
        where=path.name,
        remedy="Set label_column and text_column to names, or to numbers counted from 0.",
    )
