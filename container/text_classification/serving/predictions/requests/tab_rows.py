"""Tab-separated rows, in which quotation marks are read as training reads them."""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

from text_classification.contract.tab_separated import Lines, NoLines, unquoted
from text_classification.serving.predictions.requests.body_source import sampled
from text_classification.serving.predictions.requests.records import EMPTY, Problem, invalid

TAB = "\t"
# So many more than one behind each row may be read again, where quotation marks open that nothing
# closes.
SPARE_LINES = 1_000_000
_BROKEN = Problem(
    "a carriage return stands within the line", "End each line by a line feed, or quote the field."
)
Row = list[str] | Problem


def tab_rows(lines: Iterable[str], *, each_is_a_row: bool) -> Iterator[Row]:
    """Yield the fields of each row; lines are joined only where that makes one, or never."""
    sample, whole = sampled(lines)
    width = _width(sample)
    following = _FollowingLines(whole)
    joinable: Lines = NoLines() if each_is_a_row else following
    while line := following.next_line():
        text = line.rstrip("\r\n")
        if not text:
            yield EMPTY
        elif '"' in text:
            following.begin_row()
            yield unquoted(line, text.split(TAB), joinable, width)
        elif "\r" in text:
            yield _BROKEN
        else:
            yield text.split(TAB)


def _width(sample: Sequence[str]) -> int:
    """Return the fields of a row: those of the first, or of most where its marks hide how many."""
    rows = [text for line in sample if (text := line.rstrip("\r\n"))]
    first = _fields_alone(rows[0]) if rows else 1
    if first is not None:
        return first
    counts = Counter(_fields_alone(row) or row.count(TAB) + 1 for row in rows if TAB in row)
    return max(counts, key=counts.__getitem__, default=1)


def _fields_alone(text: str) -> int | None:
    """Return how many fields a line has if its marks quote some of them as they should."""
    if '"' not in text:
        return text.count(TAB) + 1
    try:
        return len(next(csv.reader((text,), delimiter=TAB, strict=True)))
    except csv.Error:
        return None


class _FollowingLines:
    """Lines, of which those behind the first of a row can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._given_back = 0

    def next_line(self) -> str:
        """Return the next line, nothing at the end."""
        return self._again.popleft() if self._again else next(self._lines, "")

    def begin_row(self) -> None:
        """Let the line that was taken last be the first of a row."""
        self._taken.clear()

    def __iter__(self) -> Iterator[str]:
        """Yield the lines behind the first of a row; each is the row's until it is given back."""
        while line := self.next_line():
            self._taken.append(line)
            yield line

    def give_back(self) -> None:
        """Leave the lines behind the row's first to the next rows.

        Raises ``RequestError`` where that happens so often that reading would take for ever.
        """
        self._given_back += max(0, len(self._taken) - 1)
        if self._given_back > SPARE_LINES:
            raise invalid(
                "too many quotation marks are opened and never closed",
                "Quote fields as RFC 4180 says, or leave out the quotation marks.",
            )
        self._again.extendleft(reversed(self._taken))
