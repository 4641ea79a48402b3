"""The Flask application: routes, nothing else."""

import io
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from text_classification.contract.settings import Settings, read_settings
from text_classification.errors import (
    Code,
    OverloadedError,
    RequestError,
    TextClassificationError,
)
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.loaded_model import LoadedModel
from text_classification.serving.monitoring.health import Health
from text_classification.serving.predictions.fast_path import PROBLEM_KEY, ShortWay
from text_classification.serving.predictions.format.negotiation import Negotiation
from text_classification.serving.predictions.invocation import Invocations
from text_classification.serving.predictions.limits.admission import Admission
from text_classification.serving.predictions.requests.request_timing import Measures
from text_classification.serving.predictions.transport import (
    Answered,
    give_attributes_back,
    read_to_end,
    request_body,
    request_deadline,
    request_name,
    request_terms,
    response,
)
from text_classification.serving.routes.execution_parameters import execution_parameters

if TYPE_CHECKING:
    from text_classification.serving.monitoring.status_schemas import Ping, Status
    from text_classification.serving.routes.parameter_schemas import ExecutionParameters

log = logging.getLogger(__name__)

_CODES = {
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.BODY_TOO_LARGE,
}
_REMEDY = (
    "There are GET /ping, POST /invocations, GET /execution-parameters, GET /status and "
    "GET /openapi.json; those below /models are there with SAGEMAKER_MULTI_MODEL=true."
)
_MODELS_REMEDY = (
    "There are GET /ping, GET and POST /models, GET and DELETE /models/{model_name}, "
    "POST /models/{model_name}/invoke, GET /status and GET /openapi.json."
)


def create_app(
    settings: Settings | None = None, nginx: str = "", model: LoadedModel | None = None
) -> Flask:
    """Return the application, ready to load models, or with its one model.

    nginx: the unix socket where nginx, if it is there, tells how much it has to do. model: loaded
    here where none is given; one that failed to load turns the application 503.
    """
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None, template_folder="serving/page")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit_mb << 20 or None
    # /ping never waits for its turn.
    admission = Admission()
    answer = _answer(settings, admission)

    def predictions(classifier: Classifier) -> Response:
        environ, length = request.environ, request.content_length
        if PROBLEM_KEY in environ:
            # Taken out, since an error knows the frames, and so the body, that it came through.
            raise environ.pop(PROBLEM_KEY)
        return response(environ, answer(classifier, environ, request_body, length))

    health = Health(settings, admission, nginx)
    if settings.multi_model:
        # What those routes need is not imported where they are not there.
        from text_classification.serving.routes.model_routes import add_model_routes  # noqa: PLC0415

        add_model_routes(app, settings, predictions, health)
    else:
        loaded = model or LoadedModel(settings.paths.model, settings.tables_mb)
        _add_routes(app, settings, loaded, predictions, health)
        if settings.page:
            from text_classification.serving.page.form import add_form  # noqa: PLC0415

            add_form(
                app,
                lambda environ, body: answer(
                    loaded.classifier, environ, lambda: io.BytesIO(body), len(body)
                ),
            )
        short_way = ShortWay(app.wsgi_app, lambda *asked: answer(loaded.classifier, *asked))
        app.wsgi_app = short_way  # type: ignore[method-assign]

    @app.get("/openapi.json")
    def description() -> dict[str, Any]:
        # Few servers are asked for it, and all of them shall start quickly.
        from text_classification.serving.routes.openapi import openapi_document  # noqa: PLC0415

        return openapi_document(multi_model=settings.multi_model)

    app.after_request(give_attributes_back)
    app.after_request(read_to_end)
    app.register_error_handler(TextClassificationError, _answer_error)
    remedy = _MODELS_REMEDY if settings.multi_model else _REMEDY
    app.register_error_handler(HTTPException, partial(_answer_http_exception, remedy))
    app.register_error_handler(Exception, _answer_fault)
    return app


def _add_routes(
    app: Flask,
    settings: Settings,
    model: LoadedModel,
    predictions: Callable[[Classifier], Response],
    health: Health,
) -> None:
    """Let the application answer from the one model of the image."""

    @app.get("/ping")
    def ping() -> "Ping":
        _ = model.classifier
        return health.ping()

    @app.get("/status")
    def status() -> "Status":
        return health.status(model)

    @app.post("/invocations")
    def invocations() -> Response:
        return predictions(model.classifier)

    @app.get("/execution-parameters")
    def batch_parameters() -> "ExecutionParameters":
        _ = model.classifier
        return execution_parameters(settings)


def _answer(
    settings: Settings, admission: Admission
) -> Callable[[Classifier, WSGIEnvironment, Callable[[], BinaryIO], int | None], Answered]:
    """Return what answers a request for predictions from a model."""
    negotiation = Negotiation(settings.default_accept, batch=settings.batch)
    answering = Invocations(settings)

    def answer(
        classifier: Classifier,
        environ: WSGIEnvironment,
        body: Callable[[], BinaryIO],
        length: int | None,
    ) -> Answered:
        terms = request_terms(environ, negotiation)
        measures = Measures(request_deadline(environ, settings.request_seconds))
        with admission.turn(length, measures.deadline), measures:
            found = answering.answer(body(), length, terms, classifier, measures)
        return Answered(found, terms.answer_type, measures)

    return answer


def _answer_error(
    error: TextClassificationError,
) -> tuple[dict[str, object], int, dict[str, str]]:
    status = error.status if isinstance(error, RequestError) else 500
    later = {"Retry-After": str(error.retry_after)} if isinstance(error, OverloadedError) else {}
    return error.body(), status, later


def _answer_http_exception(
    remedy: str, error: HTTPException
) -> tuple[dict[str, object], int, list[tuple[str, str]]]:
    status = error.code or 500
    code = _CODES.get(status, Code.BODY_INVALID if status < 500 else Code.INTERNAL)  # noqa: PLR2004
    answer = RequestError(status, code, (error.name or "error").lower(), remedy=remedy)
    allowed = [(name, value) for name, value in error.get_headers() if name == "Allow"]
    return answer.body(), status, allowed


def _answer_fault(error: Exception) -> tuple[dict[str, object], int]:
    """Answer a fault of ours: the log has the traceback, the caller gets none of it."""
    log.error("the request %s failed", request_name(), exc_info=error)
    return TextClassificationError(Code.INTERNAL, "the request failed").body(), 500
