"""A file that changes while it is read is told: what was read is neither the old nor the new."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from text_classification.errors import Code, DataError

# A file's number, size and time of change.
State = tuple[int, int, int]


@contextmanager
def unchanged(path: Path, where: str, before: State | None = None) -> Iterator[None]:
    """Raise ``DataError`` after the block where the file at ``path`` is not as it was before.

    What was wrong in it is not told then, but that it changed. where: how messages name the file;
    before: its state where reading began before the block.
    """
    before = before or file_state(path)
    try:
        yield
    except GeneratorExit:
        raise
    except Exception:
        _check(path, before, where)
        raise
    _check(path, before, where)


def _check(path: Path, before: State | None, where: str) -> None:
    if file_state(path) != before:
        raise DataError(
            Code.FILE_UNREADABLE,
            "the file has changed while it was read",
            where=where,
            remedy="Write files elsewhere and move them here when they are whole.",
        )


def file_state(path: Path) -> State | None:
    """Return what changes with a file; None for one that is gone."""
    try:
        found = path.stat()
    except OSError:
        return None  # gone, or not to be reached: reading it tells which
    return found.st_ino, found.st_size, found.st_mtime_ns
