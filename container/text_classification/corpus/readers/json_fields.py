"""What the fields of JSON records tell of the columns: each record has names of its own."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from text_classification.corpus.readers.line_reader import SAMPLED_LINES
from text_classification.corpus.readers.row import Columns, Row
from text_classification.corpus.readers.source import SNIFFED_BYTES, Source
from text_classification.errors import Code, DataError


def first_lines(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines that tell the columns; those behind them are left.

    They are as many as tell how a delimited file is written, and lie in its first piece.
    """
    size = 0
    for number, line in lines:
        yield number, line
        size += len(line)
        if number >= SAMPLED_LINES or size > SNIFFED_BYTES:
            return


def with_names_of_all(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield some records, the first good one with the names that any has, as missing.

    So the columns are the same whichever record comes first. What cannot be read is told behind
    the records before it.
    """
    known: list[Row] = []
    error = None
    try:
        known.extend(rows)
    except Exception as caught:  # noqa: BLE001 - raised behind what was read
        error = caught
    names = dict.fromkeys(name for row in known for name in row.fields)
    for row in known:
        yield row._replace(fields={**names, **row.fields}) if names and not row.problem else row
        names = names if row.problem else {}
    if error:
        raise error


def columns_of(
    names: Iterable[str], lists: Mapping[str, Collection[str]], source: Source
) -> Columns:
    """Return the columns to take of a record, or of an object of columns.

    lists: the fields that are lists of objects, with the names that those have. Raises
    ``DataError`` as ``Source.resolve`` does, and where such a list holds the records.
    """
    try:
        return source.resolve(names)
    except DataError:
        for name, inside in lists.items():
            if resolves(inside, source):
                raise _wrapped(name, source) from None
        raise


def resolves(names: Iterable[str], source: Source) -> bool:
    """Tell whether the columns to take are among some names."""
    try:
        source.resolve(names)
    except DataError:
        return False
    return True


def _wrapped(name: str, source: Source) -> DataError:
    return DataError(
        Code.COLUMN_MISSING,
        f"it is an object around a list of records, '{name:.40}'",
        where=source.where,
        remedy="Give the list alone, or each of its records on a line.",
    )


def lists_of_records(fields: Mapping[str, Any]) -> dict[str, Collection[str]]:
    """Return the fields of a record that are lists of objects, with the names that those have."""
    return {
        name: value[0]
        for name, value in fields.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    }
