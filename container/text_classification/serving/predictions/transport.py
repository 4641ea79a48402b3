"""What Flask hands over of a request for predictions, and takes back."""

import io
import os
from http import HTTPStatus
from typing import IO, BinaryIO, NamedTuple, cast
from wsgiref.types import WSGIEnvironment

from flask import Response, request
from werkzeug.wsgi import LimitedStream, wrap_file

from text_classification.serving.predictions.format.negotiation import (
    ATTRIBUTES_HEADER,
    Negotiation,
    Terms,
    are_attributes,
)
from text_classification.serving.predictions.handover import AT_ONCE, FOLDER_KEY, hand_over
from text_classification.serving.predictions.limits.deadline import Deadline
from text_classification.serving.predictions.requests.request_timing import Measures

# Bytes of a body read at a time where they are not wanted.
PIECE = 1 << 16
# Where the time went; nginx takes it for its log.
TIMING_HEADER = "Server-Timing"
_ATTRIBUTES = "HTTP_" + ATTRIBUTES_HEADER.upper().replace("-", "_")


class Answered(NamedTuple):
    """The answer to a request for predictions, in a file if it is large, and what it took."""

    answer: bytes | IO[bytes]
    media_type: str
    measures: Measures


def request_terms(environ: WSGIEnvironment, negotiation: Negotiation) -> Terms:
    """Return the terms that the headers of a request set."""
    return negotiation.terms(
        environ.get("CONTENT_TYPE", ""),
        environ.get("HTTP_ACCEPT", ""),
        environ.get(_ATTRIBUTES, ""),
    )


def request_deadline(environ: WSGIEnvironment, seconds: int) -> Deadline:
    """Return the deadline of a request, whose time began when nginx passed it on.

    It may have waited for a worker since, or have been with one that was lost.
    """
    try:
        began = float(environ.get("HTTP_X_RECEIVED", ""))
    except ValueError:  # there is no nginx in front
        return Deadline.after(seconds)
    return Deadline.after(seconds, began=began)


def request_name() -> str:
    """Return the identifier that nginx gave the request, or took from its caller."""
    return request.headers.get("X-Request-Id", "")


def request_body() -> BinaryIO:
    """Return the body, of which nothing has been read yet.

    Raises Werkzeug's 413 for one that is too large, here or, for one without a length, as it is
    read.
    """
    stream = cast("io.RawIOBase", request.stream)
    if request.content_length is not None:
        # Werkzeug's own would raise at the end of a body of the very size that is allowed.
        stream = LimitedStream(request.environ["wsgi.input"], request.content_length)
    return io.BufferedReader(stream)


def content_type_of(media_type: str) -> str:
    """Return the content type of an answer."""
    return f"{media_type}; charset=utf-8"


def response(environ: WSGIEnvironment, answered: Answered) -> Response:
    """Return an answer as a response, which closes it.

    nginx sends a large one itself; without nginx the kernel sends a file. The measures are for the
    caller, and for nginx's log.
    """
    answer, media_type, measures = answered
    content_type = content_type_of(media_type)
    folder = environ.get(FOLDER_KEY)
    if folder and not (isinstance(answer, bytes) and len(answer) <= AT_ONCE):
        place = {"X-Accel-Redirect": f"/answers/{hand_over(answer, folder)}"}
        found = Response(content_type=content_type, headers=place)
    elif isinstance(answer, bytes):
        found = Response(answer, content_type=content_type)
    else:
        found = _from_file(environ, answer, content_type)
    found.headers.add(TIMING_HEADER, str(measures))
    return found


def _from_file(environ: WSGIEnvironment, answer: IO[bytes], content_type: str) -> Response:
    size = answer.seek(0, os.SEEK_END)
    answer.seek(0)
    found = Response(wrap_file(environ, answer), content_type=content_type, direct_passthrough=True)
    found.content_length = size
    return found


def read_to_end(answered: Response) -> Response:
    """Read what is left of the body before an error is answered.

    A connection that is closed with something unread is reset, and nginx would lose the answer.
    """
    if answered.status_code >= HTTPStatus.BAD_REQUEST:
        stream = request.environ["wsgi.input"]
        while stream.read(PIECE):
            pass
    return answered


def give_attributes_back(answered: Response) -> Response:
    """Give a caller's custom attributes back with the answer, whatever it is."""
    answered.headers.extend(attributes_given(request.environ))
    return answered


def attributes_given(environ: WSGIEnvironment) -> list[tuple[str, str]]:
    """Return the header that gives a caller's custom attributes back, if there are any.

    The platform would not take what it does not allow in a request either.
    """
    attributes = environ.get(_ATTRIBUTES)
    return [(ATTRIBUTES_HEADER, attributes)] if attributes and are_attributes(attributes) else []
