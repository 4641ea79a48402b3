"""A model in its folder."""

import json
from pathlib import Path
from typing import Any


class Refused(Exception):
    """The caller's mistake, or a server that cannot answer; told with its status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def load(folder: Path) -> dict[str, Any]:
    """Return the model; raise ``Refused`` with 503 where there is none."""
    try:
        content: dict[str, Any] = json.loads((folder / "model.json").read_text())
    except (OSError, ValueError):
        raise Refused(503, "there is no model") from None
    return content
