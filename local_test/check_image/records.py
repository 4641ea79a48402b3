"""Records in bodies: rows of CSV that are sent, and what is answered, whatever its form."""

import csv
import io
import itertools
import json
from collections.abc import Iterator

from check_image.client import Response

CSV = "text/csv"


def rows_of(body: bytes) -> list[bytes]:
    """Return the rows of a CSV body as they are, with their line ends; quoted ones are no ends."""
    return [row for row in _rows(body) if row.strip()]


def _rows(body: bytes) -> Iterator[bytes]:
    lines, is_quoted = [], False
    for line in body.splitlines(keepends=True):
        lines.append(line)
        is_quoted ^= line.count(b'"') % 2 == 1
        if not is_quoted:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)


def with_rows_repeated(body: bytes, size: int) -> tuple[bytes, int]:
    """Return a CSV body of at least ``size`` bytes, and the number of rows added to it.

    All rows but the first are repeated, since that may be a header.
    """
    rows = rows_of(body)
    rows[-1] = rows[-1].rstrip(b"\r\n") + b"\n"
    body, added = b"".join(rows), []
    left = size - len(body)
    for row in itertools.cycle(rows[1:] or rows):
        if left <= 0:
            break
        added.append(row)
        left -= len(row)
    return body + b"".join(added), len(added)


def may_be_header(row: bytes) -> bool:
    """Whether a row of CSV may name columns: a number names none."""
    fields = next(csv.reader([row.decode("utf-8", "replace")]), [])
    return not any(map(_is_number, fields))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def expected(body: bytes) -> set[int]:
    """Return how many records a CSV body may be taken for: its rows, or one less for a header."""
    rows = rows_of(body)
    header = len(rows) > 1 and may_be_header(rows[0])
    return {len(rows), len(rows) - header}


def count(response: Response) -> int:
    """Return how many records an answer has; of JSON, the length of its longest list.

    Raises ``ValueError`` where the body is not of its type.
    """
    if response.content_type == CSV:
        return sum(bool(row) for row in csv.reader(io.StringIO(response.text, newline="")))
    if response.content_type != "application/json":
        return sum(bool(line.strip()) for line in response.body.splitlines())
    content = json.loads(response.body)
    lists = content.values() if isinstance(content, dict) else [content]
    return max((len(each) for each in lists if isinstance(each, list)), default=1)
