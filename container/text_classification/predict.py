"""The Flask application: routes, nothing else."""

import logging
from threading import BoundedSemaphore

from flask import Flask, Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException

from text_classification.contract.settings import Settings, read_settings
from text_classification.errors import Code, RequestError, TextClassificationError
from text_classification.inference.classifier import Classifier
from text_classification.serving.answer import ENCODERS, predictions
from text_classification.serving.body import documents
from text_classification.serving.loaded_model import LoadedModel

COMPUTED_AT_A_TIME = 4

log = logging.getLogger(__name__)

_CODES = {
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
}
_REMEDY = "There are GET /ping and POST /invocations."


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application with its model loaded; a model that fails to load turns it 503."""
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_mb << 20
    model = LoadedModel(settings.paths.model, settings.tables_mb)
    # A worker computes few requests at a time and lets the others wait; /ping never waits.
    computing = BoundedSemaphore(COMPUTED_AT_A_TIME)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        _ = model.classifier
        return {"status": "ready"}

    @app.post("/invocations")
    def invocations() -> Response:
        classifier = model.classifier
        media_type = _accepted()
        body = request.get_data()
        with computing:
            texts = documents(body, request.mimetype, request.mimetype_params)
            floor = _floor(settings, classifier)
            answers = predictions(classifier.classify(texts), classifier.labels, floor)
        return Response(ENCODERS[media_type](answers), content_type=f"{media_type}; charset=utf-8")

    app.register_error_handler(TextClassificationError, _answer_error)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_fault)
    return app


def _floor(settings: Settings, classifier: Classifier) -> float | None:
    """Return the score from which an answer is sure: the setting's, else the model's own."""
    if settings.confidence_floor is None:
        return classifier.confidence_floor
    return settings.confidence_floor or None


def _accepted() -> str:
    """Return the media type of the answer. Raises ``RequestError`` 406 when none is accepted."""
    if not request.accept_mimetypes:
        return next(iter(ENCODERS))
    # Werkzeug matches parameters too, but "; charset=utf-8" asks for nothing that is not given.
    accepted = MIMEAccept(
        [(value.partition(";")[0], quality) for value, quality in request.accept_mimetypes]
    )
    best = accepted.best_match(ENCODERS)
    if best is None:
        raise RequestError(
            406,
            Code.NOT_ACCEPTABLE,
            "none of the accepted media types is written here",
            remedy=f"Accept one of {', '.join(ENCODERS)}.",
        )
    return best


def _answer_error(error: TextClassificationError) -> tuple[dict[str, object], int]:
    return error.body(), error.status if isinstance(error, RequestError) else 500


def _answer_http_exception(
    error: HTTPException,
) -> tuple[dict[str, object], int, list[tuple[str, str]]]:
    status = error.code or 500
    code = _CODES.get(status, Code.BODY_INVALID if status < 500 else Code.INTERNAL)  # noqa: PLR2004
    answer = RequestError(status, code, (error.name or "error").lower(), remedy=_REMEDY)
    allowed = [(name, value) for name, value in error.get_headers() if name == "Allow"]
    return answer.body(), status, allowed


def _answer_fault(error: Exception) -> tuple[dict[str, object], int]:
    """Answer a fault of ours: the log has the traceback, the caller gets none of it."""
    log.error("a request failed", exc_info=error)
    return TextClassificationError(Code.INTERNAL, "the request failed").body(), 500
