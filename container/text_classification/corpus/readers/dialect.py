"""Recognise from its first lines how a delimited file is written."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from text_classification.contract.hyperparameters.kinds import DELIMITERS, Quoting
from text_classification.corpus.readers.delimited_records import Dialect, Fault, read_records
from text_classification.corpus.readers.line_reader import SAMPLED_LINES, Lines
from text_classification.corpus.readers.source import SNIFFED_BYTES

# How many of the rows have the same number of fields, in a file that has some bad ones.
_MOST = 0.9
# Of fewer rows nobody could say what recurs.
_ENOUGH_ROWS = 4

IsHeader = Callable[[Sequence[Sequence[str]]], bool]


@dataclass(frozen=True)
class Sample:
    """The first records of a file, as they are read in a dialect; none of one that is bad."""

    dialect: Dialect
    rows: Sequence[Sequence[str]]

    @cached_property
    def width(self) -> int:
        """The fields that most records have."""
        counts = Counter(map(len, self.rows))
        return max(counts, key=counts.__getitem__, default=0)

    def agrees(self, share: float = 1.0) -> bool:
        """Tell whether such a share of the records has the same number of fields, two or more."""
        return self.width > 1 and self.alike >= share * len(self.rows)

    @property
    def alike(self) -> int:
        """How many records have the same number of fields, two or more."""
        return sum(len(row) == self.width for row in self.rows) if self.width > 1 else 0

    @property
    def bare(self) -> list[list[str]]:
        """The records without the spaces that their fields begin with."""
        return [[field.lstrip(" ") for field in row] for row in self.rows]

    @property
    def has_labels(self) -> bool:
        """Whether a column holds few values again and again, in which no other delimiter is."""
        rows = [row for row in self.rows if len(row) == self.width]
        return len(rows) >= _ENOUGH_ROWS and any(
            1 < len(set(values)) <= len(rows) / 2 and not self._others.intersection("".join(values))
            for values in zip(*rows, strict=True)
        )

    @property
    def _others(self) -> set[str]:
        return set(DELIMITERS.values()) - {self.dialect.delimiter}

    @property
    def is_punctuation(self) -> bool:
        """Whether a space is behind each delimiter, as behind the commas of a text."""
        if self.dialect.is_spaced:
            return True  # as far as can be seen: the spaces are left out
        rows = [row for row in self.rows if len(row) == self.width]
        return all(field[:1] == " " for row in rows for field in row[1:])

    def begins_with(self, is_header: IsHeader) -> bool:
        """Tell whether the first record names columns, and no other delimiter is in the names."""
        if not self.rows or len(self.rows[0]) < 2:  # noqa: PLR2004 - a label and a text
            return False
        return not self._others.intersection("".join(self.rows[0])) and is_header(self.rows)


def recognise(
    lines: Sequence[str], delimiters: Sequence[str], quoting: Quoting, is_header: IsHeader
) -> Sample:
    """Return a file's first lines as read in the dialect that fits them best.

    delimiters: the candidates, those before that are likelier. One that makes a header of the first
    line is taken; else one by which all records have the same number of fields; else most. Of
    several, one by which a column looks like labels, and which is no punctuation of the texts.
    """
    first = _sampled(lines, delimiters[0], quoting)
    # What most files are, and what would be taken in the end: the others need not be tried.
    if first.begins_with(is_header) and not first.is_punctuation:
        return first
    samples = [first, *(_sampled(lines, delimiter, quoting) for delimiter in delimiters[1:])]
    alike = [sample for sample in samples if sample.agrees()]
    most = [sample for sample in samples if sample.agrees(_MOST)]
    for fitting in (
        [sample for sample in samples if sample.begins_with(is_header)],
        [sample for sample in alike if sample.has_labels],
        alike,
        [sample for sample in most if sample.has_labels],
        most,
    ):
        if fitting:
            return min(fitting, key=lambda sample: sample.is_punctuation)
    comma = (sample for sample in samples if sample.dialect.delimiter == ",")
    return next(comma, samples[0])


def _sampled(lines: Sequence[str], delimiter: str, quoting: Quoting) -> Sample:
    if quoting != "auto":
        return _fitting(lines, Dialect(delimiter, quoting))
    if delimiter == "\t":
        return _read(lines, Dialect(delimiter, "loose", _tab_width(lines)))
    standard = _fitting(lines, Dialect(delimiter, "standard"))
    if not any('\\"' in line for line in lines):
        return standard
    # What is no escape to the standard ends a field too early: it fails, or swallows lines.
    escaped = _fitting(lines, Dialect(delimiter, "backslash"))
    is_better = (
        not standard.agrees()
        or len(standard.rows) < len(escaped.rows)
        or standard.dialect.is_spaced < escaped.dialect.is_spaced
    )
    return escaped if escaped.agrees() and is_better else standard


def _fitting(lines: Sequence[str], dialect: Dialect) -> Sample:
    """Return a sample, without the spaces before quotation marks where those then quote."""
    sample = _read(lines, dialect)
    marks = re.compile(rf'{re.escape(dialect.delimiter)} +"')
    if dialect.quoting == "none" or not any(map(marks.search, lines)):
        return sample
    spaced = _read(lines, replace(dialect, is_spaced=True))
    is_better = spaced.alike >= max(sample.alike, 1) and spaced.bare != sample.bare
    return spaced if is_better else sample


def _read(lines: Sequence[str], dialect: Dialect) -> Sample:
    source = Lines(lines)
    rows: list[Sequence[str]] = []
    for row in read_records(source, dialect):
        if isinstance(row, Fault):
            if row.is_open and _is_cut(lines):
                break
            row = []  # noqa: PLW2901 - a record without fields
        rows.append(row)
    sample = Sample(dialect, rows)
    return replace(sample, dialect=replace(dialect, width=dialect.width or sample.width))


def _is_cut(lines: Sequence[str]) -> bool:
    """Tell whether the file goes on behind its sample."""
    return len(lines) >= SAMPLED_LINES or sum(map(len, lines)) > SNIFFED_BYTES


def _tab_width(lines: Sequence[str]) -> int:
    """Return the fields of a line: those of the first, where no quotation marks may hide some."""
    if lines and '"' not in lines[0]:
        return lines[0].count("\t") + 1
    counts = Counter(line.count("\t") + 1 for line in lines if "\t" in line)
    return max(counts, key=counts.__getitem__, default=1)
