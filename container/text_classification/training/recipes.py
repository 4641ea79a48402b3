"""From hyperparameters and documents to a model's shape and back, for each recipe."""

from typing import Any

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.architectures.stacked.configuration import (
    LONGEST,
    StackedConfiguration,
)
from text_classification.cnn.configuration import Configuration
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.corpus.lengths import sequence_length
from text_classification.errors import Code, ConfigurationError
from text_classification.kernels.arrays import Indices


def configure(
    hyperparameters: Hyperparameters, lengths: Indices, *, vocabulary_size: int, classes: int
) -> Configuration:
    """Return the shape of the model; lengths: int64 [n], the tokens of the training documents.

    Raises ``ConfigurationError`` where the documents are too short or too long for the recipe.
    """
    if hyperparameters.recipe == "stacked":
        return _stacked(hyperparameters, lengths, vocabulary_size, classes)
    at_least = max(hyperparameters.kernel_widths)
    shape = KimConfiguration(
        vocabulary_size=vocabulary_size,
        sequence_length=sequence_length(
            hyperparameters.sequence_length, lengths, at_least=at_least
        ),
        classes=classes,
        embedding_size=hyperparameters.networks * hyperparameters.embedding_size,
        kernel_widths=hyperparameters.kernel_widths,
        filters=hyperparameters.networks * hyperparameters.filters,
        dropout=hyperparameters.dropout,
    )
    if hyperparameters.pooling == "max":
        return shape
    return PooledConfiguration(**vars(shape), pooling=hyperparameters.pooling)


def hyperparameters_of(configuration: Configuration) -> dict[str, Any]:
    """Return the hyperparameters that lead to a model of this shape, whatever the documents."""
    shape = configuration.as_dict()
    del shape["vocabulary_size"], shape["classes"]
    match configuration:
        case KimConfiguration() | PooledConfiguration():
            # Several networks have become one, and a normalisation is folded into its weights:
            # nothing can go on from them as they were.
            plain = {"pooling": "max", "batch_normalization": False, "networks": 1}
            return {"recipe": "kim", **plain, **shape}
        case StackedConfiguration():
            return {"recipe": "stacked", **shape}
        case _:
            raise TypeError(configuration)


def _stacked(
    hyperparameters: Hyperparameters, lengths: Indices, vocabulary_size: int, classes: int
) -> StackedConfiguration:
    configuration = StackedConfiguration(
        vocabulary_size=vocabulary_size,
        sequence_length=sequence_length(hyperparameters.sequence_length, lengths, at_least=1),
        classes=classes,
        embedding_size=hyperparameters.embedding_size,
        filters=hyperparameters.filters,
        kernel_size=hyperparameters.kernel_size,
        strides=hyperparameters.strides,
        padding=hyperparameters.padding,
        pool_size=hyperparameters.pool_size,
        pool_padding=hyperparameters.pool_padding,
        dense_units=hyperparameters.dense_units,
        dropout=hyperparameters.dropout,
    )
    _check_length(configuration, hyperparameters.sequence_length)
    return configuration


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
