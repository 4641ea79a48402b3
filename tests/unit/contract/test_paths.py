"""contract/paths.py."""

from pathlib import Path

import pytest

from text_classification.contract.paths import Paths


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("hyperparameters", "/opt/ml/input/config/hyperparameters.json"),
        ("input_data_config", "/opt/ml/input/config/inputdataconfig.json"),
        ("resource_config", "/opt/ml/input/config/resourceconfig.json"),
        ("data", "/opt/ml/input/data"),
        ("model", "/opt/ml/model"),
        ("output_data", "/opt/ml/output/data"),
        ("failure", "/opt/ml/output/failure"),
    ],
)
def test_places_are_those_of_the_contract(name: str, place: str) -> None:
    """Each path is where SageMaker expects it, and moves with the root."""
    assert getattr(Paths(), name) == Path(place)
    assert getattr(Paths(Path("/moved")), name) == Path(place.replace("/opt/ml", "/moved"))


def test_data_folder_is_training_input(paths: Paths) -> None:
    """A data folder is enough."""
    paths.data.mkdir(parents=True)
    assert paths.training_input_exists


def test_hyperparameters_are_training_input(paths: Paths) -> None:
    """So is a file of hyperparameters, which a job without channels has."""
    paths.hyperparameters.parent.mkdir(parents=True)
    paths.hyperparameters.write_text("{}")
    assert paths.training_input_exists


def test_model_is_no_training_input(paths: Paths) -> None:
    """A hosting container has a model folder and no input."""
    paths.model.mkdir()
    assert not paths.training_input_exists
