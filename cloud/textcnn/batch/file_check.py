"""A file looked through before a job is paid for: what the image would refuse is told at once."""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TextIO

from text_classification.contract.column_names import (
    TEXT_NAMES,
    is_header,
    names_in,
    place_of,
    plain,
)
from text_classification.contract.delimiters import DELIMITERS, delimiter_of_rows, told_delimiter
from text_classification.contract.tab_separated import NoLines, unquoted
from textcnn.batch.formats import JSON, JSON_LINES, TSV, Format, format_of, is_packed
from textcnn.errors import CommandError, Exit

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


@dataclass(frozen=True)
class TextColumn:
    """The column that holds the text: as --text-column wants it, else as the model was trained by.

    None: the usual names; those are taken too where a file lacks the model's own column.
    """

    wanted: str | None = None
    trained: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names that it may have, in their ``plain`` form."""
        return names_in(self.wanted or self.trained)


@dataclass(frozen=True)
class FileSummary:
    """What a file holds: how many documents, and for a table whether the first row names columns.

    kind is the file's format; that of a table knows what separates its fields. bad counts documents
    that may get an error in the place of an answer; example says why. bytes are those of the
    unpacked file.
    """

    kind: Format
    documents: int
    bytes: int = 0
    has_header: bool = False
    bad: int = 0
    example: str = ""


def check_file(file: Path, column: TextColumn) -> FileSummary:
    """Return what a file holds; raises ``CommandError`` where a job could do nothing with it."""
    kind = format_of(file.name)
    if not file.is_file():
        raise CommandError(f"there is no file {file}", "", Exit.MISSING)
    try:
        with _opened(file) as (content, counted):
            found = _look_through(kind, content, column, file.name)
            size = counted()
    except (OSError, EOFError) as error:
        raise CommandError(f"{file} cannot be read: {error}", "", Exit.USAGE) from None
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{file} is not UTF-8: {error.reason}",
            "Convert it, such as by `iconv -f LATIN1 -t UTF-8`.",
            Exit.USAGE,
        ) from None
    if not found.documents:
        raise CommandError(f"{file} holds no documents", "", Exit.USAGE)
    return replace(found, bytes=size)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[TextIO, "ByteCounter"]]:
    raw: BinaryIO
    with gzip.open(file) if is_packed(file.name) else file.open("rb") as raw:  # type: ignore[assignment]
        yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""), ByteCounter(raw)


@dataclass(frozen=True)
class ByteCounter:
    """Tells how many bytes have been read from a file."""

    raw: BinaryIO

    def __call__(self) -> int:
        """Return them."""
        return self.raw.tell()


def _look_through(kind: Format, content: TextIO, column: TextColumn, name: str) -> FileSummary:
    if kind.delimiter:
        return _table(kind, content, column, name)
    if kind is JSON_LINES:
        return _json_lines(content, column)
    if kind is JSON:
        return _json(content, name)
    return FileSummary(kind, sum(1 for _ in content))


def _json_lines(content: TextIO, column: TextColumn) -> FileSummary:
    documents, bad, example = 0, 0, ""
    for number, line in enumerate(content, 1):
        documents += 1
        problem = _problem(line, column)
        if problem:
            bad += 1
            example = example or f"line {number} {problem}"
    return FileSummary(JSON_LINES, documents, bad=bad, example=example)


def _problem(line: str, column: TextColumn) -> str:
    """Return what is wrong with a line of JSON Lines, nothing where it is a document."""
    try:
        value = json.loads(line)
    except ValueError:
        return "is no JSON"
    if isinstance(value, str):
        return ""
    if not isinstance(value, dict):
        return "is no text and no object"
    try:
        place = place_of((*column.names, *TEXT_NAMES, "features"), value)
    except ValueError as error:
        return f"says that {error}"
    if place is None or not isinstance(list(value.values())[place], str | list):
        return (
            f"has none of the fields {', '.join(TEXT_NAMES)}; only a model that was trained with "
            "another text_column may read it"
        )
    return ""


def _json(content: TextIO, name: str) -> FileSummary:
    try:
        value = json.load(content)
    except ValueError as error:
        raise CommandError(f"{name} is no JSON: {error}", "", Exit.USAGE) from None
    return FileSummary(JSON, len(value) if isinstance(value, list) else 1)


def _table(kind: Format, content: TextIO, column: TextColumn, name: str) -> FileSummary:
    kind, lines = _separated(kind, content, column)
    documents, bad, example, header, width = 0, 0, "", False, 0
    for number, row in enumerate(_rows(kind, lines, name), 1):
        is_first = bool(row) and not width
        if is_first:
            header, width = has_header(row, column, name), len(row)
        documents += not (header and is_first)
        if row and len(row) != width:
            bad += 1
            example = example or f"row {number} has {len(row)} fields where the first has {width}"
    return FileSummary(kind, documents, has_header=header, bad=bad, example=example)


def _separated(
    kind: Format, lines: Iterable[str], column: TextColumn
) -> tuple[Format, Iterable[str]]:
    """Return the format of a table with what separates its fields, and all of its lines."""
    delimiter, whole = told_delimiter(lines, column.names)
    if delimiter == DELIMITERS["comma"]:
        likely, whole = delimiter_of_rows(whole)
        delimiter = DELIMITERS[likely or "comma"]
    return (kind if kind is TSV else kind.separated_by(delimiter)), whole


def _rows(kind: Format, lines: Iterable[str], name: str) -> Iterator[list[str]]:
    """Yield the fields of each line; raises ``CommandError`` where a row is not one."""
    if kind.delimiter == DELIMITERS["tab"]:
        yield from _tab_rows(lines)
        return
    reader = csv.reader(lines, strict=True, delimiter=kind.delimiter or "")
    before = 0
    try:
        for number, row in enumerate(reader, 1):
            if reader.line_num > before + 1:
                raise _broken_row(name, number)
            before = reader.line_num
            yield row
    except csv.Error as error:
        raise CommandError(
            f"{name} is no CSV, line {reader.line_num}: {error}",
            "Quote fields as RFC 4180 says.",
            Exit.USAGE,
        ) from None


def _tab_rows(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the fields of each line, in which quotation marks are mostly text."""
    width = 0
    for line in lines:
        fields = line.rstrip("\r\n").split(DELIMITERS["tab"])
        width = width or (len(fields) if any(fields) else 0)
        yield unquoted(line, fields, NoLines(), width) if any(fields) else []


def _broken_row(name: str, number: int) -> CommandError:
    return CommandError(
        f"row {number} of {name} has a line break in a field, and a transform job cuts files at "
        "line breaks",
        "Write the documents as JSON Lines (.jsonl), as by pandas: "
        'read_csv("a.csv").to_json("a.jsonl", orient="records", lines=True).',
        Exit.USAGE,
    )


def first_row(kind: Format, lines: Iterable[str], column: TextColumn) -> tuple[Format, list[str]]:
    """Return the format of a table, and its first row that is not empty if there is one."""
    kind, whole = _separated(kind, lines, column)
    is_tabbed = kind.delimiter == DELIMITERS["tab"]
    # Not strictly: it may go on behind what was read.
    rows = _tab_rows(whole) if is_tabbed else csv.reader(whole, delimiter=kind.delimiter or "")
    return kind, next(filter(None, rows), [])


def has_header(first: list[str], column: TextColumn, name: str) -> bool:
    """Return whether a first row names columns, as the image would see it.

    Raises ``CommandError`` where it could not tell which column holds the text.
    """
    if column.wanted and not column.wanted.isdecimal():
        missing = _missing(column.wanted, first)
        if missing:
            raise CommandError(
                f"{name} has no column {', '.join(missing)}",
                f"It has {', '.join(first)}.",
                Exit.USAGE,
            )
        return True
    if is_header(first, column.names):
        return True
    if column.wanted is None and len(first) > 1:
        raise CommandError(
            f"no column of {name} is named text",
            "Say which holds the text by --text-column, a name of the header or a number from 0.",
            Exit.USAGE,
        )
    return False


def _missing(text_column: str, first: list[str]) -> list[str]:
    """Return those of the columns, which stand between commas, that a header does not name."""
    names = set(map(plain, first))
    if plain(text_column) in names:
        return []
    return [column.strip() for column in text_column.split(",") if plain(column) not in names]
