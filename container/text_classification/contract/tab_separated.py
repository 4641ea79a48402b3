"""Tab-separated lines, in which quotation marks are mostly text and sometimes quoting.

The format has no quoting, and files hold marks that open and never close; pandas and spreadsheets
quote fields all the same. So a line with all its fields is a record whatever marks it holds, a
field that is wrapped in marks is unwrapped, and lines are joined only where that makes a whole
record. Training and serving read them alike.
"""

import csv
from collections.abc import Iterator
from typing import Protocol


class Lines(Protocol):
    """The lines behind one that may belong to it."""

    def __iter__(self) -> Iterator[str]:
        """Yield them; each is the record's until it is given back."""

    def give_back(self) -> None:
        """Leave the record its first line alone; those behind it come again."""


class NoLines:
    """Nothing behind a line, where each is a record."""

    def __iter__(self) -> Iterator[str]:
        """Yield nothing."""
        return iter(())

    def give_back(self) -> None:
        """Do nothing: no line was taken."""


def unquoted(line: str, fields: list[str], lines: Lines, width: int) -> list[str]:
    """Return the fields of the record that a line with quotation marks begins.

    fields: what tabs separate in it; lines: those behind it, of which the record may take some;
    width: the fields of most records.
    """
    unwrapped, is_open = [], False
    for field in fields:
        content = field
        if field[:1] == '"':
            content = field[1:-1]
            # What most are: wrapped, with no mark inside.
            if '"' in content or field[-1] != '"' or len(field) == 1:
                content = _unwrapped(field)
                is_open = is_open or content is field
        unwrapped.append(content)
    is_whole = len(fields) == width
    if is_whole and not is_open:
        return unwrapped
    try:
        following = _with_following(line, lines, width, is_whole=is_whole)
        joined = next(csv.reader(following, delimiter="\t", strict=True))
    except csv.Error:
        joined = []
    if len(joined) == width:
        return joined
    lines.give_back()
    return unwrapped


def _with_following(line: str, lines: Lines, width: int, *, is_whole: bool) -> Iterator[str]:
    """Yield a line and those that may belong to its last field: up to the next whole record.

    Behind a line that is no record by itself that may be the end of it.
    """
    yield line
    for following in lines:
        if following.count("\t") + 1 == width:
            if not is_whole:
                yield following
            return
        yield following


def _unwrapped(field: str) -> str:
    """Return what a field holds that is wrapped in quotation marks, others as they are."""
    if len(field) < 2 or field[-1] != '"':  # noqa: PLR2004 - two marks
        return field
    inside = field[1:-1]
    if '"' not in inside:
        return inside
    parts = inside.split('""')
    return field if any('"' in part for part in parts) else '"'.join(parts)
