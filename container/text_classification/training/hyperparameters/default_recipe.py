"""The recipe of a job that names none: the one that answers best."""

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from text_classification.contract.hyperparameters.schema import AUTO_RECIPE, Hyperparameters

BEST, WITHOUT_NGRAMS = "wide", "kim"

_TRUTH = TypeAdapter(bool)

log = logging.getLogger(__name__)


def with_recipe(values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the name of the recipe, and the values without ``auto``, which asks for none."""
    if values.get("recipe", AUTO_RECIPE) != AUTO_RECIPE:
        return values["recipe"], dict(values)
    others = {name: value for name, value in values.items() if name != "recipe"}
    return WITHOUT_NGRAMS if _is_false(values.get("ngrams")) else BEST, others


def tell_recipe(chosen: Hyperparameters) -> None:
    """Tell in the log which recipe was taken, where none was asked for."""
    if "recipe" not in chosen.model_fields_set:
        log.info("recipe=%s, the default: no recipe was set", chosen.recipe)


def _is_false(value: Any) -> bool:
    try:
        return not _TRUTH.validate_python(value)
    except ValidationError:
        return False
