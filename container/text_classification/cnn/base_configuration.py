"""The base class of the configurations of all architectures, with their capabilities.

Nobody outside of an architecture's folder looks at the type of a configuration: what an
architecture can do stands here, with the answer of one that can do nothing special.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from text_classification.kernels.arrays import Floats

Weights = dict[str, Floats]


@dataclass(frozen=True)
class Configuration(ABC):
    """The numbers that fix a model's shape.

    architecture: its versioned name. engines: those that train it.
    has_int8_tables: whether it can be served from int8 tables. can_be_joined: whether several
    networks of it, trained side by side, can be made one.
    """

    architecture: ClassVar[str]
    engines: ClassVar[tuple[str, ...]] = ("keras",)
    has_int8_tables: ClassVar[bool] = False
    can_be_joined: ClassVar[bool] = False

    vocabulary_size: int
    sequence_length: int
    classes: int
    embedding_size: int

    @abstractmethod
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each weight by its name; the order is the model's.

        One is ``embedding``, [vocabulary, numbers]; the last layer is ``dense.kernel``, [inputs,
        classes], and ``dense.bias``, [classes].
        """

    @property
    def int8_scales_shape(self) -> tuple[int, ...]:
        """The shape of the scales of int8 tables, of an architecture that has them."""
        raise NotImplementedError(f"{self.architecture} has no int8 tables")

    def as_dict(self) -> dict[str, Any]:
        """Return the configuration as JSON holds it."""
        return asdict(self)

    @classmethod
    @abstractmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the configuration that ``as_dict`` wrote.

        Raises ``ValueError`` when a value is missing, unknown or out of range, or makes no model:
        the values may come from anyone.
        """
