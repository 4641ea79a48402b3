"""Find out whether a folder takes files: it may be full, read-only or over its quota."""

import os
import tempfile
from pathlib import Path


def check_writable(folder: Path, size: int, *, synced: bool = False) -> None:
    """Write a file of so many bytes into a folder, and remove it. Raises ``OSError``.

    synced: down to the disk, which takes longer: some file systems, as those over a network, tell
    only then that they are full.
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        os.posix_fallocate(file.fileno(), 0, size)
        if synced:
            os.fsync(file.fileno())
