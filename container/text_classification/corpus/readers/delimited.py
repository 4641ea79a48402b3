"""Delimited files: CSV, TSV and what is separated by semicolons or pipes."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from text_classification.contract.delimiters import SEPARATOR_LINE
from text_classification.contract.hyperparameters.kinds import DELIMITER_NAMES, DELIMITERS
from text_classification.corpus.readers.delimited_records import (
    Dialect,
    Fault,
    Records,
    read_records,
)
from text_classification.corpus.readers.dialect import Sample, recognise
from text_classification.corpus.readers.header import is_header
from text_classification.corpus.readers.line_reader import Lines
from text_classification.corpus.readers.naming import given_names, names_in_first
from text_classification.corpus.readers.piece import CutRecord, Kind
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.undecoded import undecoded
from text_classification.errors import Code, DataError

# A text of more lines may be one that a quotation mark has swallowed.
LONG_RECORD = 20
# Those before are likelier.
_LIKELY = "\t,;|"
_LIKELY_IN_CSV = ",;\t|"
_NAMES_AGAIN = "%s, line %d: the names of the columns again, as where files are joined; left out"
_ALIKE = (
    "Write all files alike, or give each as a file of its own (in Pipe mode: set the channel's "
    "RecordWrapperType to RecordIO), so that each is read by its own names."
)


@dataclass(frozen=True)
class Layout:
    """How the records of a file are written, with its first ones, and the names of its columns.

    before: the lines above the first document, which names columns or a separator.
    """

    sample: Sample
    names: list[str]
    has_header: bool = False
    before: int = 0


def read_delimited(source: Source) -> Iterator[Row]:
    """Yield the rows of a file, each with the number of its first line.

    A first row that holds a known name gives the names of the columns. Raises ``DataError`` where
    the columns are not known.
    """
    opening = source.piece.opening if source.piece else None
    with source.text() as file:
        lines = Lines.of(file, source.first_line)
        if opening and opening.layout:
            yield from _rows_behind(
                lines, read_records(lines, opening.layout.sample.dialect), opening.layout, source
            )
        else:
            sample = _recognised(*_separator(lines), source)
            yield from _rows(lines, read_records(lines, sample.dialect), sample, source)
        if lines.ran_out and source.piece and source.piece.is_cut:
            raise CutRecord


def layout_of(source: Source) -> Layout | None:
    """Return how the records of a file are written; None where its first record is bad.

    Raises ``DataError`` where the columns are not known.
    """
    with source.text() as file:
        lines = Lines.of(file)
        sample = _recognised(*_separator(lines), source)
        first = next(read_records(lines, sample.dialect), None)
        if first is None or isinstance(first, Fault):
            return None
        names, has_header = _names(first, lines, sample, source)
        before = lines.first - 1 + (len(lines.taken) if has_header else 0)
        return Layout(sample, names, has_header, before)


def _separator(lines: Lines) -> tuple[list[str], str]:
    """Return the first lines, and what separates fields where a line above says it, as for Excel.

    That line is taken, so that it is no record.
    """
    first = lines.sample()
    told = SEPARATOR_LINE.fullmatch(first[0]) if first else None
    if not told:
        return first, ""
    next(iter(lines))
    lines.next_record()
    return first[1:], told[1]


def _recognised(lines: list[str], separator: str, source: Source) -> Sample:
    reading = source.reading
    if reading.delimiter != "auto":
        candidates = DELIMITERS[reading.delimiter]
    elif separator:
        candidates = separator
    elif source.declared == "tsv":
        candidates = "\t"
    else:
        candidates = _LIKELY_IN_CSV if source.declared else _LIKELY
    sample = recognise(
        lines, candidates, reading.quoting, lambda rows: is_header(rows, reading.columns)
    )
    _tell(sample.dialect, source, guessed=len(candidates) > 1)
    return sample


def _tell(dialect: Dialect, source: Source, *, guessed: bool) -> None:
    if guessed and dialect.delimiter != ",":
        name = DELIMITER_NAMES[dialect.delimiter]
        source.log.info("%s: fields are separated by delimiter=%s", source.where, name)
    if dialect.quoting == "backslash" and source.reading.quoting == "auto":
        source.log.info("%s: quotation marks are escaped, quoting=backslash", source.where)


def _rows(lines: Lines, records: Records, sample: Sample, source: Source) -> Iterator[Row]:
    first = next(records, None)
    while isinstance(first, Fault):
        _refuse_unreadable_names(first, lines, sample, source)
        yield Row(lines.first, {}, first.problem, first.remedy)
        first = next(records, None)
    if first is None:
        return
    names, has_header = _names(first, lines, sample, source)
    if not has_header:
        records = itertools.chain([first], records)
    yield from _rows_behind(lines, records, Layout(sample, names, has_header), source)


def _rows_behind(lines: Lines, records: Records, layout: Layout, source: Source) -> Iterator[Row]:
    """Yield the rows behind those that tell how they are written."""
    names, sample = layout.names, layout.sample
    if layout.has_header:
        records = _without_headers(records, names, lines, source)
    has_warned = source.piece is not None and source.piece.has_warned
    width, has_names = len(names), layout.has_header
    for row in records:
        line, taken = lines.first, lines.taken
        # What most rows are.
        if len(taken) == 1 and type(row) is list and len(row) == width and taken[0].isascii():
            yield Row(line, dict(zip(names, row, strict=True)), "", "", has_names)
            continue
        if len(taken) > 1 and not has_warned:
            has_warned = _warned(taken, sample, source, line)
        problem = undecoded(taken, source.reading.encoding)
        if isinstance(row, Fault):
            yield Row(line, {}, row.problem, row.remedy)
        elif problem:
            yield Row(line, {}, *problem)
        elif len(row) == width:
            yield Row(line, dict(zip(names, row, strict=True)), has_names=has_names)
        else:
            yield Row(line, {}, *_wrong_width(len(row), width, sample.dialect))


def _without_headers(records: Records, names: list[str], lines: Lines, source: Source) -> Records:
    """Yield the records but for those that name the columns again, where files were joined.

    Raises ``DataError`` for one that names the columns in another order.
    """
    known, in_any_order = {*names, *(f"\ufeff{name}" for name in names)}, sorted(names)
    for record in records:
        if record[0] in known and not isinstance(record, Fault):
            found = [name.removeprefix("\ufeff") for name in record]
            if found == names:
                if not source.is_joined:
                    source.log.warning(_NAMES_AGAIN, source.where, lines.first)
                continue
            if sorted(found) == in_any_order:
                raise DataError(
                    Code.COLUMN_MISSING,
                    "a further file names the columns in another order",
                    where=f"{source.where}, line {lines.first}",
                    remedy=_ALIKE,
                )
        yield record


def _names(
    first: list[str], lines: Lines, sample: Sample, source: Source
) -> tuple[list[str], bool]:
    """Return the names of the columns, and whether they are in the first row."""
    unknown_bytes = undecoded(lines.taken, source.reading.encoding)
    if unknown_bytes:
        _refuse_unreadable_names(Fault(*unknown_bytes), lines, sample, source)
    names = names_in_first([first, *sample.rows[1:]], source)
    if names is not None:
        return names, True
    if unknown_bytes and sample.width < 2:  # noqa: PLR2004 - a label and a text
        where = f"{source.where}, line {lines.first}"
        raise _unreadable_row("first row", Fault(*unknown_bytes), where)
    return given_names(sample.rows, sample.width, source), False


def _refuse_unreadable_names(fault: Fault, lines: Lines, sample: Sample, source: Source) -> None:
    """Raise ``DataError`` for a bad record that is to name the columns: it cannot be skipped."""
    reading = source.reading
    fields = [field.strip('"') for field in lines.taken[0].rstrip().split(sample.dialect.delimiter)]
    if reading.header == "present" or (
        reading.header == "auto" and is_header([fields], reading.columns)
    ):
        raise _unreadable_row(
            "row that names the columns", fault, f"{source.where}, line {lines.first}"
        )


def _unreadable_row(what: str, fault: Fault, where: str) -> DataError:
    return DataError(
        Code.ROW_INVALID,
        f"the {what} cannot be read: {fault.problem}",
        where=where,
        remedy=fault.remedy,
    )


def _warned(taken: list[str], sample: Sample, source: Source, line: int) -> bool:
    """Warn of a record of many lines, or of lines that look like records; tell whether it was."""
    delimiter, width = sample.dialect.delimiter, sample.width
    # An address has commas too, but hardly as many in each line as the file has columns.
    are_records = len(taken) > 2 and all(  # noqa: PLR2004 - and not by chance
        each.count(delimiter) == width - 1 for each in taken
    )
    if len(taken) <= LONG_RECORD and not are_records:
        return False
    source.log.warning(
        "%s, line %d: a record of %d lines; if a quotation mark of the text has swallowed rows, "
        "set quoting=none",
        source.where,
        line,
        len(taken),
        extra={"kind": Kind.LONG_RECORD},
    )
    return True


def _wrong_width(found: int, expected: int, dialect: Dialect) -> tuple[str, str]:
    name = DELIMITER_NAMES[dialect.delimiter]
    problem = f"it has {found} fields where {expected} are expected"
    quoted = f"Put a text that holds the delimiter ({name}) in quotation marks"
    if dialect.quoting == "none":
        quoted = f"With quoting=none each {name} separates, also in a text: write others in texts"
    remedy = f"{quoted}, or set delimiter if it is another; bad_rows=skip leaves such rows out."
    return problem, remedy
