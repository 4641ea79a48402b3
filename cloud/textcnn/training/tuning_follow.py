"""Follow a tuning job: each of its training jobs is a line when it ends."""

from collections.abc import Callable, Iterator
from typing import Any

from textcnn.aws import Aws
from textcnn.output import Output
from textcnn.polling import pauses
from textcnn.training.attempts import RUNNING, describe_tuning_job, status
from textcnn.training.follow import how_to_go_on, interruptible
from textcnn.training.log import Message
from textcnn.training.retries import Retries
from textcnn.training.training_job import missing
from textcnn.training.view import View, number, view


def follow(aws: Aws, output: Output, name: str) -> dict[str, Any]:
    """Show a tuning job until it has ended; return its last description."""
    retries = Retries(aws, output, f"Log in again. The job goes on: {how_to_go_on(name)}")
    with interruptible(name), view(output) as shown:
        return _follow(aws, name, shown, retries.run)


def children(aws: Aws, name: str) -> Iterator[dict[str, Any]]:
    """Yield the summaries of a tuning job's training jobs."""
    pages = aws.client("sagemaker").get_paginator(
        "list_training_jobs_for_hyper_parameter_tuning_job"
    )
    for page in pages.paginate(HyperParameterTuningJobName=name):
        yield from page["TrainingJobSummaries"]


def _follow(
    aws: Aws, name: str, shown: View, run: Callable[[Callable[[], Any]], Any]
) -> dict[str, Any]:
    told: set[str] = set()
    described: dict[str, Any] = {}
    for _ in pauses(30):
        described = run(lambda: describe_tuning_job(aws, name))
        if not described:
            raise missing(name)
        for child in run(lambda: list(children(aws, name))):
            job = child["TrainingJobName"]
            if job not in told and child["TrainingJobStatus"] not in RUNNING:
                told.add(job)
                shown.show(Message(_line(child)))
        shown.state(_state(described))
        if status(described) not in RUNNING:
            break
    return described


def _line(child: dict[str, Any]) -> str:
    """Return a training job that has ended, its objective first."""
    objective = child.get("FinalHyperParameterTuningJobObjectiveMetric", {})
    drawn = ", ".join(
        f"{name}={value}" for name, value in sorted(child["TunedHyperParameters"].items())
    )
    score = number(objective.get("Value")) or child["TrainingJobStatus"].lower()
    reason = child.get("FailureReason", "")
    return f"{score:>9}  {drawn}" + (f": {reason}" if reason else "")


def _state(described: dict[str, Any]) -> str:
    counts = described.get("TrainingJobStatusCounters", {})
    wanted = described["HyperParameterTuningJobConfig"]["ResourceLimits"]
    best = described.get("BestTrainingJob", {}).get(
        "FinalHyperParameterTuningJobObjectiveMetric", {}
    )
    found = f", best {number(best.get('Value'))}" if best else ""
    return (
        f"{status(described)}: {counts.get('Completed', 0)} of "
        f"{wanted.get('MaxNumberOfTrainingJobs')} jobs done{found}"
    )
