"""cnn/architectures/recipes.py and each recipe."""

from typing import Any

import numpy as np
import pytest

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.pooled.configuration import PooledConfiguration
from text_classification.cnn.architectures.recipes import configure, hyperparameters_of
from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.cnn.base_configuration import Configuration
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hyperparameters.parse import resolve


def configured(*lengths: int, **values: Any) -> Configuration:
    """Return the shape of a model of documents with so many tokens, of kim unless told."""
    hyperparameters = resolve({"recipe": "kim", **values})
    return configure(hyperparameters, np.array(lengths), vocabulary_size=50, classes=3)


def test_kim_reads_the_mean_length_and_a_kernel_at_least() -> None:
    """Its defaults, whatever the documents."""
    assert configured(10, 20) == KimConfiguration(50, 15, 3, 128, (3, 4, 5), 128, 0.5)
    assert configured(1, 2).sequence_length == 5


@pytest.mark.parametrize("pooling", ["attention", "average"])
def test_other_poolings_have_an_architecture_of_their_own(pooling: Any) -> None:
    """The same convolutions, with the numbers that are set for kim."""
    shape = (50, 15, 3, 128, (2, 6), 7, 0.5)
    found = configured(10, 20, pooling=pooling, kernel_widths=(2, 6), filters=7)
    assert found == PooledConfiguration(*shape, pooling)


def test_networks_side_by_side_are_one_of_their_size_together() -> None:
    """Each has the numbers and filters that are set."""
    found = configured(10, 20, networks=3, embedding_size=8, filters=7)
    assert found == KimConfiguration(50, 15, 3, 24, (3, 4, 5), 21, 0.5)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"networks": 2},
        {"pooling": "average"},
        {"recipe": "stacked", "filters": 9},
        {"kernel_widths": "2,7"},
    ],
)
def test_shape_leads_back_to_its_hyperparameters(values: dict[str, Any]) -> None:
    """What a job goes on from: other documents lead to the same shape."""
    shape = configured(10, 20, **values)
    again = resolve(hyperparameters_of(shape))
    assert configure(again, np.array([500]), vocabulary_size=50, classes=3) == shape


def test_stacked_has_the_shape_that_it_is_known_by() -> None:
    """300 tokens to 99 windows, 50 pooled positions, 16 windows of 8 filters."""
    found = configured(10, 20, recipe="stacked")
    assert found == StackedConfiguration(
        vocabulary_size=50,
        sequence_length=300,
        classes=3,
        embedding_size=128,
        filters=8,
        kernel_size=5,
        strides=3,
        padding="valid",
        pool_size=2,
        pool_padding="same",
        dense_units=128,
        dropout=0.2,
    )
    assert [windows.count for windows in found.windows(300)] == [99, 50, 16]


def test_every_number_of_stacked_can_be_set() -> None:
    """Each hyperparameter reaches the shape under its own name."""
    values = {
        "embedding_size": 7,
        "filters": 6,
        "kernel_size": 4,
        "strides": 2,
        "padding": "same",
        "pool_size": 3,
        "pool_padding": "valid",
        "dense_units": 9,
        "dropout": 0.5,
    }
    found = configured(30, recipe="stacked", sequence_length="max", **values)
    sizes = {"vocabulary_size": 50, "classes": 3, "sequence_length": 30}
    assert found.as_dict() == {**values, **sizes}


@pytest.mark.parametrize(
    ("length", "values", "hint"),
    [
        (9, {"sequence_length": "mean"}, "sequence_length=mean gives 9 tokens"),
        (400, {"sequence_length": "28"}, "reads 29 to 1000000"),
        (400, {"strides": 50}, "reads 405 to 1000000"),
        (2_000_000, {"sequence_length": "max"}, "gives 2000000 tokens"),
    ],
)
def test_length_without_a_window_is_told(length: int, values: dict[str, Any], hint: str) -> None:
    """The error says what it comes to, what would do, and which hyperparameters decide."""
    with pytest.raises(ConfigurationError, match=hint) as raised:
        configured(length, recipe="stacked", **values)
    assert raised.value.code == Code.HYPERPARAMETER_INVALID
    assert "kernel_size" in raised.value.remedy


def test_shortest_length_is_taken() -> None:
    """One window is enough."""
    assert configured(9, recipe="stacked", sequence_length="29").sequence_length == 29
