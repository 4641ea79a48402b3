"""The failure file: why a job failed, cause first."""

import contextlib
import errno
import logging
import traceback

from text_classification.contract.paths import Paths
from text_classification.errors import Code, ResourceError, TextClassificationError

# The service shows the first 1024 characters. Bytes are counted here, so that the cause fits
# however a reader counts, and no character is cut in half.
REASON_BYTES = 1024
DISK_FULL_NUMBERS = frozenset({errno.ENOSPC, errno.EDQUOT})

log = logging.getLogger(__name__)


def warn_of(what: str, error: BaseException) -> None:
    """Log what is left out of a job and why; a fault of the image with its traceback."""
    explained = explain(error)
    log.warning("%s: %s", what, explained, exc_info=explained.code is Code.INTERNAL)


def explain(error: BaseException) -> TextClassificationError:
    """Return ``error`` as one of the family: disk, access and memory by name, the rest internal."""
    if isinstance(error, TextClassificationError):
        return error
    if isinstance(error, OSError) and error.errno in DISK_FULL_NUMBERS:
        return ResourceError(
            Code.DISK_FULL,
            "the disk is full",
            where=str(error.filename or ""),
            remedy="Give the job a larger volume (VolumeSizeInGB).",
        )
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ResourceError(
            Code.FOLDER_UNWRITABLE if error.errno == errno.EROFS else Code.ACCESS_DENIED,
            str(error.strerror).lower(),
            where=str(error.filename or ""),
            remedy="Mount it so that the container's user may read and write it.",
        )
    if isinstance(error, MemoryError):
        return ResourceError(
            Code.OUT_OF_MEMORY,
            "the machine has too little memory",
            remedy="Use a larger instance, a smaller batch_size, max_tokens or sequence_length.",
        )
    return TextClassificationError(
        Code.INTERNAL,
        f"{type(error).__name__}: {error}",
        remedy="This is a fault of the image: please report it with the log.",
    )


def reason(error: TextClassificationError) -> str:
    """Return the cause, at most 1024 bytes of UTF-8, cut between characters."""
    return str(error).encode("utf-8", "replace")[:REASON_BYTES].decode("utf-8", "ignore")


def write_failure(paths: Paths, error: BaseException) -> None:
    """Write the failure file: the cause, then the traceback for whoever looks closer.

    A failure file that cannot be written (the disk is full, say) must not hide the cause, which
    the caller has logged: it is left out.
    """
    details = "".join(traceback.format_exception(error))
    with contextlib.suppress(OSError):
        paths.failure.parent.mkdir(parents=True, exist_ok=True)
        text = f"{reason(explain(error))}\n\n{details}"
        paths.failure.write_text(text, encoding="utf-8", errors="replace")
