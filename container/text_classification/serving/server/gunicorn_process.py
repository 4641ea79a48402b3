"""gunicorn's process: the model is loaded while all else is imported."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from text_classification.contract.settings import Settings
from text_classification.serving.models.loaded_model import LoadedModel
from text_classification.serving.server.background import in_background

SWITCH_SECONDS = 0.00005


def run(settings: Settings, folder: Path) -> NoReturn:
    """Be gunicorn, and exit as it does.

    folder: where its socket is, and nginx's. The variables that NumPy reads have been set.
    """
    usual = sys.getswitchinterval()
    # To load a model takes little of Python itself, to import takes nothing else: the one must
    # not wait long for the other.
    sys.setswitchinterval(SWITCH_SECONDS)
    with ThreadPoolExecutor(1) as thread:
        loading = thread.submit(_load, settings)
        from text_classification.serving.server.gunicorn_application import Application  # noqa: PLC0415
    # The thread has ended: nothing of it is lost when processes are forked.
    sys.setswitchinterval(usual)
    model = loading.result()
    if model and not model.is_complete:
        in_background(model.complete)
    sys.exit(Application(settings, folder, model).run())


def _load(settings: Settings) -> LoadedModel | None:
    """Return the model of the image; None for an endpoint that is told which to load."""
    if settings.multi_model:
        return None
    return LoadedModel(settings.paths.model, settings.tables_mb, later=True)
