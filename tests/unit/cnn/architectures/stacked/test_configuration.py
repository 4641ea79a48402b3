"""cnn/architectures/stacked/configuration.py."""

import json
from typing import Any

import pytest
from hypothesis import given

from tests.unit.helpers import stacked_artifact, stacked_of
from tests.unit.inference.models import STACKED
from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration

CONFIGURATION = stacked_of(stacked_artifact())


def test_configuration_survives_json() -> None:
    """What is written is read."""
    values = json.loads(json.dumps(CONFIGURATION.as_dict()))
    assert StackedConfiguration.from_dict(values) == CONFIGURATION


def test_shapes_follow_from_the_numbers() -> None:
    """Each weight has a name and a shape, in the order of the model."""
    assert list(CONFIGURATION.shapes().items()) == [
        ("embedding", (CONFIGURATION.vocabulary_size, 6)),
        ("convolution_1.kernel", (3, 6, 4)),
        ("convolution_1.bias", (4,)),
        ("convolution_2.kernel", (3, 4, 4)),
        ("convolution_2.bias", (4,)),
        ("hidden.kernel", (4, 5)),
        ("hidden.bias", (5,)),
        ("dense.kernel", (5, 3)),
        ("dense.bias", (3,)),
    ]


@given(STACKED)
def test_shortest_sequence_leaves_one_window(configuration: StackedConfiguration) -> None:
    """With one token less the second convolution has none."""
    assert configuration.windows(configuration.shortest)[2].count == 1
    assert configuration.windows(configuration.shortest - 1)[2].count == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        *(({name: 0}, "whole number") for name in ("strides", "pool_size", "dense_units")),
        ({"kernel_size": -1}, "whole number"),
        ({"filters": True}, "whole number"),
        ({"classes": 3.0}, "whole number"),
        ({"embedding_size": "6"}, "whole number"),
        ({"dense_units": [5]}, "whole number"),
        ({"padding": "causal"}, "neither valid nor same"),
        ({"padding": ["same"]}, "neither valid nor same"),
        ({"pool_padding": None}, "neither valid nor same"),
        ({"dropout": 1}, "dropout"),
        ({"dropout": float("nan")}, "dropout"),
        ({"strides": 65}, "wider than 64"),
        ({"kernel_size": 10**9}, "wider than 64"),
        ({"kernel_size": 10**20}, "whole number"),
        ({"pool_size": 65}, "wider than 64"),
        ({"sequence_length": 1_000_001}, "longer than 1000000"),
        ({"sequence_length": 8}, "no window"),
        ({"sequence_length": 10, "pool_padding": "valid"}, "no window"),
        ({"kernel_widths": [3]}, "fields"),
    ],
    ids=str,
)
def test_hostile_values_are_refused(change: dict[str, Any], reason: str) -> None:
    """Numbers of the wrong kind or range, names nobody knows, and sizes that leave no window."""
    with pytest.raises(ValueError, match=reason):
        StackedConfiguration.from_dict({**CONFIGURATION.as_dict(), **change})


@pytest.mark.parametrize("name", CONFIGURATION.as_dict())
def test_every_number_is_needed(name: str) -> None:
    """A missing number is refused, not guessed."""
    values = CONFIGURATION.as_dict()
    del values[name]
    with pytest.raises(ValueError, match="fields"):
        StackedConfiguration.from_dict(values)


def test_limits_belong_to_the_range() -> None:
    """The shortest sequence, the longest, and the widest windows make a model."""
    values = CONFIGURATION.as_dict()
    widest = dict.fromkeys(("kernel_size", "strides", "pool_size"), 64)
    for change in (
        {"sequence_length": CONFIGURATION.shortest},
        {"sequence_length": 1_000_000, **widest},
        {"dropout": 0},
    ):
        found = StackedConfiguration.from_dict({**values, **change})
        assert found.windows(found.sequence_length)[2].count >= 1
