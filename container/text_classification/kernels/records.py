"""The kernel of records.c: the records of a delimited text, without a Python object a field."""

import ctypes
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Bools, Indices
from text_classification.kernels.library import address, library

# As in records.c.
MARKS = {"none": 0, "standard": 1, "loose": 2}


class _Records(ctypes.Structure):
    """``Records`` of records.c."""

    _fields_ = (
        ("content", ctypes.c_char_p),
        *(
            (name, ctypes.c_int64)
            for name in ("bytes", "delimiter", "marks", "width", "label", "text")
        ),
        *((name, ctypes.c_void_p) for name in ("texts", "ends", "labels", "ascii")),
        *((name, ctypes.c_int64) for name in ("documents", "lines")),
    )


@dataclass(frozen=True)
class SplitRecords:
    """The texts of some records, one behind the other, and where their labels stand.

    texts: uint8; ends: int64 [documents]; labels: int64 [documents, 2], where each begins and ends
    in the content; ascii: whether a text is ASCII; lines: of the content.
    """

    texts: npt.NDArray[np.uint8]
    ends: Indices
    labels: Indices
    ascii: Bools
    lines: int


def split_records(  # noqa: PLR0913 - options by name
    content: bytes, *, delimiter: str, quoting: str, width: int, label: int, text: int
) -> SplitRecords | None:
    """Return the records of a text, blank lines left out; None where one is not plain.

    None too where nothing is compiled: the readers of corpus/readers read all. width: the fields of
    a record; label, text: the places of those that are taken; quoting: of ``MARKS``.
    """
    compiled = library()
    if compiled is None:
        return None
    if not (0 <= label < width and 0 <= text < width and label != text):
        raise ValueError("the label and the text are two of the fields")
    # A record takes a line at least, the last one without a break.
    room = content.count(b"\n") + 1
    texts, ends = np.empty(len(content), np.uint8), np.empty(room, np.int64)
    labels, is_ascii = np.empty((room, 2), np.int64), np.empty(room, np.bool_)
    records = _Records(
        content,
        len(content),
        ord(delimiter),
        MARKS[quoting],
        width,
        label,
        text,
        *(address(each) for each in (texts, ends, labels, is_ascii)),
    )
    if not compiled.split_records(ctypes.addressof(records)):
        return None
    count = records.documents
    used = int(ends[count - 1]) if count else 0
    return SplitRecords(texts[:used], ends[:count], labels[:count], is_ascii[:count], records.lines)
