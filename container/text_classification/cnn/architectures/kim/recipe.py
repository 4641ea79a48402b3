"""The recipes ``kim`` and ``wide``."""

from typing import Any

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.convolutions import ConvolutionsConfiguration
from text_classification.cnn.recipe import Recipe
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.search_space import Choices, Interval, SearchSpace
from text_classification.corpus.sequence_length import sequence_length
from text_classification.kernels.arrays import Indices

HYPERPARAMETERS = (
    *("kernel_widths", "filters", "networks", "pooling", "batch_normalization", "dropout"),
    "adversarial",
)
# Of wide it is the network: how its n-grams are made is always chosen by held-out documents.
SEARCH_SPACE: SearchSpace = {
    "embedding_size": Choices((64, 128, 256)),
    "kernel_widths": Choices(("3", "5", "2,3,4", "3,4,5", "1,2,3")),
    "filters": Choices((64, 128, 256)),
    "dropout": Interval(low=0.1, high=0.7),
    "learning_rate": Interval(low=3e-4, high=1e-2, log=True),
    "batch_size": Choices((32, 64, 128)),
}


def architecture(chosen: Hyperparameters) -> type[ConvolutionsConfiguration]:
    """Return the class of the shape: another pooling than max is another architecture."""
    return KimConfiguration if chosen.pooling == "max" else PooledConfiguration


def configure(
    chosen: Hyperparameters, lengths: Indices, *, vocabulary_size: int, classes: int
) -> ConvolutionsConfiguration:
    """Return the shape of a model: see ``Configure``."""
    shape = KimConfiguration(
        vocabulary_size=vocabulary_size,
        sequence_length=sequence_length(
            chosen.sequence_length, lengths, at_least=max(chosen.kernel_widths)
        ),
        classes=classes,
        embedding_size=chosen.networks * chosen.embedding_size,
        kernel_widths=chosen.kernel_widths,
        filters=chosen.networks * chosen.filters,
        dropout=chosen.dropout,
    )
    if chosen.pooling == "max":
        return shape
    return PooledConfiguration(**vars(shape), pooling=chosen.pooling)


def hyperparameters_of(configuration: KimConfiguration) -> dict[str, Any]:
    """Return the hyperparameters that lead to a model of this shape, whatever the documents.

    Several networks have become one, and a normalisation is folded into its weights: nothing can
    go on from them as they were.
    """
    shape = configuration.as_dict()
    del shape["vocabulary_size"], shape["classes"]
    plain = {"pooling": "max", "batch_normalization": False, "networks": 1}
    return {"recipe": "kim", **plain, **shape}


RECIPES = (
    Recipe(
        "kim",
        "convolutions of several widths side by side",
        hyperparameters=HYPERPARAMETERS,
        architecture=architecture,
        configure=configure,
        search_space=SEARCH_SPACE,
    ),
    Recipe(
        "wide",
        "the same with a linear model of n-grams beside it, trained adversarially, for the best "
        "accuracy",
        hyperparameters=HYPERPARAMETERS,
        architecture=architecture,
        configure=configure,
        search_space=SEARCH_SPACE,
        defaults={
            "ngrams": True,
            "refit": True,
            "adversarial": 0.2,
            "tokenizer": "words_and_symbols",
            "max_tokens": 200_000,
            "min_count": 1,
            "sequence_length": "p95",
            "keras_export": False,
        },
    ),
)
