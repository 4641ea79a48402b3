"""The recipes by name, and what they make of hyperparameters."""

from importlib import import_module
from typing import Any

from text_classification.cnn.architectures import registry
from text_classification.cnn.base_configuration import Configuration
from text_classification.cnn.recipe import Recipe
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.kernels.arrays import Indices


def recipes() -> dict[str, Recipe]:
    """Return the recipes of all architectures by name."""
    files = [import_module(f"{folder}.recipe") for folder in registry.FOLDERS]
    return {recipe.name: recipe for file in files for recipe in file.RECIPES}


def configure(
    chosen: Hyperparameters, lengths: Indices, *, vocabulary_size: int, classes: int
) -> Configuration:
    """Return the shape of a model; lengths: int64 [n], the tokens of the training documents.

    Raises ``ConfigurationError`` where the documents are too short or too long for the recipe.
    """
    make = recipes()[chosen.recipe].configure
    return make(chosen, lengths, vocabulary_size=vocabulary_size, classes=classes)


def hyperparameters_of(configuration: Configuration) -> dict[str, Any]:
    """Return the hyperparameters that lead to a model of this shape, whatever the documents."""
    recipe = registry.file_of(configuration, "recipe")
    chosen: dict[str, Any] = recipe.hyperparameters_of(configuration)
    return chosen


def have_the_same_network(one: str, other: str) -> bool:
    """Tell whether two recipes, by name, differ in nothing that gives a network its shape."""
    known = recipes()
    return known[one].configure is known[other].configure
