"""The architecture ``stacked.v1``: the numbers that fix a model's shape.

A trainable embedding; a convolution with ReLU and max pooling; a second convolution of the same
numbers with ReLU and the maximum over time; a dense layer with ReLU, dropout, a dense softmax.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from text_classification.cnn.architectures.stacked.windows import (
    PADDINGS,
    Padding,
    Windows,
    shortest_length,
)
from text_classification.cnn.base_configuration import Configuration
from text_classification.cnn.configuration_checks import check_dropout, check_fields, check_sizes

# No weight has the shape of these, so the numbers of an untrusted model need limits.
LONGEST = 1_000_000
WIDEST = 64


@dataclass(frozen=True)
class StackedConfiguration(Configuration):
    """The shape of a ``stacked.v1`` model; every number is at least 1, dropout lies in [0, 1)."""

    architecture: ClassVar[str] = "stacked.v1"

    filters: int
    kernel_size: int
    strides: int
    padding: Padding
    pool_size: int
    pool_padding: Padding
    dense_units: int
    dropout: float

    @property
    def shortest(self) -> int:
        """The shortest sequence that leaves the second convolution a window."""
        convolution = self.kernel_size, self.strides, self.padding
        pooled = shortest_length(1, *convolution)
        first = shortest_length(pooled, self.pool_size, self.pool_size, self.pool_padding)
        return shortest_length(first, *convolution)

    def windows(self, length: int) -> tuple[Windows, Windows, Windows]:
        """Return the windows of the first convolution, the pooling and the second convolution.

        length: the tokens of the sequence.
        """
        convolution = self.kernel_size, self.strides, self.padding
        first = Windows.over(length, *convolution)
        pool = Windows.over(first.count, self.pool_size, self.pool_size, self.pool_padding)
        return first, pool, Windows.over(pool.count, *convolution)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each weight by its name; the order is the model's."""
        return {
            "embedding": (self.vocabulary_size, self.embedding_size),
            "convolution_1.kernel": (self.kernel_size, self.embedding_size, self.filters),
            "convolution_1.bias": (self.filters,),
            "convolution_2.kernel": (self.kernel_size, self.filters, self.filters),
            "convolution_2.bias": (self.filters,),
            "hidden.kernel": (self.filters, self.dense_units),
            "hidden.bias": (self.dense_units,),
            "dense.kernel": (self.dense_units, self.classes),
            "dense.bias": (self.classes,),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the configuration that ``as_dict`` wrote.

        Raises ``ValueError`` when a number is missing, unknown or out of range, or no window is
        left: the values may come from anyone.
        """
        check_fields(cls, values, cls.architecture)
        paddings = {name: values[name] for name in ("padding", "pool_padding")}
        sizes = {name: values[name] for name in set(values) - {*paddings, "dropout"}}
        check_sizes(sizes.values())
        check_dropout(values["dropout"])
        if not all(isinstance(each, str) and each in PADDINGS for each in paddings.values()):
            raise ValueError("a padding is neither valid nor same")
        if sizes["sequence_length"] > LONGEST:
            raise ValueError(f"the sequence is longer than {LONGEST}")
        if max(sizes[name] for name in ("kernel_size", "strides", "pool_size")) > WIDEST:
            raise ValueError(f"a window or a stride is wider than {WIDEST}")
        configuration = cls(**sizes, **paddings, dropout=float(values["dropout"]))
        if configuration.sequence_length < configuration.shortest:
            raise ValueError("the sequence leaves no window")
        return configuration


CONFIGURATION = StackedConfiguration
