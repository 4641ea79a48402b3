"""Small requests for predictions, answered without Flask, which takes longer than the model.

Only good answers are given here. Flask is told of whatever else comes of a request: what errors
look like is known in one place.
"""

import io
from collections.abc import Callable, Iterable
from typing import BinaryIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from text_classification.serving.predictions.handover import AT_ONCE
from text_classification.serving.predictions.transport import (
    TIMING_HEADER,
    Answered,
    attributes_given,
    content_type_of,
    response,
)

# Where the application finds the error that has come of a request already.
PROBLEM_KEY = "text_classification.problem"
# Bytes of a body that are read at once.
SMALL_BYTES = 1 << 16

# It comes of the headers, the body and its length.
Answer = Callable[[WSGIEnvironment, Callable[[], BinaryIO], int | None], Answered]


class ShortWay:
    """Answers small requests for predictions, and leaves all others to an application."""

    def __init__(self, application: WSGIApplication, answer: Answer) -> None:
        self._application = application
        self._answer = answer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        length = _small_length(environ)
        if length is None:
            return self._application(environ, start_response)
        body = io.BytesIO(environ["wsgi.input"].read(length))
        if len(body.getbuffer()) != length:
            environ["wsgi.input"] = body
            return self._application(environ, start_response)
        try:
            answered = self._answer(environ, lambda: body, length)
        except Exception as error:  # noqa: BLE001 - the application tells or logs it
            environ[PROBLEM_KEY] = error
            return self._application(environ, start_response)
        answer, given = answered.answer, attributes_given(environ)
        if isinstance(answer, bytes) and len(answer) <= AT_ONCE:
            headers = [
                ("Content-Type", content_type_of(answered.media_type)),
                ("Content-Length", str(len(answer))),
                (TIMING_HEADER, str(answered.measures)),
            ]
            start_response("200 OK", headers + given)
            return [answer]
        large = response(environ, answered)
        large.headers.extend(given)
        return large(environ, start_response)


def _small_length(environ: WSGIEnvironment) -> int | None:
    """Return the length of the body of a small request for predictions; None for any other."""
    if environ["PATH_INFO"] != "/invocations" or environ["REQUEST_METHOD"] != "POST":
        return None
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or len(length) > len(str(SMALL_BYTES)):
        return None
    return int(length) if int(length) <= SMALL_BYTES else None
