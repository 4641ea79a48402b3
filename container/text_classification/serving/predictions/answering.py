"""Answer one request for predictions: its terms, its turn, its records, its answer."""

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
    request_terms,
)
from text_classification.serving.predictions.requests.content_encoding import unpacked
from text_classification.serving.predictions.requests.request_timing import RequestTiming


class Answer(NamedTuple):
    """The answer to a request for predictions, in a file if it is large, and what it took."""

    content: bytes | IO[bytes]
    media_type: str
    timing: RequestTiming


class Answering:
    """Answers requests as the settings say, when ``admission`` lets them.

    answers: the folder for large answers that nginx sends; None where there is no nginx.
    """

    def __init__(self, settings: Settings, admission: Admission, answers: Path | None) -> None:
        self._negotiation = Negotiation(
            settings.default_accept,
            batch=settings.batch,
            quoted_line_breaks=settings.quoted_line_breaks,
        )
        self._invocations = Invocations(settings, answers)
        self._admission = admission
        self._seconds = settings.request_seconds
        self._limit = settings.body_limit_mb << 20

    def __call__(self, classifier: Classifier, environ: WSGIEnvironment, body: Body) -> Answer:
        """Return the answer to the request with these headers. Raises ``RequestError``."""
        terms = request_terms(environ, self._negotiation)
        timing = RequestTiming(request_deadline(environ, self._seconds))
        encoding = environ.get("HTTP_CONTENT_ENCODING")
        length = None if encoding else body.length  # nobody knows what comes of a packed one
        with self._admission.turn(length, timing.deadline), timing:
            stream = unpacked(body.stream, encoding, self._limit) if encoding else body.stream
            content = self._invocations.answer(stream, length, terms, classifier, timing)
        return Answer(content, terms.answer_name, timing)
