"""What separates the fields of CSV, as a server and those who send files to it tell it alike."""

import csv
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from text_classification.contract.column_names import is_header

Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
DELIMITERS: Mapping[Delimiter, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# So many lines tell whether they are rows of a table.
SAMPLED_LINES = 100
# Fewer rows are a table only where each begins with a number.
FEWEST_ROWS = 3
# Of fewer rows nobody could say which values recur.
FEWEST_OF_LABELS = 4
# A line with more of a character is not cut by it: it may be very long.
MOST_FIELDS = 1000
_TAB = DELIMITERS["tab"]
_NUMBER = re.compile(r"[-+]?\d+(?:[.,:/-]\d+)*")
_NAME = re.compile(r"[^\W\d]\w*(?:[ -]\w+){0,2}")


def told_delimiter(lines: Iterable[str], wanted: Collection[str] = ()) -> tuple[str, Iterable[str]]:
    r"""Return what separates the fields of lines, and all of those.

    It is told by the first line that is not empty, where that is a header without a comma or the
    line ``sep=;`` that Excel reads, in whose place an empty line is returned; it is a comma
    otherwise. wanted: further names that tell a header, in their ``plain`` form.

    >>> told_delimiter(["id;text\n", "1;good, fine\n"])[0]
    ';'
    """
    empty, first, rest = _at_first_line(lines)
    separator = SEPARATOR_LINE.fullmatch(first)
    if separator:
        return separator[1], itertools.chain(empty, ["\n"], rest)
    return _told_by(first, wanted), itertools.chain(empty, [first] if first else [], rest)


def _at_first_line(lines: Iterable[str]) -> tuple[Sequence[str], str, Iterator[str]]:
    """Return the empty lines, the first that is not if there is one, and those behind it."""
    rest = iter(lines)
    empty: list[str] = []
    for line in rest:
        if line.strip():
            return empty, line, rest
        empty.append(line)
    return empty, "", rest


def _told_by(header: str, wanted: Collection[str]) -> str:
    told = header if "," not in header else ""
    for each in DELIMITERS.values():
        names = [name.strip(' "\r\n') for name in told.split(each)]
        if len(names) > 1 and is_header(names, wanted):
            return each
    return DELIMITERS["comma"]


def delimiter_of_rows(lines: Iterable[str]) -> tuple[Delimiter | None, Iterable[str]]:
    r"""Return what cuts lines into the rows of a table, None for texts perhaps, and all lines.

    For lines that no header tells it of. A comma counts before the others.

    >>> delimiter_of_rows(["1;good\n", "2;bad\n"])[0]
    'semicolon'
    """
    empty, first, rest = _at_first_line(lines)
    if not any(each in first for name, each in DELIMITERS.items() if name != "comma"):
        return None, itertools.chain(empty, [first] if first else [], rest)
    sample = [first, *itertools.islice(rest, SAMPLED_LINES)]
    # The last may go on behind the sample.
    told = _cutting(sample[:-1] if len(sample) > SAMPLED_LINES else sample)
    return told, itertools.chain(empty, sample, rest)


def _cutting(sample: Sequence[str]) -> Delimiter | None:
    for name, each in DELIMITERS.items():
        if 0 < sample[0].count(each) <= MOST_FIELDS:
            rows = _rows(sample, each)
            is_default = name == "comma"
            if _are_even(rows) and (is_default or each == _TAB or _are_table(rows)):
                return name
    return None


def _rows(lines: Sequence[str], delimiter: str) -> Sequence[Sequence[str]]:
    if delimiter == _TAB:  # quotation marks are mostly text there
        return [text.split(delimiter) for line in lines if (text := line.rstrip("\r\n"))]
    try:
        return list(filter(None, csv.reader(lines, strict=True, delimiter=delimiter)))
    except csv.Error:
        return []


def _are_even(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows have as many fields each, without a space as sentences and titles have."""
    widths = {*map(len, rows)}
    is_prose = any(field[:1].isspace() for row in rows for field in row[1:])
    return len(rows) > 1 and len(widths) == 1 and widths != {1} and not is_prose


def _are_table(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether even rows are hardly texts, by a column of numbers or labels, or by names.

    >>> _are_table([["note", "no"], ["good", "1"], ["bad", "2"]]), _are_table([["Hi", "D"]] * 3)
    (True, False)
    """
    names, columns = rows[0], list(zip(*rows[1:], strict=True))
    with_numbers = [all(map(_NUMBER.fullmatch, column)) for column in columns]
    if all(with_numbers):
        return False
    if len(rows) < FEWEST_ROWS:
        return with_numbers[0]
    is_header = all(map(_NAME.fullmatch, names)) and len({*names}) == len(names)
    recurs = any(name in column for name, column in zip(names, columns, strict=True))
    return any(with_numbers) or (is_header and not recurs) or _has_labels(rows)


def _has_labels(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a column holds few values again and again."""
    columns = zip(*rows, strict=True)
    few = any(1 < len(set(values)) <= len(rows) / 2 for values in columns)
    return few and len(rows) >= FEWEST_OF_LABELS
