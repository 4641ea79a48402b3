"""Read the JSON files below /opt/ml/input/config; each of them may be missing."""

import json
from pathlib import Path
from typing import Any

from text_classification.errors import Code, ConfigurationError


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in ``path``, or an empty one when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from None
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, str(error)) from None
    if not isinstance(value, dict):
        raise _unreadable(path, f"it holds a {type(value).__name__}, not an object")
    return value


def _unreadable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        Code.CONFIGURATION_UNREADABLE,
        f"{path.name} cannot be read: {reason}",
        where=str(path),
        remedy="Write it as one JSON object.",
    )
