"""The numbers that fix a model's shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from text_classification.cnn.base_configuration import Configuration
from text_classification.cnn.configuration_checks import check_fields, check_sizes


@dataclass(frozen=True)
class TinyConfiguration(Configuration):
    """The shape of a ``tiny.v1`` model."""

    architecture: ClassVar[str] = "tiny.v1"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each weight; ``LAYER.part`` is a variable of the Keras layer."""
        return {
            "embedding": (self.vocabulary_size, self.embedding_size),
            "dense.kernel": (self.embedding_size, self.classes),
            "dense.bias": (self.classes,),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the configuration that an artifact holds, once its values are checked."""
        check_fields(cls, values, cls.architecture)
        check_sizes(values.values())
        return cls(**values)


CONFIGURATION = TinyConfiguration
