"""gunicorn, whose options are ours: no file in the current folder and no variable sets another."""

from pathlib import Path

import gunicorn.glogging  # noqa: F401 - gunicorn would only import it now
from flask import Flask
from gunicorn.app.base import BaseApplication

import text_classification.serving.server.worker  # noqa: F401 - likewise
from text_classification.contract.settings import Settings
from text_classification.predict import create_app
from text_classification.serving.server.process_state import prepare_fork
from text_classification.serving.server.programs import gunicorn_options


class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with the application of ``predict.py``, which the workers share.

    folder: where the sockets are.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        super().__init__()

    def load_config(self) -> None:
        """Take our options, as gunicorn asks when it starts."""
        for name, value in gunicorn_options(self._settings, self._folder).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return what answers, with its model: in memory that all workers share."""
        application = create_app(self._settings, self._folder)
        prepare_fork()
        return application
