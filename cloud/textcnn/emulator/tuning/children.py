"""The training jobs of a tuning job: their requests and summaries."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import optuna

from textcnn.emulator.training.description import describe
from textcnn.emulator.training.state import TrainingJob

# The service tells the container by this hyperparameter which metric it is judged by.
OBJECTIVE = "_tuning_objective_metric"
OWN_MEMBERS = frozenset({"DefinitionName", "StaticHyperParameters"})
TOLD = (
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingStartTime",
    "TrainingEndTime",
    "TrainingJobStatus",
    "FailureReason",
)
# What DescribeHyperParameterTuningJob counts each status as.
COUNTED = {
    "Completed": "Completed",
    "InProgress": "InProgress",
    "Stopping": "InProgress",
    "Stopped": "Stopped",
    "Failed": "NonRetryableError",
}
COUNTERS = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")


@dataclass(frozen=True)
class Child:
    """One training job, the trial that it is, and the hyperparameters that were drawn for it."""

    job: TrainingJob
    trial: optuna.trial.Trial
    drawn: Mapping[str, str]

    def objective(self, metric: str) -> float | None:
        """Return the final value of the objective, if the job has printed it."""
        found = self.job.metrics.get(metric)
        return float(found["Value"]) if found else None

    def status(self, metric: str) -> str:
        """Return the status of the objective."""
        if not self.job.has_ended.is_set():
            return "Pending"
        found = self.job.status != "Failed" and self.objective(metric) is not None
        return "Succeeded" if found else "Failed"

    def summary(self, objective: Mapping[str, str], tuning: str, definition: str) -> dict[str, Any]:
        """Return the job's entry in ListTrainingJobsForHyperParameterTuningJob's answer."""
        described = describe(self.job)
        value = self.objective(objective["MetricName"])
        return {name: described[name] for name in TOLD} | {
            "TuningJobName": tuning,
            "TrainingJobDefinitionName": definition or None,
            "TunedHyperParameters": dict(self.drawn),
            "ObjectiveStatus": self.status(objective["MetricName"]),
            "FinalHyperParameterTuningJobObjectiveMetric": None
            if value is None
            else {**objective, "Value": value},
        }


def child_request(
    tuning: Mapping[str, Any], number: int, drawn: Mapping[str, str]
) -> dict[str, Any]:
    """Return the request of CreateTrainingJob for the job of this number."""
    definition = tuning["TrainingJobDefinition"]
    objective = tuning["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    request = {name: value for name, value in definition.items() if name not in OWN_MEMBERS}
    name = tuning["HyperParameterTuningJobName"]
    return request | {
        "TrainingJobName": f"{name}-{number:03}-{uuid.uuid4().hex[:8]}",
        "HyperParameters": {
            **definition.get("StaticHyperParameters", {}),
            **drawn,
            OBJECTIVE: objective["MetricName"],
        },
        "Tags": tuning.get("Tags", []),
    }


def counters(children: Iterable[Child], metric: str) -> dict[str, Any]:
    """Return TrainingJobStatusCounters and ObjectiveStatusCounters."""
    jobs: Counter[str] = Counter()
    objectives: Counter[str] = Counter()
    for child in children:
        jobs[COUNTED[child.job.status]] += 1
        objectives[child.status(metric)] += 1
    return {
        "TrainingJobStatusCounters": {name: jobs[name] for name in COUNTERS},
        "ObjectiveStatusCounters": {
            name: objectives[name] for name in ("Succeeded", "Pending", "Failed")
        },
    }
