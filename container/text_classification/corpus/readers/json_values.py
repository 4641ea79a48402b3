"""Arrays of arrays, as pandas writes them by the orient "values": without the names of columns."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from text_classification.corpus.readers.line_reader import SAMPLED_LINES
from text_classification.corpus.readers.naming import given_names, names_in_first
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source


def read_values(values: Iterator[Any], source: Source) -> Iterator[Row]:
    """Yield the records of arrays, whose columns are found as those of a delimited file.

    Raises ``DataError`` where the columns are not known.
    """
    first = list(islice(values, SAMPLED_LINES))
    rows = [list(map(_shown, value)) for value in first if isinstance(value, list)]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    names = names_in_first(rows, source)
    has_names = names is not None
    names = names or given_names(rows, width, source)
    for number, value in enumerate(chain(first, values), 1):
        if number > has_names:
            yield row_of(number, value, names, has_names=has_names)


def row_of(number: int, values: Any, names: list[str], *, has_names: bool | None = None) -> Row:
    """Return the row of an array with a value for each column."""
    if isinstance(values, list) and len(values) == len(names):
        return Row(number, dict(zip(names, values, strict=True)), has_names=has_names)
    return Row(number, {}, f"it does not have {len(names)} values, one for each column")


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
