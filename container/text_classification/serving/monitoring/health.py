"""Report the server's health: whether it can answer, its model and its load."""

import os
import sys
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import text_classification
from text_classification.contract.settings import Settings
from text_classification.errors import OverloadedError, RequestError
from text_classification.machine.disk import check_writable
from text_classification.machine.memory import proportional_memory
from text_classification.serving.models.loaded_model import LoadedModel
from text_classification.serving.monitoring.worker_processes import (
    requests_under_way,
    worker_processes,
)
from text_classification.serving.predictions.limits.admission import Admission
from text_classification.serving.server_folder import nginx_socket

if TYPE_CHECKING:
    from text_classification.serving.monitoring.status_schemas import Ping, State, Status, Worker

# What has to fit on the disk, so that /ping says nothing of it.
PROBED_BYTES = 1 << 20
_LIMITED = "bodies and answers of more than 128 KB fail, since TMPDIR cannot be written to"
LIBRARIES = ("flask", "gunicorn", "numpy", "pydantic", "safetensors", "werkzeug")


class Health:
    """Knows how the server is; made by the process that the workers are forked from.

    folder: that of the running server, where nginx is in front.
    """

    def __init__(self, settings: Settings, admission: Admission, folder: Path | None) -> None:
        self._settings = settings
        self._admission = admission
        self._folder = folder
        self._master = os.getpid()
        self._started = monotonic()

    def ping(self) -> "Ping":
        """Return what /ping answers with 200, where the model can answer.

        An overloaded server is healthy: the platform would replace it otherwise, and lose requests.
        So is one whose disk is full, which still answers small requests.
        """
        try:
            self._admission.check(self._settings.request_seconds)
        except OverloadedError as error:
            return {"status": "overloaded", "reason": error.message}
        try:
            check_writable(self._folder or self._settings.scratch, PROBED_BYTES)
        except OSError as error:
            return {"status": "limited", "reason": f"{_LIMITED}: {error.strerror}"}
        return {"status": "ready"}

    def status(self, model: LoadedModel | None = None) -> "Status":
        """Return all that is known; with the model, where there is one of the image's own."""
        return {
            **self._state(model),
            "model": model.description if model else None,
            "requests": self._requests(),
            "workers": [_worker(process) for process in self._workers()],
            "uptime_seconds": int(monotonic() - self._started),
            "revision": self._settings.revision,
            "versions": _versions(),
        }

    def _state(self, model: LoadedModel | None) -> "State":
        try:
            _ = model and model.classifier
            return {**self.ping()}
        except RequestError as error:
            return {"status": "failed", "reason": error.message}

    def _requests(self) -> int:
        """Return the requests under way but for this one, of all workers."""
        if self._folder is None:
            return 0
        return max(0, requests_under_way(nginx_socket(self._folder)) - 1)

    def _workers(self) -> list[int]:
        own = os.getpid()
        return [own] if own == self._master else worker_processes(self._master)


def _worker(process: int) -> "Worker":
    return {"process": process, "memory_mb": round(proportional_memory(process) / (1 << 20), 1)}


@cache
def _versions() -> dict[str, str]:
    from importlib.metadata import version  # noqa: PLC0415 - takes long, and few ask

    return {
        "text_classification": text_classification.__version__,
        "python": sys.version.partition(" ")[0],
        **{name: version(name) for name in LIBRARIES},
    }
