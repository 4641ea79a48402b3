"""Training, tuning and transform jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textcnn.aws import Aws
from textcnn.ownership import Ownership

RUNNING = frozenset({"InProgress", "Stopping"})


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name for people, and those of its operations and members."""

    name: str
    noun: str  # as in list_..._jobs and stop_..._job
    prefix: str  # as in ...JobName, ...JobArn, ...JobStatus
    summaries: str
    log_group: str

    @property
    def name_member(self) -> str:
        """The member that names a job in requests and answers."""
        return f"{self.prefix}JobName"

    @property
    def stop(self) -> str:
        """boto3's method that stops a job."""
        return f"stop_{self.noun}_job"


KINDS = (
    JobKind(
        "training",
        "training",
        "Training",
        "TrainingJobSummaries",
        "/aws/sagemaker/TrainingJobs",
    ),
    # Its training jobs have the logs.
    JobKind(
        "tuning",
        "hyper_parameter_tuning",
        "HyperParameterTuning",
        "HyperParameterTuningJobSummaries",
        "",
    ),
    JobKind(
        "batch",
        "transform",
        "Transform",
        "TransformJobSummaries",
        "/aws/sagemaker/TransformJobs",
    ),
)


@dataclass(frozen=True)
class Job:
    """A job of any kind; ended is None while it runs."""

    kind: JobKind
    name: str
    arn: str
    status: str
    created: datetime
    ended: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.status in RUNNING


def jobs(aws: Aws, most: int | None = None, status: str | None = None) -> Iterator[Job]:
    """Yield the newest jobs of each kind, at most so many of each; of one status if asked for."""
    for kind in KINDS:
        yield from _of_kind(aws, kind, most, status)


def our_jobs(
    aws: Aws, ours: Ownership, most: int | None = None, status: str | None = None
) -> Iterator[Job]:
    """Yield those that have our tag."""
    return (job for job in jobs(aws, most, status) if ours.has_tag(job.arn))


def _of_kind(aws: Aws, kind: JobKind, most: int | None, status: str | None) -> Iterator[Job]:
    pages = (
        aws.client("sagemaker")
        .get_paginator(f"list_{kind.noun}_jobs")
        .paginate(
            SortBy="CreationTime",
            SortOrder="Descending",
            PaginationConfig={"MaxItems": most, "PageSize": 100},
            **({"StatusEquals": status} if status else {}),
        )
    )
    for page in pages:
        for summary in page[kind.summaries]:
            yield _job(kind, summary)


def _job(kind: JobKind, summary: dict[str, Any]) -> Job:
    ended = next((value for member, value in summary.items() if member.endswith("EndTime")), None)
    return Job(
        kind,
        summary[kind.name_member],
        summary[f"{kind.prefix}JobArn"],
        summary[f"{kind.prefix}JobStatus"],
        summary["CreationTime"],
        ended,
    )
