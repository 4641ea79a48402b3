"""The architecture ``kim.v1``: the numbers that fix a model's shape.

It is the network of Kim 2014, Convolutional Neural Networks for Sentence Classification
(EMNLP), in its "rand" form: a trainable embedding, convolutions of several widths with ReLU, the
maximum over time, dropout, a dense softmax.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from text_classification.cnn.configuration_checks import check_fields
from text_classification.cnn.convolutions import ConvolutionsConfiguration, convolutions_fields


@dataclass(frozen=True)
class KimConfiguration(ConvolutionsConfiguration):
    """The shape of a ``kim.v1`` model."""

    architecture: ClassVar[str] = "kim.v1"
    engines: ClassVar[tuple[str, ...]] = ("fast", "keras")
    has_int8_tables: ClassVar[bool] = True
    can_be_joined: ClassVar[bool] = True

    @property
    def int8_scales_shape(self) -> tuple[int, ...]:
        """The shape of the scales of int8 tables: one for each filter of each width."""
        return (self.features,)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the configuration that ``as_dict`` wrote.

        Raises ``ValueError`` when a number is missing, unknown or out of range: the values may
        come from anyone.
        """
        check_fields(cls, values, cls.architecture)
        return cls(**convolutions_fields(values))


CONFIGURATION = KimConfiguration
