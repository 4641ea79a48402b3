"""A classifier as a file that any number of processes map: its arrays are in memory once.

::

    a line of JSON    the model's name and url, and the size of each part that follows
    the classifier    pickled without its arrays (PEP 574)
    the arrays        each beginning at a cache line

Only the server writes such a file, in a folder that is private to it, from an artifact that has
been checked; artifacts themselves hold no pickle.
"""

import json
import mmap
import os
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from text_classification.inference.classifier import Classifier

_CACHE_LINE = 64
_PROTOCOL = 5  # the first that leaves arrays out


@dataclass(frozen=True)
class Description:
    """What a model is called, and where it was loaded from."""

    name: str
    url: str


class Identity(NamedTuple):
    """What tells a file from another that has taken its place.

    The inode of a file that is mapped is not given to another one.
    """

    inode: int
    written: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Identity":
        """Return the identity of the file with such a status."""
        return cls(status.st_ino, status.st_mtime_ns)


def write_shared(classifier: Classifier, description: Description, path: Path) -> None:
    """Write a classifier into a file. Raises ``OSError`` when the disk is full."""
    arrays: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(classifier, _PROTOCOL, buffer_callback=arrays.append)
    parts = [memoryview(pickled), *(array.raw() for array in arrays)]
    header = {
        "name": description.name,
        "url": description.url,
        "sizes": [part.nbytes for part in parts],
    }
    with path.open("wb") as file:
        file.write(json.dumps(header).encode("ascii") + b"\n")
        for part in parts:
            file.write(bytes(_gap(file.tell())))
            file.write(part)


def read_description(path: Path) -> Description:
    """Return what a file says of its model. Raises ``FileNotFoundError``."""
    with path.open("rb") as file:
        header = _read_header(file)
    return Description(header["name"], header["url"])


def open_shared(path: Path) -> tuple[Classifier, Identity]:
    """Map a file and return its classifier, which keeps the file in memory while it lives.

    Raises ``FileNotFoundError``, and ``OSError`` or ``MemoryError`` where it cannot be mapped.
    """
    with path.open("rb") as file:
        sizes = _read_header(file)["sizes"]
        place = file.tell()
        memory = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        identity = Identity.of(os.fstat(file.fileno()))
    parts = []
    for size in sizes:
        place += _gap(place)
        parts.append(memory[place : place + size])
        place += size
    pickled, *arrays = parts
    classifier: Classifier = pickle.loads(pickled, buffers=arrays)  # noqa: S301 - our own
    return classifier, identity


def _read_header(file: BinaryIO) -> Any:
    return json.loads(file.readline())


def _gap(place: int) -> int:
    """Return the bytes from a place to the next cache line."""
    return -place % _CACHE_LINE
