"""The routes of multi-model endpoints, in place of those for the one model of the image."""

from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter

from text_classification.contract.settings import Settings
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.open_models import OpenModels
from text_classification.serving.models.registry import Registry
from text_classification.serving.monitoring.health import Health
from text_classification.serving.monitoring.status_schemas import Ping, Status
from text_classification.serving.routes import model_schemas


class _Name(BaseConverter):
    """The name of a model, whatever it holds: slashes that were percent-encoded are its own."""

    regex = r"[\s\S]+"
    part_isolating = False


def add_model_routes(
    app: Flask,
    settings: Settings,
    predictions: Callable[[Classifier], Response],
    health: Health,
) -> None:
    """Let the application load and ask any number of models; it begins with none.

    predictions: answers the request for predictions at hand from a model.
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

    @app.post("/models/<name:name>/invoke")
    def invoke(name: str) -> Response:
        return predictions(models.classifier(name))
