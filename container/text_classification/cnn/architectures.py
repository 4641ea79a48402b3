"""The architectures by name.

A new one is a configuration here, a Keras definition (``keras_model``) and a network to serve it
(``inference/network.py``); both choose by the type, so the type checker tells a missing one.
"""

from collections.abc import Mapping
from typing import Any

from text_classification.cnn.configuration import KimConfiguration
from text_classification.cnn.pooled_configuration import PooledConfiguration
from text_classification.cnn.stacked_configuration import StackedConfiguration

Configuration = KimConfiguration | PooledConfiguration | StackedConfiguration

ARCHITECTURES: Mapping[str, type[Configuration]] = {
    kind.architecture: kind
    for kind in (KimConfiguration, PooledConfiguration, StackedConfiguration)
}


def read_configuration(architecture: Any, values: Mapping[str, Any]) -> Configuration:
    """Return the configuration of an architecture from what its ``as_dict`` wrote.

    Raises ``ValueError`` for an unknown name and for values that make no model: both may come from
    anyone.
    """
    if not isinstance(architecture, str) or architecture not in ARCHITECTURES:
        raise ValueError(f"the architecture {architecture!r:.40} is not known here")
    return ARCHITECTURES[architecture].from_dict(values)
