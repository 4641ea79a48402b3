"""examples/pipeline: its definition is up to date, and is one that the service can carry out."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from botocore.model import ListShape, StructureShape

from tests.examples.definitions import (
    OPERATIONS,
    PARAMETER_TYPES,
    STEP_NAME,
    STEP_TYPES,
    all_steps,
    references,
    resolved,
)
from tests.support.training import ROOT
from text_classification.contract.metric_lines import METRICS
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.validation import validate

FOLDER = ROOT / "examples/pipeline"
DEFINITION = json.loads((FOLDER / "definition.json").read_text())
STEPS = {step["Name"]: step for step in all_steps(DEFINITION["Steps"])}
PARAMETERS = {each["Name"]: each for each in DEFINITION["Parameters"]}
# What an execution is started with, and what the training job then says.
VALUES = {
    "Parameters.Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/text-classification:1",
    "Parameters.RoleArn": "arn:aws:iam::123456789012:role/execution",
    "Parameters.TrainingData": "s3://bucket/data",
    "Parameters.OutputPath": "s3://bucket/jobs",
    "Parameters.ModelPackageGroup": "letters",
    "Parameters.InstanceType": "ml.m5.xlarge",
    "Parameters.Recipe": "wide",
    "Parameters.MinimumAccuracy": 0.9,
    "Steps.Train.FinalMetricDataList['validation:accuracy'].Value": 0.95,
    "Steps.Train.ModelArtifacts.S3ModelArtifacts": "s3://bucket/jobs/job/output/model.tar.gz",
}


def test_file_is_what_the_program_prints() -> None:
    """The definition was made by the program beside it, which needs no library."""
    command = [sys.executable, "-I", str(FOLDER / "definition.py")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed == (FOLDER / "definition.json").read_text()


def test_steps_are_known_and_named() -> None:
    """Version, kinds and names are those that the service reads; no name is given twice."""
    assert DEFINITION["Version"] == "2020-12-01"
    names = [step["Name"] for step in all_steps(DEFINITION["Steps"])]
    assert len(names) == len(set(names))
    for step in STEPS.values():
        assert set(step) == {"Name", "Type", "Arguments"}
        assert re.fullmatch(STEP_NAME, step["Name"])
        assert step["Type"] in STEP_TYPES


def test_parameters_are_typed() -> None:
    """A default is of the parameter's type."""
    for each in PARAMETERS.values():
        kind = PARAMETER_TYPES[each["Type"]]
        assert isinstance(each.get("DefaultValue", kind()), kind)


def test_every_parameter_is_used_and_every_reference_leads_somewhere() -> None:
    """References are to parameters that there are and to answers of steps that there are."""
    found = set(references(DEFINITION["Steps"]))
    assert found == set(VALUES)
    assert {name.removeprefix("Parameters.") for name in found if name[0] == "P"} == set(PARAMETERS)
    for name in found - {f"Parameters.{each}" for each in PARAMETERS}:
        _, step, path = name.split(".", 2)
        _check_path(OPERATIONS[STEPS[step]["Type"]][1], path)


def _check_path(operation: str, path: str) -> None:
    """Fail unless the answer of an operation has the path."""
    shape = service_model("sagemaker").operation_model(operation).output_shape
    for name, key in re.findall(r"([A-Za-z0-9]+)(?:\['([^']*)'\])?", path):
        assert isinstance(shape, StructureShape)
        shape = shape.members[name]
        if key:  # an element of a list by its name: here of the final metrics
            assert isinstance(shape, ListShape)
            assert key in METRICS
            shape = shape.member


@pytest.mark.parametrize("name", ["Train", "Register"])
def test_arguments_are_those_of_the_operation(name: str) -> None:
    """With its references resolved, a step's request is one that the service's model accepts."""
    step = STEPS[name]
    request = resolved(step["Arguments"], VALUES)
    if step["Type"] == "Training":
        request["TrainingJobName"] = "pipelines-x-Train-y"  # the service chooses it
    operation = OPERATIONS[step["Type"]][0]
    validate(service_model("sagemaker").operation_model(operation).input_shape, request)


def test_hyperparameters_are_the_images() -> None:
    """The container would read them, and prints the metric that the condition compares."""
    train: dict[str, Any] = resolved(STEPS["Train"]["Arguments"], VALUES)
    assert parse_hyperparameters(train["HyperParameters"]).recipe == "wide"
    names = {each["Name"] for each in train["AlgorithmSpecification"]["MetricDefinitions"]}
    assert "validation:accuracy" in names


def test_a_low_score_is_told() -> None:
    """The execution fails with the score in its reason, and nothing is registered."""
    arguments = STEPS["CheckScore"]["Arguments"]
    assert [step["Name"] for step in arguments["IfSteps"]] == ["Register"]
    (fail,) = arguments["ElseSteps"]
    message = resolved(fail["Arguments"]["ErrorMessage"], VALUES)
    assert message == "validation:accuracy is below what was asked for: 0.95"
    (condition,) = arguments["Conditions"]
    assert condition["Type"] == "GreaterThanOrEqualTo"
    assert resolved([condition["LeftValue"], condition["RightValue"]], VALUES) == [0.95, 0.9]
