"""training/hyperparameters/job_search_space.py."""

import json
from typing import Any

import pytest

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import Hyperparameters, searchable_names
from text_classification.contract.search_space import Choices, Interval, SearchSpace
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hyperparameters.job_search_space import (
    names_searchable_in,
    search_space,
)
from text_classification.training.hyperparameters.parse import resolve

SEARCH_SPACES = {recipe.name: recipe.search_space for recipe in recipes().values()}


def space_of(written: Any, **given: Any) -> SearchSpace:
    """Return the space that a job with these hyperparameters searches."""
    text = written if isinstance(written, str) else json.dumps(written)
    return search_space(resolve({"search_space": text, **given}))


@pytest.mark.parametrize("recipe", SEARCH_SPACES)
def test_default_spaces_are_within_the_schema(recipe: str) -> None:
    """What is searched unless one says otherwise would pass as one's own space."""
    written = {
        name: list(part.values) if isinstance(part, Choices) else part.model_dump()
        for name, part in SEARCH_SPACES[recipe].items()
    }
    assert space_of(written, recipe=recipe) == SEARCH_SPACES[recipe]
    assert search_space(resolve({"recipe": recipe})) == SEARCH_SPACES[recipe]


def test_what_is_searched_does_something_in_the_recipe() -> None:
    """Each recipe has its own part of what can be searched at all, and every name has a recipe."""
    by_recipe = {recipe: set(names_searchable_in(recipe)) for recipe in SEARCH_SPACES}
    assert set(searchable_names()) == set().union(*by_recipe.values())
    assert by_recipe["stacked"] - by_recipe["kim"] >= {"strides", "dense_units"}
    assert "kernel_widths" in by_recipe["kim"] - by_recipe["stacked"]


def test_own_space_stands_in_place_of_the_default() -> None:
    """Ranges and choices; several numbers as one choice are written out."""
    written = {
        "learning_rate": {"low": 1e-4, "high": 1e-2, "log": True},
        "filters": [64, 128],
        "kernel_widths": [[3, 4, 5], [7], "2,3"],
        "sequence_length": ["mean", 300],
    }
    assert space_of(written) == {
        "learning_rate": Interval(low=1e-4, high=1e-2, log=True),
        "filters": Choices((64, 128)),
        "kernel_widths": Choices(("3,4,5", "7", "2,3")),
        "sequence_length": Choices(("mean", 300)),
    }


def test_space_may_come_as_an_object() -> None:
    """Local runs hand over JSON that nobody made a string of."""
    parameters = resolve({"search_space": {"filters": [1, 2]}})
    assert search_space(parameters) == {"filters": Choices((1, 2))}


def test_hyperparameters_that_are_set_are_not_searched() -> None:
    """Those of the user, not the recipe's defaults."""
    parameters = resolve({"recipe": "stacked", "filters": 12})
    assert set(search_space(parameters)) == set(SEARCH_SPACES["stacked"]) - {"filters"}


def test_nothing_left_to_search_is_told() -> None:
    """Only where there are to be trials."""
    given = {name: getattr(Hyperparameters(), name) for name in SEARCH_SPACES["kim"]}
    assert search_space(resolve(given)) == {}
    with pytest.raises(ConfigurationError, match="all that the recipe would search is set"):
        search_space(resolve({**given, "tuning_trials": 3}))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{", "it is no JSON object"),
        ("[]", "it is no JSON object"),
        ("{}", "it is no JSON object"),
        ({"filter": [1]}, "'filter' cannot be searched"),
        ({"epochs": [1, 2]}, "'epochs' cannot be searched"),
        ({"filters": []}, "filters is neither a range nor a list"),
        ({"filters": 64}, "filters is neither a range nor a list"),
        ({"filters": [64, True]}, "filters has a choice that is no number"),
        ({"filters": [64, 64]}, "filters names a choice twice"),
        ({"filters": [64, 5000]}, "the hyperparameter filters is 5000: it is not a whole number"),
        (
            {"filters": {"low": 1, "high": 9.5}},
            "the hyperparameter filters is 9.5: it is not a whole number",
        ),
        ({"padding": ["same"]}, "'padding' cannot be searched with the recipe wide"),
        ({"strides": [1], "epoch": [1]}, "'strides', 'epoch' cannot be searched"),
        ('{"filters": [1], "filters": [2]}', "it is no JSON object"),
        ("[" * 9000, "it is no JSON object"),
        ({"kernel_widths": [[3, [4]]]}, "kernel_widths has a choice that is no number"),
        ({"sequence_length": ["full"]}, "the hyperparameter sequence_length is 'full': write mean"),
        (
            {"kernel_widths": [[3, 3]]},
            "the hyperparameter kernel_widths is '3,3': each width may be named",
        ),
        ({"kernel_widths": {"low": 3, "high": 5}}, "kernel_widths is no number"),
        ({"dropout": {"low": 0.1}}, "dropout.high: Field required"),
        ({"dropout": {"low": 0.1, "high": 0.5, "step": 1}}, "dropout.step: Extra inputs"),
        ({"dropout": {"low": "0.1", "high": 0.5}}, "dropout.low: Input should be a valid"),
        ({"dropout": {"low": 0.5, "high": 0.5}}, "dropout: low is not below high"),
        ({"dropout": {"low": 0, "high": 0.5, "log": True}}, "dropout: with log, low must"),
        (
            {"dropout": {"low": 0.1, "high": 1}},
            "the hyperparameter dropout is 1: it is not a number from 0 to below 1",
        ),
    ],
)
def test_wrong_space_is_refused(written: Any, problem: str) -> None:
    """One sentence says what is wrong where, another what to write."""
    with pytest.raises(ConfigurationError) as raised:
        space_of(written)
    assert raised.value.code == Code.HYPERPARAMETER_INVALID
    assert raised.value.message.startswith(f"the search_space is wrong: {problem}")
    assert raised.value.remedy


def test_what_is_set_cannot_be_searched() -> None:
    """It cannot be meant both ways."""
    with pytest.raises(ConfigurationError, match="filters is set and searched"):
        space_of({"filters": [1, 2]}, filters=64)
