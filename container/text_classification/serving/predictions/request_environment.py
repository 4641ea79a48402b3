"""Read a request for predictions from its WSGI environment: headers, body and deadline."""

import io
from typing import IO, BinaryIO, NamedTuple, cast
from wsgiref.types import WSGIEnvironment

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream, get_content_length, get_input_stream

from text_classification.serving.predictions.format.negotiation import (
    ATTRIBUTES_HEADER,
    Negotiation,
    RequestFormat,
    are_attributes,
)
from text_classification.serving.predictions.limits.deadline import Deadline

# A body of so many bytes is read at once.
SMALL_BYTES = 1 << 16
# Bytes of a body read at a time where they are not wanted.
PIECE = 1 << 16
_ATTRIBUTES = "HTTP_" + ATTRIBUTES_HEADER.upper().replace("-", "_")


class Body(NamedTuple):
    """The body of a request, of which nothing has been interpreted yet.

    length: its bytes, None where nobody knows.
    """

    stream: BinaryIO
    length: int | None


class _Bounded(LimitedStream):
    """Reads a body that has no length, and raises Werkzeug's 413 beyond a limit of bytes."""

    readall = io.RawIOBase.readall

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        super().__init__(stream, limit + 1, is_max=True)

    def readinto(self, buffer: bytearray) -> int | None:  # type: ignore[override]
        """Read some bytes."""
        count = super().readinto(buffer)
        if self.is_exhausted:
            raise RequestEntityTooLarge
        return count


def request_format_of(environ: WSGIEnvironment, negotiation: Negotiation) -> RequestFormat:
    """Return the formats and options that the headers of a request set."""
    return negotiation.request_format(
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


def request_id(environ: WSGIEnvironment) -> str:
    """Return the identifier that nginx gave the request, or took from its caller."""
    return str(environ.get("HTTP_X_REQUEST_ID", ""))


def request_body(environ: WSGIEnvironment, limit: int | None) -> Body:
    """Return the body.

    limit: the most bytes of it. Raises Werkzeug's 413 for more, here or, where there is no length,
    as it is read; and its 400 for a client that is gone before the end.
    """
    length = get_content_length(environ)
    if length is None:
        stream = get_input_stream(environ)
        return Body(_buffered(stream if limit is None else _Bounded(stream, limit)), None)
    if limit is not None and length > limit:
        raise RequestEntityTooLarge
    if length > SMALL_BYTES:
        return Body(_buffered(LimitedStream(environ["wsgi.input"], length)), length)
    content = environ["wsgi.input"].read(length)
    if len(content) != length:
        raise ClientDisconnected
    return Body(io.BytesIO(content), length)


def read_to_end(environ: WSGIEnvironment) -> None:
    """Read what is left of a body, before an error is answered.

    A connection that is closed with something unread is reset, and nginx would lose the response.
    """
    stream = environ["wsgi.input"]
    while stream.read(PIECE):
        pass


def attributes_given(environ: WSGIEnvironment) -> list[tuple[str, str]]:
    """Return the header that gives a caller's custom attributes back, if there are any.

    The platform would not take what it does not allow in a request either.
    """
    attributes = environ.get(_ATTRIBUTES)
    return [(ATTRIBUTES_HEADER, attributes)] if attributes and are_attributes(attributes) else []


def _buffered(stream: object) -> BinaryIO:
    return io.BufferedReader(cast("io.RawIOBase", stream))
