"""The models of a multi-model endpoint."""

import urllib.parse
from pathlib import Path
from typing import Any

from .faults import has
from .loading import Refused
from .loading import load as read

loaded: dict[str, str] = {}


def load(asked: dict[str, str]) -> dict[str, str]:
    """Load a model from the folder that is told."""
    name = asked["model_name"]
    if name in loaded and not has("loads-twice"):
        raise Refused(409, "it is loaded already")
    read(Path(asked["url"]))
    loaded[name] = asked["url"]
    return {}


def told(path: str) -> Any:
    """Tell of all models, or of one."""
    described = [
        {"modelName": name} | ({} if has("no-urls") else {"modelUrl": url})
        for name, url in loaded.items()
    ]
    if path == "/models":
        return {"models": described}
    folder(path)
    return described


def unload(path: str) -> dict[str, str]:
    """Unload a model."""
    if not has("unloads-anything"):
        folder(path)
    loaded.pop(_name(path), None)
    return {}


def folder(path: str) -> Path:
    """Return the folder of a model that is loaded."""
    name = _name(path)
    if name not in loaded:
        if has("invokes-anything") and loaded:
            return Path(next(iter(loaded.values())))
        raise Refused(404, "it is not loaded")
    return Path(loaded[name])


def _name(path: str) -> str:
    return urllib.parse.unquote(path.removeprefix("/models/"))
