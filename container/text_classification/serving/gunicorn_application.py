"""gunicorn, told by us alone: no file of the current folder and no variable changes its options."""

from collections.abc import Mapping
from pathlib import Path

import gunicorn.glogging  # noqa: F401 - imported by name later, when time counts
from flask import Flask
from gunicorn.app.base import BaseApplication

import text_classification.serving.worker  # noqa: F401 - likewise
from text_classification.predict import create_app
from text_classification.serving.loaded_model import LoadedModel
from text_classification.serving.programs import nginx_socket


class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with the application of ``predict.py``.

    options: by the names of gunicorn's settings. folder: where nginx has its socket. model: None
    on a multi-model endpoint.
    """

    def __init__(
        self, options: Mapping[str, object], folder: Path, model: LoadedModel | None
    ) -> None:
        self._options = options
        self._folder = folder
        self._model = model
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return what answers."""
        return create_app(model=self._model, nginx=str(nginx_socket(self._folder)))
