"""The folders that a job writes to: tried before anything is trained, and named where they fail."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from text_classification.contract.failure import DISK_FULL_NUMBERS
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ResourceError
from text_classification.machine.disk import check_writable

# What a file system gives at once: less would fit where nothing else does.
PROBE_BYTES = 4096
SCRATCH_REMEDY = "Set TMPDIR to a folder that can be written, with 4 bytes for each token or more."


def check_job_folders(paths: Paths) -> None:
    """Raise ``ResourceError`` where the model or the job's output cannot be written.

    Removes the failure file that an earlier run of the job has left.
    """
    for folder in (paths.model, paths.output_data):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            check_writable(folder, PROBE_BYTES, synced=True)
        except OSError as error:
            raise _unwritable(folder, error, f"Mount {folder} writable, with room in it.") from None
    paths.failure.unlink(missing_ok=True)


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Give a folder within ``parent`` for as long as the block takes.

    Raises ``ResourceError`` where that cannot be written, at the start or when it is full.
    """
    with ExitStack() as stack:
        try:
            made = tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(made))
            check_writable(folder, PROBE_BYTES, synced=True)
        except OSError as error:
            raise _unwritable(parent, error, SCRATCH_REMEDY) from None
        try:
            with full_disk_named(folder):
                yield folder
        except OSError as error:
            if not Path(str(error.filename or "/")).is_relative_to(folder):
                raise
            raise _unwritable(parent, error, SCRATCH_REMEDY) from error


@contextmanager
def full_disk_named(folder: Path) -> Iterator[None]:
    """Let a full disk be told with the folder that is written to: a write itself names no file."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL_NUMBERS and not error.filename:
            error.filename = str(folder)
        raise


def _unwritable(folder: Path, error: OSError, remedy: str) -> ResourceError:
    full = error.errno in DISK_FULL_NUMBERS
    return ResourceError(
        Code.DISK_FULL if full else Code.FOLDER_UNWRITABLE,
        f"the folder {folder} cannot be written to: {error.strerror or error}",
        where=str(folder),
        remedy=remedy,
    )
