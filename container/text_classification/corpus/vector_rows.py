"""The rows of a file of word vectors, one at a time: files may be larger than the memory.

Both readers yield the vectors of wanted tokens, float32 [size], and raise ``BadRow`` that names the
row for one that is not as it should be; the numbers of other tokens are not looked at.
"""

from collections.abc import Container, Iterator
from functools import partial
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from text_classification.corpus.readers.row import BadRow
from text_classification.corpus.readers.source import BOM
from text_classification.kernels.arrays import Floats

TokenVector = tuple[bytes, Floats]

LONGEST_LINE = 1 << 20
LONGEST_TOKEN = 1 << 16
CHUNK_BYTES = 1 << 20


def text_vectors(
    file: BinaryIO, size: int, count: int, wanted: Container[bytes]
) -> Iterator[TokenVector]:
    """Read a token and ``size`` numbers a line, with spaces between them.

    count: the rows that a header told, behind which the file stands; 0 without one. Tokens that
    hold spaces, as some files have, are passed over: none of ours does.
    """
    first = 2 if count else 1
    number = first - 1
    for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), first):
        row = line.rstrip()  # word2vec leaves a space before the break
        if number == 1:
            row = row.removeprefix(BOM)
        spaces = row.count(b" ")
        if spaces < size and row:
            raise BadRow(f"line {number} has {spaces} numbers, not {size}")
        token, _, numbers = row.partition(b" ")
        if spaces == size and token in wanted:
            yield token, text_vector(numbers, number)
    if number - first + 1 < count:
        raise BadRow(f"the file ends after line {number}, {count} rows were to come")


def text_vector(numbers: bytes, line: int) -> Floats:
    """Return the numbers of a line: float32 [size]."""
    try:
        values = np.array([float(number) for number in numbers.split(b" ")])
    except ValueError:
        raise BadRow(f"line {line} holds what is no number") from None
    return _finite(values, f"line {line}")


def binary_vectors(
    file: BinaryIO, size: int, count: int, wanted: Container[bytes]
) -> Iterator[TokenVector]:
    """Read ``count`` times a token, a space and ``size`` float32, the lowest byte first."""
    buffer, at = b"", 0
    for number in range(1, count + 1):
        end = buffer.find(b" ", at)
        while end < 0 or len(buffer) < end + 1 + 4 * size:
            if end < 0 and len(buffer) - at > LONGEST_TOKEN:
                raise BadRow(f"row {number} has no token")
            more = file.read(CHUNK_BYTES)
            if not more:
                raise BadRow(f"the file ends in row {number} of {count}")
            buffer, at = buffer[at:] + more, 0
            end = buffer.find(b" ")
        token = buffer[at:end].lstrip(b"\n")  # some writers end each row with a line break
        at = end + 1 + 4 * size
        if token in wanted:
            yield token, _finite(np.frombuffer(buffer, "<f4", size, end + 1), f"row {number}")


def _finite(values: npt.NDArray[np.floating], where: str) -> Floats:
    if not (np.abs(values) <= np.finfo(np.float32).max).all():
        raise BadRow(f"{where} holds a number that is not finite")
    return values.astype(np.float32)
