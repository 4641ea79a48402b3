"""The recipe ``stacked``."""

from typing import Any

from text_classification.cnn.architectures.stacked.configuration import (
    LONGEST,
    StackedConfiguration,
)
from text_classification.cnn.recipe import Recipe
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.search_space import Choices, Interval
from text_classification.corpus.sequence_length import sequence_length
from text_classification.errors import Code, ConfigurationError
from text_classification.kernels.arrays import Indices

# Each is a number of the configuration, of the same name.
HYPERPARAMETERS = (
    *("filters", "kernel_size", "strides", "padding", "pool_size", "pool_padding", "dense_units"),
    "dropout",
)


def architecture(_: Hyperparameters) -> type[StackedConfiguration]:
    """Return the class of the shape."""
    return StackedConfiguration


def configure(
    chosen: Hyperparameters, lengths: Indices, *, vocabulary_size: int, classes: int
) -> StackedConfiguration:
    """Return the shape of a model: see ``Configure``."""
    configuration = StackedConfiguration(
        vocabulary_size=vocabulary_size,
        sequence_length=sequence_length(chosen.sequence_length, lengths, at_least=1),
        classes=classes,
        embedding_size=chosen.embedding_size,
        filters=chosen.filters,
        kernel_size=chosen.kernel_size,
        strides=chosen.strides,
        padding=chosen.padding,
        pool_size=chosen.pool_size,
        pool_padding=chosen.pool_padding,
        dense_units=chosen.dense_units,
        dropout=chosen.dropout,
    )
    _check_length(configuration, chosen.sequence_length)
    return configuration


def hyperparameters_of(configuration: StackedConfiguration) -> dict[str, Any]:
    """Return the hyperparameters that lead to a model of this shape, whatever the documents."""
    shape = configuration.as_dict()
    del shape["vocabulary_size"], shape["classes"]
    return {"recipe": "stacked", **shape}


def _check_length(configuration: StackedConfiguration, rule: str) -> None:
    length, shortest = configuration.sequence_length, configuration.shortest
    if not shortest <= length <= LONGEST:
        raise ConfigurationError(
            Code.HYPERPARAMETER_INVALID,
            f"sequence_length={rule} gives {length} tokens; the recipe stacked with these "
            f"hyperparameters reads {shortest} to {LONGEST}",
            remedy="Set sequence_length within that, or make kernel_size, strides or pool_size "
            "smaller.",
        )


RECIPES = (
    Recipe(
        "stacked",
        "two convolutions one after the other",
        hyperparameters=HYPERPARAMETERS,
        architecture=architecture,
        configure=configure,
        search_space={
            "embedding_size": Choices((64, 128, 256)),
            "filters": Choices((8, 16, 32, 64)),
            "kernel_size": Interval(low=3, high=7),
            "strides": Interval(low=1, high=3),
            "dense_units": Choices((64, 128, 256)),
            "dropout": Interval(low=0.1, high=0.5),
            "learning_rate": Interval(low=1e-3, high=3e-2, log=True),
            "decay_rate": Interval(low=0.1, high=1.0, log=True),
        },
        defaults={
            "pretrained": "none",
            "max_tokens": 20_000,
            "sequence_length": "300",
            "filters": 8,
            "dropout": 0.2,
            "learning_rate": 1e-2,
            "decay_rate": 0.2,
            "class_weights": "balanced",
            "epochs": 20,
            "patience": 10,
        },
    ),
)
