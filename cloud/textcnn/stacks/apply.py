"""Make a stack what a template says, by a change set."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError
from textcnn.output import Output
from textcnn.polling import pauses
from textcnn.stacks.delete import delete, settled
from textcnn.stacks.follow import Events, follow
from textcnn.stacks.stack import Stack, find, is_missing

# One name, so that what an interrupted command left is found and replaced.
CHANGE_SET = "textcnn"
# CloudFormation's two sentences for a change set without changes.
NOTHING = ("The submitted information didn't contain changes", "No updates are to be performed")
GONE = frozenset({"ChangeSetNotFound", "ChangeSetNotFoundException"})


@dataclass(frozen=True)
class DesiredStack:
    """What a stack is to be; the tags go to all its resources.

    kept: parameters that stay as they are in the stack, which does not tell them.
    """

    name: str
    template: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    kept: Collection[str] = ()


@dataclass(frozen=True)
class Change:
    """What a change set does to one resource: Add, Modify or Remove it."""

    action: str
    resource: str
    type: str
    replaces: bool = False


@dataclass(frozen=True)
class StackResult:
    """What came of it; without changes the stack was as wanted. No stack after a dry run."""

    changes: tuple[Change, ...]
    stack: Stack | None = None

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name."""
        return self.stack.outputs if self.stack else {}


def apply(
    aws: Aws,
    output: Output,
    desired: DesiredStack,
    agree: Callable[[tuple[Change, ...]], None] = lambda _: None,
) -> StackResult:
    """Create or update a stack, and follow it to the end.

    agree may raise an error before anything changes; then, and in a dry run, the change set is
    deleted again. A stack that CloudFormation is at work on is waited for, one that an
    earlier try left unusable is deleted first. Raises ``CommandError`` with the first reason where
    a resource fails; an update has been rolled back then.
    """
    stack = _ready(aws, output, desired.name)
    changes = _make_change_set(aws, desired, is_new=stack is None)
    if not changes:
        _discard(aws, desired.name, is_new=stack is None)
        return StackResult((), find(aws, desired.name))
    try:
        agree(changes)
    except BaseException:
        _discard(aws, desired.name, is_new=stack is None)
        raise
    if aws.dry_run:
        _discard(aws, desired.name, is_new=stack is None)
        return StackResult(changes)
    return StackResult(changes, _execute(aws, output, desired.name))


def _ready(aws: Aws, output: Output, name: str) -> Stack | None:
    """Return the stack to update, or None where a new one can be made."""
    stack = settled(aws, output, name)
    if stack is None or stack.is_usable:
        return stack
    if not stack.is_leftover:
        raise CommandError(
            f"the stack {name} is {stack.status}: {stack.reason}",
            f"Mend it in the console of CloudFormation, or delete it: `aws cloudformation "
            f"delete-stack --stack-name {name}`.",
        )
    if aws.dry_run:
        raise CommandError(
            f"the stack {name} is {stack.status}, left by an earlier try",
            "It is deleted first when the command is given without --dry-run.",
        )
    output.say(f"the stack {name} is {stack.status}, left by an earlier try: deleting it")
    delete(aws, output, name)
    return None


def _make_change_set(aws: Aws, desired: DesiredStack, *, is_new: bool) -> tuple[Change, ...]:
    client = aws.client("cloudformation")
    if not is_new:
        _delete_change_set(client, desired.name)
    client.create_change_set(
        StackName=desired.name,
        ChangeSetName=CHANGE_SET,
        ChangeSetType="CREATE" if is_new else "UPDATE",
        TemplateBody=desired.template.read_text(encoding="utf-8"),
        Parameters=_parameters(desired),
        Tags=[{"Key": key, "Value": value} for key, value in desired.tags.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    described = _made(client, desired.name)
    if described["Status"] == "FAILED":
        reason = described.get("StatusReason", "")
        if reason.startswith(NOTHING):
            return ()
        _discard(aws, desired.name, is_new=is_new)
        raise CommandError(f"CloudFormation refuses the changes to {desired.name}: {reason}")
    return tuple(_change(each["ResourceChange"]) for each in described["Changes"])


def _parameters(desired: DesiredStack) -> list[dict[str, Any]]:
    given = [
        {"ParameterKey": name, "ParameterValue": value}
        for name, value in desired.parameters.items()
    ]
    return given + [{"ParameterKey": name, "UsePreviousValue": True} for name in desired.kept]


def _made(client: Any, stack: str) -> dict[str, Any]:
    """Wait for the change set and return it with all its changes."""
    described: dict[str, Any] = {}
    for _ in pauses(2):
        described = client.describe_change_set(StackName=stack, ChangeSetName=CHANGE_SET)
        if described["Status"] not in {"CREATE_PENDING", "CREATE_IN_PROGRESS"}:
            break
    token = described.get("NextToken")
    while token:
        page = client.describe_change_set(
            StackName=stack, ChangeSetName=CHANGE_SET, NextToken=token
        )
        described["Changes"] += page["Changes"]
        token = page.get("NextToken")
    return described


def _change(described: dict[str, Any]) -> Change:
    return Change(
        described["Action"],
        described["LogicalResourceId"],
        described["ResourceType"],
        described.get("Replacement") == "True",
    )


def _discard(aws: Aws, name: str, *, is_new: bool) -> None:
    """Delete the change set, and the empty stack that it was made for."""
    client = aws.client("cloudformation")
    _delete_change_set(client, name)
    if is_new:
        client.delete_stack(StackName=name)


def _delete_change_set(client: Any, name: str) -> None:
    try:
        client.delete_change_set(StackName=name, ChangeSetName=CHANGE_SET)
    except ClientError as error:
        if error.response["Error"]["Code"] not in GONE and not is_missing(error):
            raise


def _execute(aws: Aws, output: Output, name: str) -> Stack:
    before = find(aws, name)
    if before is None:
        raise CommandError(f"the stack {name} was deleted meanwhile", "Give the command again.")
    events = Events(aws, before.identifier)
    events.skip()
    client = aws.client("cloudformation")
    client.execute_change_set(StackName=name, ChangeSetName=CHANGE_SET)
    after = follow(aws, output, before, events)
    if after is None or after.status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        status = after.status if after else "gone"
        raise CommandError(
            f"the stack {name} is {status}: {events.failure or (after.reason if after else '')}",
            "What was begun has been undone. Mend the cause, then give the same command.",
        )
    return after
