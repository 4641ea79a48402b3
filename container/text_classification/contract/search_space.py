"""What tuning searches: a range or some choices for each of some hyperparameters."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Interval(BaseModel):
    """Any number from ``low`` to ``high``; by their logarithms where a factor is what counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: int | float
    high: int | float
    log: bool = False


@dataclass(frozen=True)
class Choices:
    """One of some values, as a client would write them."""

    values: tuple[int | float | str, ...]


SearchSpace = Mapping[str, Interval | Choices]
