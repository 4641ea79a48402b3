"""The Flask application: the routes beside predictions, which go before it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from text_classification.contract.settings import Settings, read_settings
from text_classification.serving.models.loaded_model import LoadedModel
from text_classification.serving.monitoring.health import Health
from text_classification.serving.predictions.application import PredictionApplication, Route
from text_classification.serving.predictions.error_response import error_response
from text_classification.serving.predictions.limits.admission import Admission
from text_classification.serving.predictions.request_environment import request_id
from text_classification.serving.predictions.request_handler import RequestHandler
from text_classification.serving.routes.execution_parameters import execution_parameters
from text_classification.serving.routes.one_model import one_model_route
from text_classification.serving.server_folder import RESPONSES

if TYPE_CHECKING:
    from text_classification.serving.monitoring.status_schemas import Ping, Status
    from text_classification.serving.routes.parameter_schemas import ExecutionParameters

_ROUTES = (
    "There are GET /ping, POST /invocations, GET /execution-parameters, GET /status and "
    "GET /openapi.json; those below /models are there with SAGEMAKER_MULTI_MODEL=true."
)
_MODELS_ROUTES = (
    "There are GET /ping, GET and POST /models, GET and DELETE /models/{model_name}, "
    "POST /models/{model_name}/invoke, GET /status and GET /openapi.json."
)


def create_app(settings: Settings | None = None, folder: Path | None = None) -> Flask:
    """Return the application, ready to load models, or with its one model.

    folder: that of the running server, where nginx is in front. A model that fails to load turns
    the application 503.
    """
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None, template_folder="serving/page")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    limit = settings.body_limit_mb << 20 or None
    app.config["MAX_CONTENT_LENGTH"] = limit
    # /ping never waits for its turn.
    admission = Admission()
    health = Health(settings, admission, folder)
    route = _add_routes(app, settings, admission, health)
    _add_description(app, settings)
    _add_errors(app, settings)
    responses = folder / RESPONSES if folder else None
    handler = RequestHandler(settings, admission, responses)
    app.wsgi_app = PredictionApplication(  # type: ignore[method-assign]
        handler, route, app.wsgi_app, limit=limit, responses=responses
    )
    return app


def _add_routes(app: Flask, settings: Settings, admission: Admission, health: Health) -> Route:
    """Let the application answer for its models; return what finds those that are asked."""
    if settings.multi_model:
        # What those routes need is not imported where they are not there.
        from text_classification.serving.routes.model_routes import (  # noqa: PLC0415
            add_model_routes,
        )

        return add_model_routes(app, settings, health)
    model = LoadedModel(settings.paths.model, settings.tables_mb)
    _add_one_model_routes(app, settings, model, health)
    if settings.page:
        from text_classification.serving.page.form import add_form  # noqa: PLC0415

        handler = RequestHandler(settings, admission, None)
        add_form(app, lambda environ, body: handler(model.classifier, environ, body))
    return one_model_route(model)


def _add_one_model_routes(
    app: Flask, settings: Settings, model: LoadedModel, health: Health
) -> None:
    @app.get("/ping")
    def ping() -> "Ping":
        _ = model.classifier
        return health.ping()

    @app.get("/status")
    def status() -> "Status":
        return health.status(model)

    @app.get("/execution-parameters")
    def batch_parameters() -> "ExecutionParameters":
        _ = model.classifier
        return execution_parameters(settings)


def _add_description(app: Flask, settings: Settings) -> None:
    @app.get("/openapi.json")
    def description() -> dict[str, Any]:
        # Few servers are asked for it.
        from text_classification.serving.routes.openapi import openapi_document  # noqa: PLC0415

        return openapi_document(multi_model=settings.multi_model)


def _add_errors(app: Flask, settings: Settings) -> None:
    routes = _MODELS_ROUTES if settings.multi_model else _ROUTES

    @app.errorhandler(Exception)
    def handle_error(error: Exception) -> Response:
        found = error_response(error, request_id=request_id(request.environ), routes=routes)
        return Response(found.body, found.status, found.headers)
