"""A multi-model container: archives below a prefix are loaded when they are invoked."""

import hashlib
import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.invocation import Invocation, validation_error
from textcnn.emulator.hosting.model_definition import data_source
from textcnn.emulator.hosting.model_files import ModelDataError, fetch_archive
from textcnn.emulator.hosting.serving_container import ContainerResponse, ServingContainer
from textcnn.emulator.objects import Location

LOAD_SECONDS = 600.0
LOADED_ALREADY = 409
NOT_LOADED = 404
NO_MEMORY = 507


class ManyModels:
    """The models that one container has loaded, the one used last at the end."""

    def __init__(
        self, account: Account, definition: dict[str, Any], root: Path, container: ServingContainer
    ) -> None:
        source = data_source(definition)
        assert source is not None  # noqa: S101 - CreateModel has asked for it
        self._account = account
        self._prefix = Location.parse(source["S3Uri"])
        self._folder = root / "models"
        self._container = container
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    def invoke(self, invocation: Invocation, seconds: float) -> ContainerResponse:
        """Ask the target model, loaded first if need be.

        Raises ``ModelDataError`` where there is no such archive.
        """
        target = invocation.members.get("TargetModel")
        if not target:
            raise validation_error(
                f"Request {invocation.identifier} is missing a target model header."
            )
        # The platform's names for models are opaque.
        name = hashlib.sha256(target.encode()).hexdigest()[:32]
        refused = self._load(name, target)
        if refused is not None:
            return refused
        response = self._invoke(name, invocation, seconds)
        if response.status == NOT_LOADED:
            # Another request has had it unloaded to make room.
            self._used.pop(name, None)
            refused = self._load(name, target)
            response = refused or self._invoke(name, invocation, seconds)
        return response

    def _invoke(self, name: str, invocation: Invocation, seconds: float) -> ContainerResponse:
        path = f"/models/{quote(name, safe='')}/invoke"
        return self._container.send("POST", path, invocation.body, invocation.headers, seconds)

    def _load(self, name: str, target: str) -> ContainerResponse | None:
        """Load a model; return the container's answer where it refuses to."""
        with self._lock:
            if name not in self._used:
                folder = self._folder / name / "model"
                if not folder.exists():
                    self._fetch(target, folder)
                response = self._register(name)
                while response.status == NO_MEMORY and self._used:
                    self._unload(min(self._used, key=self._used.__getitem__))
                    response = self._register(name)
                if not response.is_success and response.status != LOADED_ALREADY:
                    shutil.rmtree(folder.parent)
                    return response
            self._used[name] = time.monotonic()
        return None

    def _fetch(self, target: str, folder: Path) -> None:
        try:
            fetch_archive(self._account, self._prefix.below(target), folder)
        except ModelDataError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _register(self, name: str) -> ContainerResponse:
        url = f"{self._container.base}/models/{name}/model"
        body = json.dumps({"model_name": name, "url": url}).encode()
        headers = {"Content-Type": "application/json"}
        return self._container.send("POST", "/models", body, headers, LOAD_SECONDS)

    def _unload(self, name: str) -> None:
        self._container.send("DELETE", f"/models/{quote(name, safe='')}", seconds=LOAD_SECONDS)
        del self._used[name]
        shutil.rmtree(self._folder / name)
