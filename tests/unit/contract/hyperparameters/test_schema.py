"""contract/hyperparameters: what each field says of its hyperparameter."""

import pytest

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.declaration import Affects, KnownBy
from text_classification.contract.hyperparameters.schema import (
    NAMES,
    Hyperparameters,
    declared,
    is_known_by_every_recipe,
    names_that_affect,
    searchable_names,
)


@pytest.mark.parametrize("name", NAMES)
def test_each_field_is_classified(name: str) -> None:
    """What it affects, who knows it and whether it is searched: by the declaration of all."""
    found = declared(name)
    assert found["affects"] in list(Affects)
    assert found["known_by"] in list(KnownBy)
    assert isinstance(found["searchable"], bool)
    assert Hyperparameters.model_fields[name].description


def test_lists_of_names_are_derived() -> None:
    """Each hyperparameter affects one thing, and only what decides on the weights is searched."""
    assert sorted(NAMES) == sorted(Hyperparameters.model_fields)
    assert names_that_affect(*Affects) == set(NAMES)
    assert sum(len(names_that_affect(each)) for each in Affects) == len(NAMES)
    assert set(searchable_names()) <= names_that_affect(Affects.SHAPE, Affects.WEIGHTS)


def test_what_recipes_must_name_is_named_by_one() -> None:
    """Else it could not be set at all; and no recipe names what every recipe knows."""
    named = {name for recipe in recipes().values() for name in recipe.hyperparameters}
    assert named == {name for name in NAMES if not is_known_by_every_recipe(name)}
    for recipe in recipes().values():
        assert set(recipe.defaults) <= set(NAMES)
        assert all(
            is_known_by_every_recipe(name) or name in recipe.hyperparameters
            for name in (*recipe.defaults, *recipe.search_space)
        )
