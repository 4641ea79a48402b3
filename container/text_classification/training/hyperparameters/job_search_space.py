"""What tuning searches: what the job asks for, or what its recipe has, within the schema."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import Hyperparameters, searchable_names
from text_classification.contract.search_space import Choices, Interval, SearchSpace
from text_classification.contract.strict_json import parse_strictly
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hyperparameters.parse import is_known_by, resolve

EXAMPLE = '{"learning_rate": {"low": 0.0001, "high": 0.01, "log": true}, "filters": [64, 128, 256]}'
_WRITE = f"Write, say, {EXAMPLE}."


def search_space(hyperparameters: Hyperparameters) -> SearchSpace:
    """Return what is searched: ``search_space``, or the recipe's but for what the user has set.

    Raises ``ConfigurationError`` for a space that is malformed or beyond a hyperparameter's range,
    and for a hyperparameter that is both set and searched.
    """
    given = hyperparameters.model_fields_set
    if not hyperparameters.search_space:
        default = recipes()[hyperparameters.recipe].search_space
        left = {name: part for name, part in default.items() if name not in given}
        if hyperparameters.tuning_trials and not left:
            raise _invalid("all that the recipe would search is set", "Set less, or no trials.")
        return left
    written = _object(hyperparameters.search_space)
    _check_names(list(written), hyperparameters.recipe)
    space = {name: _part(name, value) for name, value in written.items()}
    both = sorted(given & set(space))
    if both:
        raise _invalid(f"{both[0]} is set and searched", "Leave it out of one of them.")
    for name, part in space.items():
        _check(name, part, hyperparameters.recipe)
    return space


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = parse_strictly(text.encode())
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or not value:
        raise _invalid("it is no JSON object with a hyperparameter at least", _WRITE)
    return value


def names_searchable_in(recipe: str) -> list[str]:
    """Return the names of the hyperparameters that tuning may search in a recipe."""
    known = recipes()[recipe]
    return [name for name in searchable_names() if is_known_by(known, name)]


def _check_names(names: list[str], recipe: str) -> None:
    allowed = names_searchable_in(recipe)
    wrong = [f"{name!r:.80}" for name in names if name not in allowed]
    if wrong:
        raise _invalid(
            f"{', '.join(wrong)} cannot be searched with the recipe {recipe}",
            f"These can: {', '.join(allowed)}.",
        )


def _part(name: str, value: Any) -> Interval | Choices:
    if isinstance(value, dict):
        try:
            return Interval.model_validate(value, strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([name, *map(str, first["loc"][:1])])
            raise _invalid(f"{where}: {first['msg']}", _WRITE) from None
    if isinstance(value, list) and value:
        return Choices(tuple(_written(name, choice) for choice in value))
    raise _invalid(f"{name} is neither a range nor a list of choices", _WRITE)


def _written(name: str, choice: Any) -> int | float | str:
    """Return a choice as the study keeps it: lists, as of kernel widths, are written out."""
    parts = choice if isinstance(choice, list) else [choice]
    if any(isinstance(part, bool) or not isinstance(part, int | float | str) for part in parts):
        raise _invalid(f"{name} has a choice that is no number and no text", _WRITE)
    return ",".join(map(str, parts)) if isinstance(choice, list) else choice


def _check(name: str, part: Interval | Choices, recipe: str) -> None:
    """Hold a part against the schema, bound by bound or choice by choice."""
    if isinstance(part, Choices):
        values = part.values
        if len(set(values)) != len(values):
            raise _invalid(f"{name} names a choice twice", "Name each once.")
    else:
        values = part.low, part.high
        if Hyperparameters.model_fields[name].annotation not in {int, float}:
            raise _invalid(f"{name} is no number", "List its choices.")
        if part.low >= part.high:
            raise _invalid(f"{name}: low is not below high", "Swap them, or set it to a value.")
        if part.log and part.low <= 0:
            raise _invalid(f"{name}: with log, low must be above 0", "Leave out log.")
    for value in values:
        try:
            resolve({"recipe": recipe, name: value})
        except ConfigurationError as error:
            raise _invalid(error.message, error.remedy) from None


def _invalid(problem: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(
        Code.HYPERPARAMETER_INVALID, f"the search_space is wrong: {problem}", remedy=remedy
    )
