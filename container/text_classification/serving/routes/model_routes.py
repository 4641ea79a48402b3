"""The routes of multi-model endpoints, in place of those for the one model of the image."""

import re
from collections.abc import Callable
from functools import partial

from flask import Flask, request
from werkzeug.routing import BaseConverter

from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.model_registry import Registry
from text_classification.serving.models.open_models import OpenModels
from text_classification.serving.monitoring.health import Health
from text_classification.serving.monitoring.status_schemas import Ping, Status
from text_classification.serving.predictions.application import Route
from text_classification.serving.routes import model_schemas

_INVOKE = re.compile(r"/models/([\s\S]+)/invoke")


class _Name(BaseConverter):
    """The name of a model, whatever it holds: slashes that were percent-encoded are its own."""

    regex = r"[\s\S]+"
    part_isolating = False


def add_model_routes(app: Flask, settings: Settings, health: Health) -> Route:
    """Let the application load any number of models; return the route to ask them.

    It begins with none.
    """
    registry = Registry.of(settings)
    models = OpenModels(registry)
    app.url_map.converters["name"] = _Name
    app.url_map.merge_slashes = False

    @app.get("/ping")
    def ping() -> Ping:
        return health.ping()

    @app.get("/status")
    def status() -> Status:
        return health.status()

    @app.post("/models")
    def load() -> model_schemas.Done:
        request.max_content_length = model_schemas.LARGEST_BODY
        asked = model_schemas.model_to_load(request.get_data(cache=False))
        registry.load(asked.model_name, asked.url)
        return {"status": f'Model "{asked.model_name}" registered'}

    @app.get("/models")
    def listed() -> model_schemas.ListedModels:
        asked = model_schemas.page(request.args.to_dict())
        return model_schemas.listed_models(*registry.page(asked.next_page_token, asked.limit))

    @app.get("/models/<name:name>")
    def describe(name: str) -> model_schemas.ListedModel:
        return model_schemas.listed_model(registry.describe(name))

    @app.delete("/models/<name:name>")
    def unload(name: str) -> model_schemas.Done:
        registry.unload(name)
        return {"status": f'Model "{name}" unregistered'}

    def route(method: str, path: str) -> Callable[[], Classifier] | None:
        asked = _INVOKE.fullmatch(path) if method == "POST" else None
        return partial(models.classifier, _decoded(asked[1])) if asked else None

    return route


def _decoded(name: str) -> str:
    """Return the name of a model in a path, which WSGI hands over as Latin-1."""
    return name.encode("latin-1").decode("utf-8", "replace")
