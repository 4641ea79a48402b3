"""Whether a tuning job can be carried out, before anything is started."""

from collections.abc import Mapping
from typing import Any

from textcnn.emulator.protocol.errors import NotEmulated, ValidationException

UNKNOWN = ("Autotune", "TrainingJobDefinitions", "WarmStartConfig")
UNKNOWN_CONFIGURATION = ("StrategyConfig", "TuningJobCompletionCriteria")
UNKNOWN_DEFINITION = (
    "HyperParameterRanges",
    "HyperParameterTuningResourceConfig",
    "TuningObjective",
)


def check(request: Mapping[str, Any]) -> None:
    """Raise ``NotEmulated`` or ``ValidationException`` where the job cannot be run."""
    configuration = request["HyperParameterTuningJobConfig"]
    _refuse(request, UNKNOWN, "")
    _refuse(configuration, UNKNOWN_CONFIGURATION, "HyperParameterTuningJobConfig.")
    _check_configuration(configuration)
    if "TrainingJobDefinition" not in request:
        raise ValidationException("a tuning job needs a TrainingJobDefinition")
    definition = request["TrainingJobDefinition"]
    _refuse(definition, UNKNOWN_DEFINITION, "TrainingJobDefinition.")
    _check_objective(configuration, definition)


def _refuse(values: Mapping[str, Any], unknown: tuple[str, ...], place: str) -> None:
    for name in unknown:
        if values.get(name):
            raise NotEmulated(f"CreateHyperParameterTuningJob's {place}{name}")


def _check_configuration(configuration: Mapping[str, Any]) -> None:
    if configuration["Strategy"] == "Hyperband":
        raise NotEmulated("the strategy Hyperband: use Bayesian, Random or Grid")
    if configuration.get("TrainingJobEarlyStoppingType") == "Auto":
        raise NotEmulated("TrainingJobEarlyStoppingType Auto: leave it Off")
    limits = configuration["ResourceLimits"]
    if "MaxRuntimeInSeconds" in limits:
        raise NotEmulated("a tuning job's ResourceLimits.MaxRuntimeInSeconds")
    if configuration["Strategy"] != "Grid" and "MaxNumberOfTrainingJobs" not in limits:
        raise ValidationException("ResourceLimits must have MaxNumberOfTrainingJobs")


def _check_objective(configuration: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    objective = configuration.get("HyperParameterTuningJobObjective", {}).get("MetricName")
    defined = definition["AlgorithmSpecification"].get("MetricDefinitions", [])
    if objective not in [each["Name"] for each in defined]:
        # aws/amazon-sagemaker-examples#1207
        raise ValidationException(
            "A metric is required for this hyperparameter tuning job objective. Provide a metric "
            "in the metric definitions."
        )
