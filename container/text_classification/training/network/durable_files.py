"""Files that a container which starts again can rely on: whole, on the disk, or not there."""

import os
from pathlib import Path

# A name that SageMaker's uploader passes over: the file is not whole yet.
INCOMPLETE = ".sagemaker-ignore"


def write_durably(path: Path, content: bytes) -> None:
    """Write a file under another name, sync it and give it its name; sync the folder too.

    Without that, a machine that dies may leave the name and not the content.
    Raises ``OSError``, with nothing of the file left behind and an earlier one as it was.
    """
    incomplete = path.with_name(path.name + INCOMPLETE)
    try:
        incomplete.write_bytes(content)
        put_in_place(incomplete, path)
    except OSError:
        incomplete.unlink(missing_ok=True)
        raise


def put_in_place(incomplete: Path, path: Path) -> None:
    """Sync a file that is whole, rename it to ``path`` and sync the folder."""
    sync(incomplete)
    incomplete.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
