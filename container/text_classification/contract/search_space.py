"""What tuning searches: a range or some choices for a hyperparameter, within its own range."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.errors import Code, ConfigurationError


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

# What can be searched: what shapes a model and its training, and not how documents are read or how
# long is trained, nor what the scores would be compared by.
SEARCHABLE = (
    *("max_tokens", "min_count", "sequence_length", "embedding_size", "kernel_widths", "filters"),
    *("kernel_size", "strides", "padding", "pool_size", "pool_padding", "dense_units", "dropout"),
    *("learning_rate", "decay_steps", "decay_rate", "class_weights", "batch_size"),
)

_NETWORK: SearchSpace = {
    "embedding_size": Choices((64, 128, 256)),
    "kernel_widths": Choices(("3", "5", "2,3,4", "3,4,5", "1,2,3")),
    "filters": Choices((64, 128, 256)),
    "dropout": Interval(low=0.1, high=0.7),
    "learning_rate": Interval(low=3e-4, high=1e-2, log=True),
    "batch_size": Choices((32, 64, 128)),
}
# What is searched unless search_space says otherwise, by recipe. Of wide it is the network: how its
# n-grams are made is always chosen by held-out documents.
SEARCH_SPACES: Mapping[str, SearchSpace] = {
    "kim": _NETWORK,
    "wide": _NETWORK,
    "stacked": {
        "embedding_size": Choices((64, 128, 256)),
        "filters": Choices((8, 16, 32, 64)),
        "kernel_size": Interval(low=3, high=7),
        "strides": Interval(low=1, high=3),
        "dense_units": Choices((64, 128, 256)),
        "dropout": Interval(low=0.1, high=0.5),
        "learning_rate": Interval(low=1e-3, high=3e-2, log=True),
        "decay_rate": Interval(low=0.1, high=1.0, log=True),
    },
}


def search_space(hyperparameters: Hyperparameters) -> SearchSpace:
    """Return what is searched: ``search_space``, or the recipe's but for what the user has set.

    Raises ``ConfigurationError`` for a space that is malformed or beyond a hyperparameter's range,
    and for a hyperparameter that is both set and searched.
    """
    given = hyperparameters.model_fields_set
    if not hyperparameters.search_space:
        default = SEARCH_SPACES[hyperparameters.recipe]
        left = {name: part for name, part in default.items() if name not in given}
        if hyperparameters.tuning_trials and not left:
            raise _invalid("all that the recipe would search is set", "Set less, or no trials.")
        return left
    space = {
        name: _part(name, value) for name, value in _object(hyperparameters.search_space).items()
    }
    both = sorted(given & set(space))
    if both:
        raise _invalid(f"{both[0]} is set and searched", "Leave it out of one of them.")
    for name, part in space.items():
        _check(name, part, hyperparameters.recipe)
    return space


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not value:
        raise _invalid("it is no JSON object with a hyperparameter at least", _EXAMPLE)
    return value


def _part(name: str, value: Any) -> Interval | Choices:
    if name not in SEARCHABLE:
        raise _invalid(f"{name!r:.80} cannot be searched", f"These can: {', '.join(SEARCHABLE)}.")
    if isinstance(value, dict):
        try:
            return Interval.model_validate(value, strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([name, *map(str, first["loc"][:1])])
            raise _invalid(f"{where}: {first['msg']}", _EXAMPLE) from None
    if isinstance(value, list) and value:
        return Choices(tuple(_written(name, choice) for choice in value))
    raise _invalid(f"{name} is neither a range nor a list of choices", _EXAMPLE)


def _written(name: str, choice: Any) -> int | float | str:
    """Return a choice as the study keeps it: lists, as of kernel widths, are written out."""
    if isinstance(choice, list):
        return ",".join(map(str, choice))
    if isinstance(choice, bool) or not isinstance(choice, int | float | str):
        raise _invalid(f"{name} has a choice that is no number and no text", _EXAMPLE)
    return choice


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
            Hyperparameters.model_validate({"recipe": recipe, name: value})
        except ValidationError as error:
            message = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise _invalid(
                f"{name} may not be {value!r:.80}: {message}",
                "docs/hyperparameters.md has the ranges.",
            ) from None


_EXAMPLE = (
    'Write, say, {"learning_rate": {"low": 0.0001, "high": 0.01, "log": true}, '
    '"filters": [64, 128, 256]}.'
)


def _invalid(problem: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(
        Code.HYPERPARAMETER_INVALID, f"the search_space is wrong: {problem}", remedy=remedy
    )
