"""Convolutions of several widths side by side: what ``kim.v1`` and ``pooled.v1`` have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from text_classification.cnn.base_configuration import Configuration
from text_classification.cnn.configuration_checks import check_dropout, check_sizes
from text_classification.kernels.convolution import WIDEST


@dataclass(frozen=True)
class ConvolutionsConfiguration(Configuration):
    """The shape of convolutions side by side, whatever their windows are pooled by.

    Every number is at least 1, dropout lies in [0, 1).
    """

    kernel_widths: tuple[int, ...]
    filters: int
    dropout: float

    @property
    def features(self) -> int:
        """The pooled features: one for each filter of each width."""
        return self.filters * len(self.kernel_widths)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each weight by its name; the order is the model's."""
        shapes: dict[str, tuple[int, ...]] = {
            "embedding": (self.vocabulary_size, self.embedding_size)
        }
        for width in self.kernel_widths:
            shapes[kernel_name(width)] = (width, self.embedding_size, self.filters)
            shapes[bias_name(width)] = (self.filters,)
        shapes["dense.kernel"] = (self.features, self.classes)
        shapes["dense.bias"] = (self.classes,)
        return shapes

    def as_dict(self) -> dict[str, Any]:
        """Return the configuration as JSON holds it."""
        return {**super().as_dict(), "kernel_widths": list(self.kernel_widths)}


def convolutions_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that all convolutions side by side have, typed.

    Raises ``ValueError`` when one is out of range.
    """
    widths, dropout = values["kernel_widths"], values["dropout"]
    if not isinstance(widths, list) or not widths or len(set(map(str, widths))) != len(widths):
        raise ValueError("kernel_widths is not a list of distinct numbers")
    names = {field.name for field in fields(ConvolutionsConfiguration)}
    sizes = {name: values[name] for name in names - {"kernel_widths", "dropout"}}
    check_sizes((*sizes.values(), *widths))
    if max(widths) > WIDEST:
        raise ValueError(f"a kernel is wider than {WIDEST}")
    if max(widths) > values["sequence_length"]:
        raise ValueError("a kernel is wider than the sequence")
    check_dropout(dropout)
    return {**sizes, "kernel_widths": tuple(widths), "dropout": float(dropout)}


def kernel_name(width: int) -> str:
    """Return the name of the convolution kernel of a width: float32 [width, embedding, filters]."""
    return f"convolution_{width}.kernel"


def bias_name(width: int) -> str:
    """Return the name of the convolution bias of a width: float32 [filters]."""
    return f"convolution_{width}.bias"
