"""cnn/architectures/kim/configuration.py."""

import json
from typing import Any

import pytest

from text_classification.cnn.architectures.kim.configuration import KimConfiguration

CONFIGURATION = KimConfiguration(
    vocabulary_size=50,
    sequence_length=8,
    classes=3,
    embedding_size=6,
    kernel_widths=(4, 2),
    filters=5,
    dropout=0.25,
)


def test_configuration_survives_json() -> None:
    """What is written is read, the order of the widths included."""
    values = json.loads(json.dumps(CONFIGURATION.as_dict()))
    assert KimConfiguration.from_dict(values) == CONFIGURATION


def test_shapes_follow_from_the_numbers() -> None:
    """Each weight has a name and a shape, in the order of the model."""
    assert list(CONFIGURATION.shapes().items()) == [
        ("embedding", (50, 6)),
        ("convolution_4.kernel", (4, 6, 5)),
        ("convolution_4.bias", (5,)),
        ("convolution_2.kernel", (2, 6, 5)),
        ("convolution_2.bias", (5,)),
        ("dense.kernel", (10, 3)),
        ("dense.bias", (3,)),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"vocabulary_size": 0},
        {"sequence_length": -1},
        {"classes": 3.0},
        {"embedding_size": "6"},
        {"filters": True},
        {"filters": None},
        {"classes": [3]},
        {"kernel_widths": []},
        {"kernel_widths": 3},
        {"kernel_widths": "34"},
        {"kernel_widths": [3, 3]},
        {"kernel_widths": [0]},
        {"kernel_widths": [True]},
        {"kernel_widths": [[3]]},
        {"kernel_widths": [9]},
        {"kernel_widths": [65], "sequence_length": 100},
        {"kernel_widths": [2, 10**20], "sequence_length": 10**20},
        {"dropout": 1},
        {"dropout": -0.1},
        {"dropout": True},
        {"dropout": None},
        {"dropout": float("nan")},
        {"learning_rate": 0.1},
    ],
    ids=str,
)
def test_hostile_values_are_refused(change: dict[str, Any]) -> None:
    """Numbers of the wrong kind or range, and names nobody knows, are a ``ValueError``."""
    with pytest.raises(ValueError, match=r"whole number|distinct|wider|dropout|fields"):
        KimConfiguration.from_dict({**CONFIGURATION.as_dict(), **change})


def test_limits_belong_to_the_range() -> None:
    """A kernel as wide as the sequence, no dropout, and 1 everywhere else make a model."""
    values = {**dict.fromkeys(CONFIGURATION.as_dict(), 1), "kernel_widths": [1], "dropout": 0}
    assert KimConfiguration.from_dict(values).features == 1


def test_widest_kernel_is_the_widest_that_the_compiled_ones_take() -> None:
    """A width of 64, and no more: see WIDEST in kernels.h."""
    values = {**CONFIGURATION.as_dict(), "sequence_length": 100}
    assert KimConfiguration.from_dict({**values, "kernel_widths": [64]}).kernel_widths == (64,)
    with pytest.raises(ValueError, match="wider than 64"):
        KimConfiguration.from_dict({**values, "kernel_widths": [64, 65]})


@pytest.mark.parametrize("name", CONFIGURATION.as_dict())
def test_every_number_is_needed(name: str) -> None:
    """A missing number is refused, not guessed."""
    values = CONFIGURATION.as_dict()
    del values[name]
    with pytest.raises(ValueError, match="fields"):
        KimConfiguration.from_dict(values)
