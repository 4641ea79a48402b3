"""Make the response of an error: one status, one JSON body, whatever has failed."""

import errno
import json
import logging
from http import HTTPStatus
from typing import NamedTuple

from werkzeug.exceptions import HTTPException, MethodNotAllowed

from text_classification.contract.failure import DISK_FULL_NUMBERS
from text_classification.errors import Code, OverloadedError, RequestError, TextClassificationError
from text_classification.serving.predictions.limits.full_disk import disk_full

_CODES = {
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
}
_UNWRITABLE = DISK_FULL_NUMBERS | {errno.EROFS}

log = logging.getLogger(__name__)


class ErrorResponse(NamedTuple):
    """What is sent of an error."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def error_response(error: Exception, *, request_id: str = "", routes: str = "") -> ErrorResponse:
    """Return the response of an error of any kind.

    request_id: what the log calls the request. routes: those that there are, for whoever asks for
    another one. An error that nothing is known of is a fault of ours: the log has its traceback,
    the caller has none of it.
    """
    known = _known(error, routes)
    if known is None:
        log.error("the request %s failed", request_id, exc_info=error)
        known = RequestError(500, Code.INTERNAL, "the request failed")
    body = json.dumps(known.body()).encode("ascii") + b"\n"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if isinstance(known, OverloadedError):
        headers.append(("Retry-After", str(known.retry_after)))
    if isinstance(error, HTTPException):
        headers += [(name, value) for name, value in error.get_headers() if name == "Allow"]
    status = known.status if isinstance(known, RequestError) else 500
    return ErrorResponse(status, headers, body)


def status_line(status: int) -> str:
    """Return a status as WSGI has it."""
    return f"{status} {HTTPStatus(status).phrase}"


def _known(error: Exception, routes: str) -> TextClassificationError | None:
    """Return an error as one of the family; None for one that nothing is known of."""
    if isinstance(error, TextClassificationError):
        return error
    if isinstance(error, HTTPException):
        status = error.code or 500
        code = _CODES.get(status, Code.BODY_INVALID if status < 500 else Code.INTERNAL)  # noqa: PLR2004
        remedy = routes or _allowed_methods(error)
        return RequestError(status, code, (error.name or "error").lower(), remedy=remedy)
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        return disk_full()
    if isinstance(error, MemoryError):
        return RequestError(
            HTTPStatus.INSUFFICIENT_STORAGE,
            Code.OUT_OF_MEMORY,
            "the server has too little memory for the request",
            remedy="Send fewer or shorter documents a request, or use a larger instance.",
        )
    return None


def _allowed_methods(error: HTTPException) -> str:
    """Return what to do about a wrong method; nothing for other errors."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return f"Send it by {' or '.join(error.valid_methods)}."
    return ""
