"""What a notebook has left in an account, by name: the last cell asserts that it is nothing."""

from collections.abc import Iterator

from boto3 import Session

# Service, what lists, where the answer holds the list, what holds the name.
LISTS = (
    ("sagemaker", "list_endpoints", "Endpoints", "EndpointName"),
    ("sagemaker", "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName"),
    ("sagemaker", "list_models", "Models", "ModelName"),
    ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("apigatewayv2", "get_apis", "Items", "Name"),
    ("scheduler", "list_schedules", "Schedules", "Name"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
)
# Their groups are shared by all jobs of the account; each job has streams in them.
JOBS = ("/aws/sagemaker/TrainingJobs", "/aws/sagemaker/TransformJobs")


def leftovers(session: Session, *words: str) -> list[str]:
    """Return what there is with one of these words in its name, as ``service: name``.

    Records of jobs and their metrics are not told: AWS keeps them, and bills nothing for them.
    """
    found = [
        f"{service}: {each[name]}"
        for service, method, member, name in LISTS
        for page in session.client(service).get_paginator(method).paginate()
        for each in page.get(member, ())
        if any(word in each[name] for word in words)
    ]
    streams = (
        f"logs: {group}/{name}" for word in words for group, name in job_streams(session, word)
    )
    return [*found, *streams]


def job_streams(session: Session, word: str) -> Iterator[tuple[str, str]]:
    """Yield group and name of the log streams of jobs whose name begins so."""
    logs = session.client("logs")
    for group in JOBS:
        if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            continue
        pages = logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, logStreamNamePrefix=word
        )
        for page in pages:
            yield from ((group, each["logStreamName"]) for each in page["logStreams"])


def empty_bucket(session: Session, bucket: str) -> None:
    """Delete all objects of a bucket, so that it can be deleted with its stack."""
    s3 = session.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": each["Key"]} for each in page.get("Contents", ())]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})
