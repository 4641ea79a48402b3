"""How a hyperparameter is declared."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Affects(StrEnum):
    """What becomes another when a hyperparameter has another value."""

    DOCUMENTS = "documents"  # what is read
    SHAPE = "shape"  # which weights there are, and what they stand for
    WEIGHTS = "weights"  # the values of the weights
    DURATION = "duration"  # for how many epochs the network is trained
    COMPARISON = "comparison"  # what the trials of a study are compared by
    SEARCH = "search"  # which trials there are
    MODEL = "model"  # what is made of the trained network
    REPORT = "report"  # what is written about the model, or beside it
    EXECUTION = "execution"  # how the job runs


class KnownBy(StrEnum):
    """Which recipes know a hyperparameter; the others refuse it."""

    EVERY_RECIPE = "every recipe"
    RECIPES_THAT_NAME_IT = "the recipes that name it"


class Fields(BaseModel):
    """What all groups of hyperparameters have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


def hyperparameter(  # noqa: PLR0913 - options by name
    default: Any,
    description: str,
    *,
    affects: Affects,
    known_by: KnownBy = KnownBy.EVERY_RECIPE,
    searchable: bool = False,
    unit: str = "",
    **limits: Any,
) -> Any:
    """Return the field of a hyperparameter.

    searchable: whether tuning may search it. limits: pydantic's, such as ``ge`` and ``max_length``.
    """
    return Field(
        default,
        description=description,
        json_schema_extra={
            "affects": affects,
            "known_by": known_by,
            "searchable": searchable,
            "unit": unit,
        },
        **limits,
    )
