"""What separates the fields of CSV, as a server and those who send files to it tell it alike."""

import csv
import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from text_classification.contract.column_names import is_header

Delimiter = Literal["comma", "semicolon", "tab", "pipe"]
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
DELIMITERS: Mapping[Delimiter, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# So many lines tell whether they are rows of a table.
SAMPLED_LINES = 100
# As many rows as are a table where its first has names, but no column of it has numbers.
FEWEST_ROWS = 3
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_NAME = re.compile(r"[^\W\d]\w*(?:[ -]\w+){0,2}")


def told_delimiter(lines: Iterable[str], wanted: Collection[str] = ()) -> tuple[str, Iterable[str]]:
    r"""Return what separates the fields of lines, and all of those.

    It is told by the first line that is not empty, where that is a header without a comma or the
    line ``sep=;`` that Excel reads, in whose place an empty line is returned. Without a known name
    it is what cuts the first lines into the rows of a table, and a comma otherwise. wanted: further
    names that tell a header, in their ``plain`` form.

    >>> told_delimiter(["id;text\n", "1;good, fine\n"])[0]
    ';'
    """
    lines = iter(lines)
    before = []
    for line in lines:
        before.append(line)
        if line.strip():
            break
    separator = SEPARATOR_LINE.fullmatch(before[-1]) if before else None
    if separator:
        return separator[1], itertools.chain(before[:-1], ["\n"], lines)
    first = before[-1] if before else ""
    possible = [each for each in DELIMITERS.values() if each in first]
    if set(possible) <= {DELIMITERS["comma"]}:
        return DELIMITERS["comma"], itertools.chain(before, lines)
    sample = list(itertools.islice(lines, SAMPLED_LINES))
    told = _told_by_names(first, possible, wanted) or _told_by_rows([first, *sample], possible)
    return told or DELIMITERS["comma"], itertools.chain(before, sample, lines)


def _told_by_names(header: str, possible: Sequence[str], wanted: Collection[str]) -> str | None:
    # A comma goes before the others.
    for each in possible[:1] if DELIMITERS["comma"] in possible else possible:
        if is_header([name.strip(' "\r\n') for name in header.split(each)], wanted):
            return each
    return None


def _told_by_rows(lines: Sequence[str], possible: Iterable[str]) -> str | None:
    for each in possible:
        try:
            rows = list(filter(None, csv.reader(lines, delimiter=each)))
        except csv.Error:
            continue
        # The last may go on behind the sample.
        if _are_table(rows[:-1] if len(lines) > SAMPLED_LINES else rows):
            return each
    return None


def _are_table(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows are hardly texts that a delimiter stands in by chance.

    They have as many fields each, with no space beside a delimiter as in sentences and titles, and
    a column of numbers or a first row of names.

    >>> _are_table([["id", "note"], ["1", "good"]]), _are_table([["Nice", " thanks"], ["5", "7"]])
    (True, False)
    """
    if len(rows) < FEWEST_ROWS - 1 or {*map(len, rows)} != {len(rows[0])}:
        return False
    if any(field != field.strip() for row in rows for field in row):
        return False
    with_numbers = [all(map(_NUMBER.fullmatch, column)) for column in zip(*rows[1:], strict=True)]
    if any(with_numbers) and not all(with_numbers):
        return True
    has_names = len({*rows[0]}) == len(rows[0]) and all(map(_NAME.fullmatch, rows[0]))
    return has_names and len(rows) >= FEWEST_ROWS
