"""What DescribeTrainingJob and the List operations tell of a job."""

import copy
from typing import Any

from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.training.state import TrainingJob

SUMMARY = (
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingEndTime",
    "LastModifiedTime",
    "TrainingJobStatus",
    "SecondaryStatus",
)


def describe(job: TrainingJob) -> dict[str, Any]:
    """Return the members of DescribeTrainingJob's answer; what there is not yet is None."""
    known = service_model("sagemaker").operation_model("DescribeTrainingJob").output_shape.members
    kept = {name: value for name, value in job.request.items() if name in known}
    return kept | {
        "TrainingJobArn": job.arn,
        "TuningJobArn": job.tuning_job_arn,
        "TrainingJobStatus": job.status,
        "SecondaryStatus": job.secondary_status,
        "SecondaryStatusTransitions": copy.deepcopy(job.transitions),
        "FailureReason": job.failure_reason,
        "CreationTime": job.created,
        "LastModifiedTime": job.changed,
        "FinalMetricDataList": list(job.metrics.values()) or None,
        "ModelArtifacts": {"S3ModelArtifacts": job.artifacts} if job.artifacts else None,
        **_times(job),
    }


def summarize(job: TrainingJob) -> dict[str, Any]:
    """Return the job's entry in ListTrainingJobs' answer."""
    described = describe(job)
    return {name: described[name] for name in SUMMARY}


def _times(job: TrainingJob) -> dict[str, Any]:
    if job.training_start is None or job.training_end is None:
        return {"TrainingStartTime": job.training_start, "TrainingEndTime": job.training_end}
    seconds = max(1, round((job.training_end - job.training_start).total_seconds()))
    return {
        "TrainingStartTime": job.training_start,
        "TrainingEndTime": job.training_end,
        "TrainingTimeInSeconds": seconds,
        # What spot instances save depends on AWS's prices of the hour: here they save nothing.
        "BillableTimeInSeconds": seconds,
    }
