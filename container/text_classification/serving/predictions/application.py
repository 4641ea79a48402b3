"""The WSGI application: it answers all requests for predictions, and passes all others on.

For a document alone Flask takes longer than the model, so it has the other routes only. Every
response passes here: custom attributes are given back, and bodies are read to their end before an
error, in one place.
"""

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import wrap_file

from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions.error_response import error_response, status_line
from text_classification.serving.predictions.request_environment import (
    attributes_given,
    read_to_end,
    request_body,
    request_id,
)
from text_classification.serving.predictions.request_handler import (
    PredictionResponse,
    RequestHandler,
)

# Where the time went; nginx takes it for its log.
TIMING_HEADER = "Server-Timing"
# Returns what finds the classifier of a method and a path; None where it is no prediction.
Route = Callable[[str, str], Callable[[], Classifier] | None]
Headers = list[tuple[str, str]]


class PredictionApplication:
    """Answers requests for predictions.

    route: tells them from others, which ``control`` answers; limit: the most bytes of a body;
    responses: the folder that nginx sends large responses from, where there is nginx.
    """

    def __init__(
        self,
        handler: RequestHandler,
        route: Route,
        control: WSGIApplication,
        *,
        limit: int | None,
        responses: Path | None,
    ) -> None:
        self._handler = handler
        self._route = route
        self._control = control
        self._limit = limit
        self._responses = responses

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as WSGI has it."""
        try:
            find = self._route(environ["REQUEST_METHOD"], environ["PATH_INFO"])
            if find is None:
                return self._control(environ, partial(_start, environ, start_response))
            response = self._handler(find(), environ, request_body(environ, self._limit))
            headers, content = self._sent(environ, response)
        except Exception as error:  # noqa: BLE001 - each has its response
            status, headers, body = error_response(error, request_id=request_id(environ))
            _start(environ, start_response, status_line(status), headers)
            return [body]
        _start(environ, start_response, "200 OK", headers)
        return content

    def _sent(
        self, environ: WSGIEnvironment, response: PredictionResponse
    ) -> tuple[Headers, Iterable[bytes]]:
        """Return the headers of a response, and what the worker sends of it itself."""
        content = response.content
        headers = [
            ("Content-Type", f"{response.media_type}; charset=utf-8"),
            (TIMING_HEADER, str(response.timing)),
        ]
        if isinstance(content, bytes):
            return [*headers, ("Content-Length", str(len(content)))], [content]
        if self._responses is None:
            length = ("Content-Length", str(_size(content)))
            return [*headers, length], wrap_file(environ, content)
        with content:
            place = f"/responses/{Path(content.name).name}"
        return [*headers, ("X-Accel-Redirect", place), ("Content-Length", "0")], []


def _start(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: str,
    headers: Headers,
    exc_info: Any = None,
) -> Any:
    """Begin a response, whatever it is of."""
    if status >= "400":
        read_to_end(environ)
    return start_response(status, headers + attributes_given(environ), exc_info)


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size
