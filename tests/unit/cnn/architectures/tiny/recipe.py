"""The recipe ``tiny``."""

from typing import Any

from tests.unit.cnn.architectures.tiny.configuration import TinyConfiguration
from text_classification.cnn.recipe import Recipe
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.search_space import Choices
from text_classification.corpus.sequence_length import sequence_length
from text_classification.kernels.arrays import Indices


def configure(
    chosen: Hyperparameters, lengths: Indices, *, vocabulary_size: int, classes: int
) -> TinyConfiguration:
    """Return the shape of a model: see ``Configure``."""
    return TinyConfiguration(
        vocabulary_size,
        sequence_length(chosen.sequence_length, lengths, at_least=1),
        classes,
        chosen.embedding_size,
    )


def hyperparameters_of(configuration: TinyConfiguration) -> dict[str, Any]:
    """Return the hyperparameters that lead to a model of this shape, whatever the documents."""
    shape = configuration.as_dict()
    return {
        "recipe": "tiny",
        **{name: shape[name] for name in ("sequence_length", "embedding_size")},
    }


RECIPES = (
    Recipe(
        "tiny",
        "the mean of a document's vectors",
        hyperparameters=(),
        architecture=lambda _: TinyConfiguration,
        configure=configure,
        search_space={"embedding_size": Choices((4, 8))},
        defaults={"embedding_size": 8, "learning_rate": 0.05, "epochs": 10},
    ),
)
