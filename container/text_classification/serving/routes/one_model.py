"""Recognise prediction requests to a server with one model."""

from collections.abc import Callable

from werkzeug.exceptions import MethodNotAllowed

from text_classification.inference.classifier import Classifier
from text_classification.serving.models.loaded_model import LoadedModel
from text_classification.serving.predictions.application import Route


def one_model_route(model: LoadedModel) -> Route:
    """Return the route of POST /invocations; another method raises Werkzeug's 405."""

    def classifier() -> Classifier:
        return model.classifier

    def route(method: str, path: str) -> Callable[[], Classifier] | None:
        if path != "/invocations":
            return None
        if method != "POST":
            raise MethodNotAllowed(["POST"])
        return classifier

    return route
