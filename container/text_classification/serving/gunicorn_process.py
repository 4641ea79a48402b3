"""gunicorn's process: it loads the model and imports the rest, and then is told how to go on."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from text_classification.contract.environment import set_scratch
from text_classification.contract.settings import Settings, read_settings
from text_classification.errors import ConfigurationError
from text_classification.serving.loaded_model import LoadedModel


def main() -> None:
    """Load, import, wait for what the supervisor says, and be gunicorn."""
    try:
        settings = read_settings()
    except ConfigurationError:
        return  # the supervisor finds the same, and says so
    with ThreadPoolExecutor(1) as thread:
        loading = thread.submit(_model, settings)
        # Reading a model hardly needs Python, importing the rest nothing else.
        from text_classification.serving.gunicorn_application import Application  # noqa: PLC0415
    if text := sys.stdin.read():
        told = json.loads(text)
        set_scratch(told["folder"])
        Application(told["options"], Path(told["folder"]), loading.result()).run()


def _model(settings: Settings) -> LoadedModel | None:
    """Return the model of the image; None for an endpoint that is told which to load."""
    if settings.multi_model:
        return None
    return LoadedModel(settings.paths.model, settings.tables_mb)


if __name__ == "__main__":
    main()
