"""Whether a role is there and lets a service take it, as SageMaker asks before it does anything."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ValidationException


def check_role(account: Account, arn: str, service: str = "sagemaker.amazonaws.com") -> None:
    """Raise ``ValidationException`` where the service cannot assume the role."""
    try:
        role = account.client("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]
    except ClientError:
        role = None
    if role is None or role["Arn"] != arn or not _trusts(role["AssumeRolePolicyDocument"], service):
        raise ValidationException(
            f"Could not assume role {arn}. Please ensure that the role exists and allows "
            f"principal '{service}' to assume the role."
        )


def _trusts(policy: dict[str, Any], service: str) -> bool:
    statements = policy["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return any(
        statement["Effect"] == "Allow" and service in _services(statement) for statement in listed
    )


def _services(statement: dict[str, Any]) -> list[str]:
    principal = statement.get("Principal", {})
    named = principal.get("Service", []) if isinstance(principal, dict) else []
    return named if isinstance(named, list) else [named]
