"""The folder of TMPDIR has no room for a request."""

from http import HTTPStatus

from text_classification.errors import Code, RequestError


def disk_full() -> RequestError:
    """Return the error of a request that needs room on a disk that has none."""
    return RequestError(
        HTTPStatus.INSUFFICIENT_STORAGE,
        Code.DISK_FULL,
        "the server cannot write temporary files: the folder of TMPDIR is full or read-only",
        remedy="Make room there, set TMPDIR to another folder, or send fewer documents a request.",
    )
