"""cnn/architectures/registry.py."""

from typing import Any

import pytest

from tests.unit.helpers import pooled_artifact, random_artifact, stacked_artifact
from text_classification.cnn.architectures.registry import read_configuration


@pytest.mark.parametrize("model", [random_artifact(), pooled_artifact(), stacked_artifact()])
def test_configuration_is_read_by_the_name_of_its_architecture(model: Any) -> None:
    """The name and what ``as_dict`` wrote give the configuration back."""
    configuration = model.configuration
    found = read_configuration(configuration.architecture, configuration.as_dict())
    assert found == configuration


@pytest.mark.parametrize("name", ["kim.v2", "stacked", "", None, 1, ["kim.v1"], "x" * 1000])
def test_unknown_name_is_refused(name: Any) -> None:
    """Whatever it is; it is repeated in 40 characters at most."""
    with pytest.raises(ValueError, match="is not known here") as raised:
        read_configuration(name, {})
    assert len(str(raised.value)) < 100


def test_numbers_of_another_architecture_are_refused() -> None:
    """Each has fields of its own."""
    for name in ("stacked.v1", "pooled.v1"):
        with pytest.raises(ValueError, match=f"not those of {name}"):
            read_configuration(name, random_artifact().configuration.as_dict())
