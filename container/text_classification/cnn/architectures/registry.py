"""The architectures by name: a new one is a folder and its line here."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from text_classification.cnn.base_configuration import Configuration

FOLDERS = (
    "text_classification.cnn.architectures.kim",
    "text_classification.cnn.architectures.pooled",
    "text_classification.cnn.architectures.stacked",
)


def file_of(configuration: Configuration, name: str) -> Any:
    """Return a file of an architecture's folder, imported; see this package for what is in it."""
    return import_module(f"{type(configuration).__module__.rpartition('.')[0]}.{name}")


def architectures() -> dict[str, type[Configuration]]:
    """Return the classes of the configurations by the names of the architectures."""
    kinds = [import_module(f"{folder}.configuration").CONFIGURATION for folder in FOLDERS]
    return {kind.architecture: kind for kind in kinds}


def read_configuration(architecture: Any, values: Mapping[str, Any]) -> Configuration:
    """Return the configuration of an architecture from what its ``as_dict`` wrote.

    Raises ``ValueError`` for an unknown name and for values that make no model: both may come from
    anyone.
    """
    known = architectures()
    if not isinstance(architecture, str) or architecture not in known:
        raise ValueError(f"the architecture {architecture!r:.40} is not known here")
    return known[architecture].from_dict(values)
