"""The two routes that SageMaker asks for, in Flask, around any model."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, request

from benchmarks.applications.bodies import texts

Predict = Callable[[Sequence[str]], Sequence[Any]]


def application(predict: Predict) -> Flask:
    """Return the application that answers with what ``predict`` says of texts."""
    app = Flask(__name__)

    @app.get("/ping")
    def ping() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/invocations")
    def invocations() -> dict[str, Sequence[Any]]:
        return {"predictions": predict(texts(request.get_data(), request.mimetype))}

    return app
