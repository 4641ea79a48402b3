"""Check the values of a configuration, which may come from an untrusted model."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

# Numbers of rows and the like; far below what their products could overflow at.
LARGEST_SIZE = 2**31 - 1


def check_fields(kind: type, values: Mapping[str, Any], architecture: str) -> None:
    """Raise ``ValueError`` unless ``values`` are the fields of a dataclass by name, all of them."""
    if not isinstance(values, Mapping) or set(values) != {field.name for field in fields(kind)}:
        raise ValueError(f"its fields are not those of {architecture}")


def check_sizes(values: Iterable[Any]) -> None:
    """Raise ``ValueError`` unless every value is a whole number above 0 and within reason."""
    for value in values:
        if type(value) is not int or not 1 <= value <= LARGEST_SIZE:
            raise ValueError(f"{value!r:.40} is not a whole number in [1, {LARGEST_SIZE}]")


def check_dropout(value: Any) -> None:
    """Raise ``ValueError`` unless the value is a number in [0, 1)."""
    if type(value) not in (int, float) or not 0 <= value < 1:
        raise ValueError("dropout is not in [0, 1)")
