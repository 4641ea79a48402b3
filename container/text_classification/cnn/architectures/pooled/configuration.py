"""The architecture ``pooled.v1``: the convolutions of ``kim.v1`` under another pooling.

The windows of a filter are not pooled by their maximum but by a weighted mean, over the windows
that begin with a token. The weights of ``average`` are equal; those of ``attention`` are the
softmax of one learned sum of the filters at each window, as in Raffel and Ellis 2015, Feed-Forward
Networks with Attention Can Solve Some Long-Term Memory Problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from text_classification.cnn.configuration_checks import check_fields
from text_classification.cnn.convolutions import ConvolutionsConfiguration, convolutions_fields

Pooling = Literal["attention", "average"]
POOLINGS = ("attention", "average")


@dataclass(frozen=True)
class PooledConfiguration(ConvolutionsConfiguration):
    """The shape of a ``pooled.v1`` model."""

    architecture: ClassVar[str] = "pooled.v1"

    pooling: Pooling

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each weight by its name."""
        attention: dict[str, tuple[int, ...]] = {}
        if self.pooling == "attention":
            attention = {attention_name(width): (self.filters, 1) for width in self.kernel_widths}
        return {**super().shapes(), **attention}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the configuration that ``as_dict`` wrote.

        Raises ``ValueError`` when a value is missing, unknown or out of range: the values may come
        from anyone.
        """
        check_fields(cls, values, cls.architecture)
        if values["pooling"] not in POOLINGS:
            raise ValueError("the pooling is neither attention nor average")
        return cls(**convolutions_fields(values), pooling=values["pooling"])


CONFIGURATION = PooledConfiguration


def attention_name(width: int) -> str:
    """Return the name of what a width's windows are weighed by: float32 [filters, 1]."""
    return f"attention_{width}.kernel"
