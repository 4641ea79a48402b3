"""A file that changes while it is read is told: what was read is neither the old nor the new."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from text_classification.errors import Code, DataError


@contextmanager
def unchanged(path: Path, where: str) -> Iterator[None]:
    """Raise ``DataError`` after the block where the file at ``path`` is not as it was before.

    What was wrong in it is not told then, but that it changed. where: how messages name the file.
    """
    before = _state(path)
    try:
        yield
    except GeneratorExit:
        raise
    except Exception:
        _check(path, before, where)
        raise
    _check(path, before, where)


def _check(path: Path, before: tuple[int, int, int] | None, where: str) -> None:
    if _state(path) != before:
        raise DataError(
            Code.FILE_UNREADABLE,
            "the file has changed while it was read",
            where=where,
            remedy="Write files elsewhere and move them here when they are whole.",
        )


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None  # gone, or not to be reached: reading it tells which
    return found.st_ino, found.st_size, found.st_mtime_ns
