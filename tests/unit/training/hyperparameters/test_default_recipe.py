"""training/hyperparameters/default_recipe.py: the recipe of a job that names none."""

import logging
from typing import Any

import pytest

from text_classification.errors import ConfigurationError
from text_classification.training.hyperparameters.default_recipe import tell_recipe
from text_classification.training.hyperparameters.parse import parse_hyperparameters, resolve


@pytest.mark.parametrize("asked", [{}, {"recipe": "auto"}, {"recipe": '"auto"'}, {"recipe": ""}])
def test_a_job_that_names_no_recipe_gets_the_most_accurate(asked: dict[str, Any]) -> None:
    """With all of its defaults; auto is no recipe that was asked for."""
    found = parse_hyperparameters({**asked, "epochs": "3"})
    wide = parse_hyperparameters({"recipe": "wide", "epochs": "3"})
    assert found.model_dump() == wide.model_dump()
    assert found.asked == {"epochs": 3}
    # What is resolved once more, for a trial or with vectors, is the same.
    assert resolve(found.asked) == found


@pytest.mark.parametrize("value", ["false", False, "0", "no"])
def test_without_ngrams_it_is_the_plain_network(value: Any) -> None:
    """However a client writes it, with the defaults of kim."""
    found = parse_hyperparameters({"ngrams": value})
    assert found.model_dump() == parse_hyperparameters({"recipe": "kim"}).model_dump()


def test_a_recipe_that_is_named_is_taken() -> None:
    """Whatever goes with it."""
    assert parse_hyperparameters({"recipe": "wide", "ngrams": "false"}).recipe == "wide"
    assert parse_hyperparameters({"recipe": "kim", "ngrams": "true"}).recipe == "kim"


@pytest.mark.parametrize("wrong", [{"ngrams": "perhaps"}, {"recipe": "best"}, {"recipe": ["wide"]}])
def test_what_is_wrong_is_told_as_ever(wrong: dict[str, Any]) -> None:
    """The name of the hyperparameter, and what it may be."""
    (name,) = wrong
    with pytest.raises(ConfigurationError, match=f"the hyperparameter {name} is") as raised:
        parse_hyperparameters(wrong)
    assert raised.value.remedy


def test_the_log_says_which_was_taken(caplog: pytest.LogCaptureFixture) -> None:
    """In one line, and nothing where the job has named it."""
    caplog.set_level(logging.INFO)
    for asked in ({}, {"ngrams": False}, {"recipe": "wide"}):
        tell_recipe(resolve(asked))
    assert [each.message for each in caplog.records] == [
        "recipe=wide, the default: no recipe was set",
        "recipe=kim, the default: no recipe was set",
    ]
