"""The models that one worker has mapped: what the registry says, without reading it each time."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from text_classification.errors import Code, RequestError
from text_classification.inference.classifier import Classifier
from text_classification.serving.models.model_registry import Registry, not_loaded
from text_classification.serving.models.shared_file import Identity, open_shared

# Each takes a file descriptor and some memory of the worker's own.
MOST = 256
# How long the memory of an unloaded model may wait for a worker that nobody asks for it.
WATCH_SECONDS = 1.0


@dataclass(frozen=True)
class _Open:
    path: Path
    classifier: Classifier
    identity: Identity

    def is_loaded(self) -> bool:
        """Tell whether the file is still there, and no other in its place."""
        try:
            return Identity.of(self.path.stat()) == self.identity
        except FileNotFoundError:
            return False


class OpenModels:
    """Hands out classifiers to the threads of a worker.

    Each time the file is asked whether it is still the one that was mapped, so that all workers
    agree at once on what is loaded.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lock = threading.Lock()
        self._watched = False

    def classifier(self, name: str) -> Classifier:
        """Return the classifier of a model; it answers as long as it is held, unloaded or not.

        Raises ``RequestError``: 404 where the model is not loaded, 507 where it cannot be mapped.
        """
        try:
            return self._current(name) or self._opened(name)
        except FileNotFoundError:
            raise not_loaded() from None
        except (OSError, MemoryError) as error:
            raise RequestError(
                507,
                Code.OUT_OF_MEMORY,
                "the machine has too little memory to ask the model",
                remedy="Unload other models, or use a larger instance.",
            ) from error

    def _current(self, name: str) -> Classifier | None:
        """Return the classifier that is open, if it is still the one that is loaded."""
        with self._lock:
            found = self._open.get(name)
            if found is None or not found.is_loaded():
                return None
            self._open.move_to_end(name)
            return found.classifier

    def _opened(self, name: str) -> Classifier:
        path = self._registry.path(name)
        opened = _Open(path, *open_shared(path))
        with self._lock:
            self._open[name] = opened
            self._open.move_to_end(name)
            if len(self._open) > MOST:
                self._open.popitem(last=False)
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, name="open models", daemon=True).start()
        return opened.classifier

    def _watch(self) -> None:
        """Forget what has been unloaded, as long as anything is open."""
        pause = threading.Event()
        while self._forget_unloaded():
            pause.wait(WATCH_SECONDS)

    def _forget_unloaded(self) -> bool:
        """Let go of the files that are gone; tell whether any is left, and stay the watch if so."""
        with self._lock:
            for name, opened in list(self._open.items()):
                if not opened.is_loaded():
                    del self._open[name]
            self._watched = bool(self._open)
            return self._watched
