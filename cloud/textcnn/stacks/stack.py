"""A stack as CloudFormation describes it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws

# A stack in these states has all that its template says, or what it had before.
USABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
# These hold nothing of use and can only be deleted.
DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
# A change set was made for a stack that is not there yet; it waits for nobody.
REVIEW = "REVIEW_IN_PROGRESS"


@dataclass(frozen=True)
class Stack:
    """A stack: its state and the reason of it, outputs, parameters and tags by name."""

    name: str
    identifier: str
    status: str
    reason: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    created: datetime | None = None

    @property
    def is_usable(self) -> bool:
        """Whether its resources are all there."""
        return self.status in USABLE

    @property
    def is_moving(self) -> bool:
        """Whether CloudFormation is at work on it."""
        return self.status.endswith("_IN_PROGRESS") and self.status != REVIEW

    @property
    def is_leftover(self) -> bool:
        """Whether it has to go before a stack of its name can be made."""
        return self.status in DEAD or self.status == REVIEW


def find(aws: Aws, name: str) -> Stack | None:
    """Return a stack by name or ARN, or None; one that was deleted is not there."""
    try:
        described = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    stack = _stack(described[0]) if described else None
    return stack if stack and stack.status != "DELETE_COMPLETE" else None


def having_tag(aws: Aws, key: str, value: str) -> Iterator[Stack]:
    """Yield the stacks with this tag."""
    pages = aws.client("cloudformation").get_paginator("describe_stacks").paginate()
    for page in pages:
        for stack in map(_stack, page["Stacks"]):
            if stack.tags.get(key) == value and stack.status != "DELETE_COMPLETE":
                yield stack


def is_missing(error: ClientError) -> bool:
    """Whether CloudFormation says that there is no such stack."""
    told = error.response["Error"]
    return told.get("Code") == "ValidationError" and "does not exist" in told.get("Message", "")


def _stack(described: dict[str, Any]) -> Stack:
    return Stack(
        described["StackName"],
        described["StackId"],
        described["StackStatus"],
        described.get("StackStatusReason", ""),
        {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])},
        {
            each["ParameterKey"]: each.get("ParameterValue", "")
            for each in described.get("Parameters", [])
        },
        {each["Key"]: each["Value"] for each in described.get("Tags", [])},
        described.get("CreationTime"),
    )
