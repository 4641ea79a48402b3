"""Logs: an endpoint has a group of its own, jobs share theirs with all jobs of the account."""

from collections.abc import Iterable, Iterator
from functools import partial

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.inventory.jobs import Job
from textcnn.removal.step import GONE, Step, unless_gone

ENDPOINTS = "/aws/sagemaker/Endpoints/"


def steps(aws: Aws, endpoints: Iterable[str], jobs: Iterable[Job]) -> Iterator[Step]:
    """Yield the steps that delete the logs of endpoints, which may be gone already, and of jobs."""
    wanted = {f"{ENDPOINTS}{name}" for name in endpoints}
    for group in sorted(wanted & set(_groups(aws, ENDPOINTS))):
        yield Step("delete the log", group, partial(_delete_group, aws, group))
    for job in jobs:
        group = job.kind.log_group
        streams = list(_streams(aws, group, f"{job.name}/")) if group else []
        if streams:
            what = f"delete the log of the {job.kind.name} job"
            yield Step(what, job.name, partial(_delete_streams, aws, group, streams))


def empty_group_steps(aws: Aws, groups: Iterable[str]) -> Iterator[Step]:
    """Yield a step for each of the shared groups, which deletes it if nothing is left in it."""
    there = {name for group in groups for name in _groups(aws, group) if name == group}
    for group in sorted(there):
        yield Step("delete the log if it is empty", group, partial(_delete_if_empty, aws, group))


def _delete_group(aws: Aws, group: str) -> None:
    unless_gone(partial(aws.change, "logs", "delete_log_group", logGroupName=group))


def _delete_streams(aws: Aws, group: str, streams: Iterable[str]) -> None:
    for stream in streams:
        delete = partial(
            aws.change, "logs", "delete_log_stream", logGroupName=group, logStreamName=stream
        )
        unless_gone(delete)


def _delete_if_empty(aws: Aws, group: str) -> None:
    if aws.dry_run or next(_streams(aws, group), None) is None:
        _delete_group(aws, group)


def _groups(aws: Aws, prefix: str) -> Iterator[str]:
    pages = aws.client("logs").get_paginator("describe_log_groups")
    for page in pages.paginate(logGroupNamePrefix=prefix):
        yield from (each["logGroupName"] for each in page["logGroups"])


def _streams(aws: Aws, group: str, prefix: str = "") -> Iterator[str]:
    pages = aws.client("logs").get_paginator("describe_log_streams")
    chosen = {"logStreamNamePrefix": prefix} if prefix else {}
    try:
        for page in pages.paginate(logGroupName=group, **chosen):
            yield from (each["logStreamName"] for each in page["logStreams"])
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE:
            raise
