"""Whether a request for a training job can be carried out, before anything is started."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.objects import Location
from textcnn.emulator.protocol.errors import NotEmulated, ValidationException
from textcnn.emulator.roles import check_role
from textcnn.emulator.runtime.container import OPT_ML
from textcnn.emulator.training.channels import check_channel

# Members of CreateTrainingJob that ask for more than a container with files: refused by name.
UNKNOWN = (
    "DebugRuleConfigurations",
    "MlflowConfig",
    "ModelPackageConfig",
    "ProfilerRuleConfigurations",
    "ServerlessJobConfig",
    "TensorBoardOutputConfig",
)
UNKNOWN_RESOURCES = (
    "InstanceGroups",
    "InstancePlacementConfig",
    "InstancePreferences",
    "KeepAlivePeriodInSeconds",
    "TrainingPlanArn",
)
NEEDED_RESOURCES = ("InstanceType", "InstanceCount", "VolumeSizeInGB")
DEFAULT_SECONDS = 86_400


def check(account: Account, request: Mapping[str, Any]) -> None:
    """Raise ``NotEmulated`` or ``ValidationException`` where the job cannot be run."""
    refuse(request, UNKNOWN, "")
    _check_algorithm(request["AlgorithmSpecification"])
    _check_resources(request.get("ResourceConfig", {}))
    check_times(request)
    _check_outputs(request)
    check_role(account, request["RoleArn"])
    channels = request.get("InputDataConfig", [])
    names = [channel["ChannelName"] for channel in channels]
    if len(set(names)) < len(names):
        raise ValidationException(f"two channels have one name: {', '.join(sorted(names))}")
    for channel in channels:
        check_channel(account, channel, request)


def refuse(values: Mapping[str, Any], unknown: Iterable[str], place: str) -> None:
    """Raise ``NotEmulated`` where one of these members is given."""
    for name in unknown:
        if values.get(name):
            raise NotEmulated(f"CreateTrainingJob's {place}{name}")


def check_times(request: Mapping[str, Any]) -> None:
    """Hold the limits of time to the rules for spot instances."""
    condition = request.get("StoppingCondition", {})
    wait = condition.get("MaxWaitTimeInSeconds")
    if not request.get("EnableManagedSpotTraining"):
        if wait is not None:
            # Kenza-AI/sagify#111
            raise ValidationException(
                "Invalid MaxWaitTimeInSeconds. It is only supported when "
                "EnableManagedSpotTraining is set to true"
            )
    elif wait is None or wait < condition.get("MaxRuntimeInSeconds", DEFAULT_SECONDS):
        raise ValidationException(
            "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to "
            "MaxRuntimeInSeconds"
        )


def _check_algorithm(algorithm: Mapping[str, Any]) -> None:
    refuse(algorithm, ("AlgorithmName",), "AlgorithmSpecification.")
    if not algorithm.get("TrainingImage"):
        raise ValidationException("AlgorithmSpecification must have a TrainingImage")
    for definition in algorithm.get("MetricDefinitions", []):
        check_metric(definition)


def check_metric(definition: Mapping[str, str]) -> None:
    """Raise ``ValidationException`` for an expression that cannot be read or has no group."""
    try:
        groups = re.compile(definition["Regex"]).groups
    except re.error as error:
        raise ValidationException(
            f"the expression of the metric {definition['Name']} cannot be read: {error}"
        ) from None
    if groups != 1:
        raise ValidationException(
            f"the expression of the metric {definition['Name']} must have one group, not {groups}"
        )


def _check_resources(resources: Mapping[str, Any]) -> None:
    refuse(resources, UNKNOWN_RESOURCES, "ResourceConfig.")
    for name in NEEDED_RESOURCES:
        if not resources.get(name):
            raise ValidationException(f"ResourceConfig must have {name}, of 1 or more")


def _check_outputs(request: Mapping[str, Any]) -> None:
    output = request["OutputDataConfig"]
    Location.parse(output["S3OutputPath"])
    if output.get("CompressionType") == "NONE":
        raise NotEmulated("CreateTrainingJob's OutputDataConfig.CompressionType NONE")
    checkpoints = request.get("CheckpointConfig")
    if checkpoints:
        Location.parse(checkpoints["S3Uri"])
        if not checkpoints.get("LocalPath", f"{OPT_ML}/checkpoints").startswith(f"{OPT_ML}/"):
            raise NotEmulated(f"CreateTrainingJob's CheckpointConfig.LocalPath outside {OPT_ML}")
