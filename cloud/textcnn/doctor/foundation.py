"""What setup made: the stack, the role and its trust, the bucket."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from textcnn import stacks
from textcnn.doctor.checks import ExaminedAccount, ok, problem
from textcnn.foundation import STACK
from textcnn.results import Check

SERVICE = "sagemaker.amazonaws.com"
SETUP = "Make it with `textcnn setup`."


def stack(patient: ExaminedAccount) -> Iterator[Check]:
    """Whether the foundation is there and whole."""
    found = stacks.find(patient.aws, STACK)
    if found is None:
        yield problem("stack", f"{STACK} is not there", SETUP)
    elif not found.is_usable:
        yield problem("stack", f"{STACK} is {found.status}", "Mend it with `textcnn setup`.")
    else:
        yield ok("stack", f"{STACK}, {found.status}")


def role(patient: ExaminedAccount) -> Iterator[Check]:
    """Whether SageMaker may take the role."""
    if patient.foundation is None:
        return
    arn = patient.foundation.role_arn
    name = arn.rpartition("/")[2]
    try:
        found = patient.aws.client("iam").get_role(RoleName=name)["Role"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        yield problem("role", f"{name} is not there", SETUP)
        return
    if SERVICE in _trusted(found["AssumeRolePolicyDocument"]):
        yield ok("role", f"{name}, which SageMaker may take")
    else:
        yield problem("role", f"{name} does not trust {SERVICE}", "Mend it with `textcnn setup`.")


def bucket(patient: ExaminedAccount) -> Iterator[Check]:
    """Whether the bucket is in the region, encrypted, and closed to the public."""
    if patient.foundation is None:
        return
    name, client = patient.foundation.bucket, patient.aws.client("s3")
    location = client.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
    if location != patient.aws.region:
        yield problem("bucket", f"{name} is in {location}", "Jobs need one of their own region.")
        return
    rules = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    algorithm = rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    blocked = client.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    if all(blocked.values()):
        yield ok("bucket", f"{name}, encrypted by {algorithm}, not public")
    else:
        yield problem("bucket", f"{name} may be made public", "Mend it with `textcnn setup`.")


def _trusted(policy: dict[str, Any]) -> set[str]:
    statements = policy["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    found: set[str] = set()
    for statement in listed:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement["Effect"] == "Allow":
            found.update([services] if isinstance(services, str) else services)
    return found
