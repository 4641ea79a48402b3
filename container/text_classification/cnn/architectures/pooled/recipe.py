"""``pooled.v1`` has no recipe of its own: those of ``kim`` take it where ``pooling`` says so."""

from typing import Any

from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.recipe import Recipe

RECIPES: tuple[Recipe, ...] = ()


def hyperparameters_of(configuration: PooledConfiguration) -> dict[str, Any]:
    """Return the hyperparameters that lead to a model of this shape, whatever the documents.

    A normalisation is folded into its weights: nothing can go on from it as it was.
    """
    shape = configuration.as_dict()
    del shape["vocabulary_size"], shape["classes"]
    return {"recipe": "kim", "batch_normalization": False, "networks": 1, **shape}
