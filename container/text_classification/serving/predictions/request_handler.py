"""Handle one prediction request: negotiate formats, wait for admission, predict, respond."""

from pathlib import Path
from typing import IO, NamedTuple
from wsgiref.types import WSGIEnvironment

from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.invocation import Invocations
from text_classification.serving.predictions.limits.admission import Admission
from text_classification.serving.predictions.request_environment import (
    Body,
    request_deadline,
    request_format_of,
)
from text_classification.serving.predictions.requests.content_encoding import packing_of, unpacked
from text_classification.serving.predictions.requests.request_timing import RequestTiming


class PredictionResponse(NamedTuple):
    """The answer to a request for predictions, in a file if it is large, and what it took."""

    content: bytes | IO[bytes]
    media_type: str
    timing: RequestTiming


class RequestHandler:
    """Answers requests as the settings say, when ``admission`` lets them.

    responses: the folder for large responses that nginx sends; None where there is no nginx.
    """

    def __init__(self, settings: Settings, admission: Admission, responses: Path | None) -> None:
        self._negotiation = Negotiation(
            settings.default_accept,
            batch=settings.batch,
            quoted_line_breaks=settings.quoted_line_breaks,
        )
        self._invocations = Invocations(settings, responses)
        self._admission = admission
        self._seconds = settings.request_seconds
        self._limit = settings.body_limit_mb << 20

    def __call__(
        self, classifier: Classifier, environ: WSGIEnvironment, body: Body
    ) -> PredictionResponse:
        """Return the response to the request with these headers. Raises ``RequestError``."""
        request_format = request_format_of(environ, self._negotiation)
        timing = RequestTiming(request_deadline(environ, self._seconds))
        encoding = packing_of(environ.get("HTTP_CONTENT_ENCODING", ""))
        length = None if encoding else body.length  # the unpacked size is unknown
        with self._admission.turn(length, timing.deadline), timing:
            stream = unpacked(body.stream, encoding, self._limit) if encoding else body.stream
            content = self._invocations.respond(stream, length, request_format, classifier, timing)
        return PredictionResponse(content, request_format.response_name, timing)
