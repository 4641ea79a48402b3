"""Print the definition of a SageMaker pipeline: train, check the score, register the model.

python examples/pipeline/definition.py > examples/pipeline/definition.json
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "container"))

from text_classification.contract.metric_lines import metric_definitions  # noqa: E402

SCORE = "validation:accuracy"
MODEL_PACKAGE = ROOT / "examples/registry/model_package.json"

# What an execution may set; those without a default must be given.
PARAMETERS: list[dict[str, Any]] = [
    {"Name": "Image", "Type": "String"},
    {"Name": "RoleArn", "Type": "String"},
    {"Name": "TrainingData", "Type": "String"},
    {"Name": "OutputPath", "Type": "String"},
    {"Name": "ModelPackageGroup", "Type": "String"},
    {"Name": "InstanceType", "Type": "String", "DefaultValue": "ml.m5.xlarge"},
    {"Name": "Recipe", "Type": "String", "DefaultValue": "wide"},
    {"Name": "MinimumAccuracy", "Type": "Float", "DefaultValue": 0.9},
]


def parameter(name: str) -> dict[str, str]:
    """Return a reference to a parameter of the execution."""
    return {"Get": f"Parameters.{name}"}


def trained(path: str) -> dict[str, str]:
    """Return a reference to what DescribeTrainingJob says of the step Train."""
    return {"Get": f"Steps.Train.{path}"}


def joined(*values: str | dict[str, str]) -> dict[str, Any]:
    """Return the values as one string; SageMaker puts it together when the step runs."""
    return {"Std:Join": {"On": "", "Values": list(values)}}


ACCURACY = trained(f"FinalMetricDataList['{SCORE}'].Value")


def definition() -> dict[str, Any]:
    """Return the pipeline's definition, in the version that SageMaker reads."""
    return {
        "Version": "2020-12-01",
        "Parameters": PARAMETERS,
        "Steps": [
            {"Name": "Train", "Type": "Training", "Arguments": _training_job()},
            {"Name": "CheckScore", "Type": "Condition", "Arguments": _check()},
        ],
    }


def _training_job() -> dict[str, Any]:
    """Return the members of CreateTrainingJob; SageMaker chooses the job's name."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": parameter("Image"),
            "TrainingInputMode": "File",
            "MetricDefinitions": metric_definitions(),
        },
        "RoleArn": parameter("RoleArn"),
        "HyperParameters": {"recipe": parameter("Recipe")},
        "InputDataConfig": [
            {
                "ChannelName": "training",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": parameter("TrainingData"),
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
        ],
        "OutputDataConfig": {"S3OutputPath": parameter("OutputPath")},
        "ResourceConfig": {
            "InstanceCount": 1,
            "InstanceType": parameter("InstanceType"),
            "VolumeSizeInGB": 20,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def _check() -> dict[str, Any]:
    """Return the members of the condition: good enough is registered, else the execution fails."""
    condition = {
        "Type": "GreaterThanOrEqualTo",
        "LeftValue": ACCURACY,
        "RightValue": parameter("MinimumAccuracy"),
    }
    message = joined(f"{SCORE} is below what was asked for: ", ACCURACY)
    return {
        "Conditions": [condition],
        "IfSteps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": _model_package()}],
        "ElseSteps": [{"Name": "TooLow", "Type": "Fail", "Arguments": {"ErrorMessage": message}}],
    }


def _model_package() -> dict[str, Any]:
    """Return the members of CreateModelPackage."""
    package: dict[str, Any] = json.loads(MODEL_PACKAGE.read_text("utf-8"))
    package["InferenceSpecification"]["Containers"] = [
        {
            "Image": parameter("Image"),
            "ModelDataUrl": trained("ModelArtifacts.S3ModelArtifacts"),
        }
    ]
    return {
        "ModelPackageGroupName": parameter("ModelPackageGroup"),
        "CustomerMetadataProperties": {SCORE: joined(ACCURACY)},
        **package,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(definition(), indent=2) + "\n")
