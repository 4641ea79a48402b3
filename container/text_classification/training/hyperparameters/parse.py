"""Read the hyperparameters that a client sent."""

import logging
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from text_classification.cnn.architectures.recipes import recipes
from text_classification.cnn.recipe import Recipe
from text_classification.contract.configuration_files import read_object
from text_classification.contract.hyperparameters.names import advice, is_added_by_tools
from text_classification.contract.hyperparameters.schema import (
    AUTO_RECIPE,
    NAMES,
    Hyperparameters,
    is_known_by_every_recipe,
)
from text_classification.contract.hyperparameters.strings import decode, is_nothing, is_text
from text_classification.contract.paths import Paths
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hyperparameters.combination_checks import check_together
from text_classification.training.hyperparameters.default_recipe import with_recipe
from text_classification.training.hyperparameters.suited import SUITED

# Whose values hold a password.
SECRET = frozenset({"study_storage"})
# The hyperparameter by which the SDK says that a script is to be run.
SCRIPT = "sagemaker_program"
# What stands for the default of what suits the number of documents.
AUTO = "auto"
RANGES = "docs/hyperparameters.md has what each may be."

log = logging.getLogger(__name__)


def read_hyperparameters(paths: Paths) -> Hyperparameters:
    """Return the hyperparameters of hyperparameters.json, all defaults when it is missing."""
    return parse_hyperparameters(read_object(paths.hyperparameters))


def parse_hyperparameters(values: Mapping[str, Any]) -> Hyperparameters:
    """Return typed hyperparameters from what a client sent.

    What is empty, ``None`` or ``null`` counts as not set; what tuning jobs and SDKs add is passed
    over. Raises ``ConfigurationError`` for all names that there are not, with those that were
    probably meant, and for all values that are not of their type or outside their range.
    """
    own = {key: decode(value) for key, value in values.items() if not is_added_by_tools(key)}
    _tell_passed_over(values, values.keys() - own.keys())
    unknown = [key for key in own if key not in NAMES]
    if unknown:
        raise _unknown(unknown)
    given = {key: value for key, value in own.items() if not _is_default(key, value)}
    _tell_defaults(sorted(own.keys() - given.keys()))
    return resolve(given)


def _is_default(name: str, value: Any) -> bool:
    return is_nothing(value) or (name in SUITED and value == AUTO)


def resolve(values: Mapping[str, Any]) -> Hyperparameters:
    """Return hyperparameters of these values, with the recipe's defaults where there is none.

    Only the values count as asked for, and of recipes one that is not auto. Raises
    ``ConfigurationError`` as ``parse_hyperparameters``.
    """
    name, values = with_recipe(values)
    recipe = _recipe(name)
    _check_known(values, recipe)
    broken = [name for name, value in values.items() if not is_text(value)]
    if broken:
        first = broken[0]
        raise _invalid(first, "it holds what is no text, or is nested too deeply", values[first])
    try:
        chosen = Hyperparameters.model_validate({**recipe.defaults, **values, "recipe": name})
    except ValidationError as error:
        raise _invalid_values(error, values) from None
    chosen.model_fields_set.intersection_update(values)
    check_together(chosen)
    return chosen


def _recipe(name: Any) -> Recipe:
    known = recipes()
    if not isinstance(name, str) or name not in known:
        names = ", ".join((AUTO_RECIPE, *known))
        raise _invalid("recipe", f"there are the recipes {names}", name)
    return known[name]


def _check_known(values: Mapping[str, Any], recipe: Recipe) -> None:
    """Refuse hyperparameters that would do nothing, as the recipe does not know them."""
    others = [name for name in values if not is_known_by(recipe, name)]
    if others:
        knowing = "; ".join(f"{name}: {', '.join(recipes_that_know(name))}" for name in others)
        raise ConfigurationError(
            Code.HYPERPARAMETER_UNKNOWN,
            f"the recipe {recipe.name} does not know {', '.join(others)}",
            remedy=f"Leave out what it does not know, or set recipe to one that does. {knowing}.",
        )


def is_known_by(recipe: Recipe, name: str) -> bool:
    """Tell whether a hyperparameter does anything in a recipe."""
    return is_known_by_every_recipe(name) or name in recipe.hyperparameters


def recipes_that_know(name: str) -> list[str]:
    """Return the names of the recipes in which a hyperparameter does something."""
    return [recipe.name for recipe in recipes().values() if is_known_by(recipe, name)]


def _unknown(names: list[str]) -> ConfigurationError:
    listed = ", ".join(f"{name!r:.80}" for name in names)
    told = "is no hyperparameter" if len(names) == 1 else "are no hyperparameters"
    message = f"there {told} {listed}"
    return ConfigurationError(Code.HYPERPARAMETER_UNKNOWN, message, remedy=advice(names))


def _invalid_values(error: ValidationError, values: Mapping[str, Any]) -> ConfigurationError:
    problems: dict[str, str] = {}
    for each in error.errors():
        name = str(each["loc"][0])
        problems.setdefault(name, _expected(name) or each["msg"].removeprefix("Value error, "))
    if len(problems) == 1:
        ((name, problem),) = problems.items()
        return _invalid(name, problem, values[name])
    told = "; ".join(
        f"{name} is {_shown(name, values[name])}: {problem}" for name, problem in problems.items()
    )
    return ConfigurationError(
        Code.HYPERPARAMETER_INVALID, f"the hyperparameters {told}", remedy=RANGES
    )


def _expected(name: str) -> str:
    """Tell what a number, a choice or a truth value ought to be; empty for any other kind."""
    schema = Hyperparameters.model_json_schema()["properties"][name]
    if "enum" in schema:
        return f"it is not one of {', '.join(schema['enum'])}"
    kinds = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}
    if schema.get("type") not in kinds:
        return ""
    bounds = {"minimum": "from", "exclusiveMinimum": "from above", "exclusiveMaximum": "to below"}
    told = [f"{word} {schema[key]}" for key, word in bounds.items() if key in schema]
    told += [f"to {schema['maximum']}"] if "maximum" in schema else []
    return " ".join(["it is not", kinds[schema["type"]], *told])


def _invalid(name: str, problem: str, value: Any) -> ConfigurationError:
    return ConfigurationError(
        Code.HYPERPARAMETER_INVALID,
        f"the hyperparameter {name} is {_shown(name, value)}: {problem}",
        remedy=Hyperparameters.model_fields[name].description or RANGES,
    )


def _shown(name: str, value: Any) -> str:
    if name in SECRET or not is_text(value):
        return "(not shown)"
    try:
        return f"{value!r:.80}"
    except ValueError:  # a number of thousands of digits
        return "(too long to show)"


def _tell_passed_over(values: Mapping[str, Any], names: set[str]) -> None:
    if SCRIPT in names:
        log.warning("this image runs no script: %s is ignored", f"{SCRIPT}={values[SCRIPT]!r:.80}")
    if names:
        log.info("ignored hyperparameters, which tools add: %s", ", ".join(sorted(names)))


def _tell_defaults(names: list[str]) -> None:
    """Tell what was set to nothing, but for what is empty by default."""
    told = [name for name in names if Hyperparameters.model_fields[name].default != ""]
    if told:
        log.info("empty hyperparameters, which have their defaults: %s", ", ".join(told))
