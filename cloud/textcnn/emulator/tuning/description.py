"""What DescribeHyperParameterTuningJob and the List operations tell of a tuning job."""

from typing import Any

from textcnn.emulator.tuning.children import Child
from textcnn.emulator.tuning.job import TuningJob

KEPT = (
    "HyperParameterTuningJobName",
    "HyperParameterTuningJobConfig",
    "TrainingJobDefinition",
)


def summarize(job: TuningJob) -> dict[str, Any]:
    """Return the job's entry in ListHyperParameterTuningJobs' answer."""
    return {
        "HyperParameterTuningJobName": job.name,
        "HyperParameterTuningJobArn": job.arn,
        "HyperParameterTuningJobStatus": job.status,
        "Strategy": job.configuration["Strategy"],
        "CreationTime": job.created,
        "HyperParameterTuningEndTime": job.ended,
        "LastModifiedTime": job.changed,
        **job.counters(),
        "ResourceLimits": job.configuration["ResourceLimits"],
    }


def describe(job: TuningJob) -> dict[str, Any]:
    """Return the members of DescribeHyperParameterTuningJob's answer."""
    summary = summarize(job)
    for name in ("Strategy", "ResourceLimits"):
        del summary[name]
    best = job.best()
    told = _summary(job, best) if best else None
    return {name: job.request[name] for name in KEPT} | {
        **summary,
        "FailureReason": job.failure_reason,
        "BestTrainingJob": told,
        "OverallBestTrainingJob": told,
    }


def children(job: TuningJob) -> list[dict[str, Any]]:
    """Return the entries of its training jobs."""
    return [_summary(job, child) for child in list(job.children)]


def _summary(job: TuningJob, child: Child) -> dict[str, Any]:
    definition = job.request["TrainingJobDefinition"].get("DefinitionName", "")
    return child.summary(job.objective, job.name, definition)
