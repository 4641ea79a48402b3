"""What `textcnn setup` made: the bucket, the roles and the repository that all commands use."""

from dataclasses import dataclass
from pathlib import Path

from textcnn import stacks
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit

STACK = "textcnn-foundation"
TEMPLATE = Path(__file__).parent / "templates" / "foundation.yaml"


@dataclass(frozen=True)
class Foundation:
    """The outputs of the foundation stack.

    scheduler_role_arn is the role that ends endpoints; kms_key_arn is empty where keys that S3
    and ECR own encrypt, permissions_boundary_arn where roles have no boundary.
    """

    bucket: str
    role_arn: str
    repository: str
    repository_uri: str
    scheduler_role_arn: str
    kms_key_arn: str = ""
    permissions_boundary_arn: str = ""


def read_foundation(aws: Aws) -> Foundation:
    """Return what the foundation stack holds.

    Raises ``CommandError`` (exit code 4) where there is none or where it is not whole.
    """
    found = stacks.find(aws, STACK)
    if found is None:
        raise _missing(f"there is no stack {STACK} in {aws.region}")
    if not found.is_usable:
        raise _missing(f"the stack {STACK} is {found.status}")
    outputs = found.outputs
    try:
        return Foundation(
            bucket=outputs["BucketName"],
            role_arn=outputs["RoleArn"],
            repository=outputs["RepositoryName"],
            repository_uri=outputs["RepositoryUri"],
            scheduler_role_arn=outputs["SchedulerRoleArn"],
            kms_key_arn=found.parameters.get("KmsKeyArn", ""),
            permissions_boundary_arn=found.parameters.get("PermissionsBoundaryArn", ""),
        )
    except KeyError as missing:
        raise _missing(f"the stack {STACK} has no output {missing.args[0]}") from None


def _missing(problem: str) -> CommandError:
    return CommandError(problem, "Make it with `textcnn setup`.", Exit.MISSING)
