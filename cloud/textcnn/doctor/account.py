"""The account: credentials and region."""

from collections.abc import Iterator

import boto3

from textcnn.doctor.checks import ExaminedAccount, ok, unknown
from textcnn.results import Check


def credentials(patient: ExaminedAccount) -> Iterator[Check]:
    """The caller's identity."""
    identity = patient.aws.client("sts").get_caller_identity()
    yield ok("credentials", f"account {identity['Account']}, {identity['Arn']}")


def region(patient: ExaminedAccount) -> Iterator[Check]:
    """Whether SageMaker is known to be in the region."""
    name = patient.aws.region
    session = boto3.Session()
    partition = session.get_partition_for_region(name)
    if name in session.get_available_regions("sagemaker", partition):
        yield ok("region", name)
    else:
        yield unknown("region", f"{name}: SageMaker is not known to be there", "Try --region.")
