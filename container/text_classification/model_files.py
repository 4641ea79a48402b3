"""The files of a model folder, read with care: they may come from anyone.

What is too large to be what it says is refused before it is read, by ``ValueError``.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from text_classification.contract.strict_json import parse_strictly
from text_classification.errors import Code, ResourceError
from text_classification.kernels.arrays import State
from text_classification.machine.memory import memory_limit

# Parsed, JSON takes some twenty times its size; this much has room for the longest lists of labels.
MOST_JSON_BYTES = 1 << 24
# A model has some hundreds of arrays at most, each told in about a hundred bytes.
MOST_HEADER_BYTES = 1 << 20
_LENGTH_BYTES = 8


def is_inside(path: Path) -> bool:
    """Tell whether a path leads to a file of its own folder; a link may lead anywhere."""
    return path.resolve().is_relative_to(path.parent.resolve())


def check_room(paths: list[Path]) -> None:
    """Raise ``ResourceError`` where files, which are held in memory, are larger than it."""
    check_memory(sum(path.stat().st_size for path in paths))


def check_memory(size: int) -> None:
    """Raise ``ResourceError`` where so many bytes of a model are more than the memory."""
    room = memory_limit()
    if size > room:
        raise ResourceError(
            Code.OUT_OF_MEMORY,
            f"the model has {size >> 20} MiB and the container {room >> 20} MiB of memory",
            remedy="Use a larger instance.",
        )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path) -> Any:
    """Return the value in a file."""
    if path.stat().st_size > MOST_JSON_BYTES:
        raise ValueError(f"{path.name} is larger than {MOST_JSON_BYTES >> 20} MiB")
    with _told_of(path):
        return parse_strictly(path.read_bytes())


def read_object(path: Path, *names: str) -> dict[str, Any]:
    """Return the object in a file, which has these names at least."""
    value = read_json(path)
    if type(value) is not dict:
        raise ValueError(f"{path.name} is not an object")
    if missing := [name for name in names if name not in value]:
        raise ValueError(f"{path.name} lacks {', '.join(missing)}")
    return value


def read_arrays(path: Path) -> State:
    """Return the arrays in a file by name."""
    with path.open("rb") as file:
        header = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    if header > MOST_HEADER_BYTES:
        raise ValueError(f"{path.name} has a header of more than {MOST_HEADER_BYTES >> 20} MiB")
    with _told_of(path), safe_open(path, framework="numpy") as found:
        return {name: found.get_tensor(name) for name in found.offset_keys()}


def read_lines(path: Path, count: int) -> bytes:
    """Return the content of a file that has so many lines; an index takes many times their room."""
    lines = path.read_bytes()
    if lines.count(b"\n") != count:
        raise ValueError(f"{path.name} does not have {count} lines")
    return lines


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Let errors name a file of which they say what is wrong."""
    try:
        yield
    except (ValueError, RecursionError, SafetensorError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None
