"""CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import NotEmulated
from textcnn.emulator.stacks.change_sets import NO_CHANGES, ChangeSet, ChangeSets
from textcnn.emulator.stacks.lifecycle import create, update
from textcnn.emulator.stacks.parameters import shown
from textcnn.emulator.stacks.plan import differs, plan
from textcnn.emulator.stacks.service import (
    InvalidChangeSetStatus,
    ValidationError,
    cloudformation,
)
from textcnn.emulator.stacks.stack import DesiredState, Stack
from textcnn.emulator.stacks.stack_operations import check_updatable
from textcnn.emulator.stacks.stacks import Stacks
from textcnn.emulator.stacks.template_requests import check, wanted_by


@cloudformation("CreateChangeSet")
def create_change_set(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Compute what creating or updating a stack would do."""
    stacks, sets = account.part(Stacks), account.part(ChangeSets)
    kind = values.get("ChangeSetType", "UPDATE")
    if kind not in {"CREATE", "UPDATE"}:
        raise NotEmulated(f"change sets of type {kind}")
    with stacks.lock:
        stack, desired = _subject(account, stacks, kind, values)
        name = values["ChangeSetName"]
        change_set = ChangeSet(
            name,
            stacks.arn("changeSet", name),
            stack,
            desired,
            kind,
            values.get("Description"),
            account.now(),
        )
        change_set.changes = plan(stack, desired, stacks.values(stack, desired))
        if kind == "UPDATE" and not differs(stack, desired, change_set.changes):
            change_set.status, change_set.reason = "FAILED", NO_CHANGES
            change_set.execution = "UNAVAILABLE"
        sets.add(change_set)
    return {"Id": change_set.identifier, "StackId": stack.identifier}


@cloudformation("DescribeChangeSet")
def describe_change_set(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer a change set and its changes, all on one page."""
    if values.get("IncludePropertyValues"):
        raise NotEmulated("the parameter IncludePropertyValues of DescribeChangeSet")
    change_set = _named(account, values)
    template = change_set.desired.template
    return _summary(change_set) | {
        "Parameters": shown(template, change_set.desired.parameters),
        "Tags": [{"Key": key, "Value": value} for key, value in change_set.desired.tags.items()],
        "Capabilities": list(change_set.desired.capabilities),
        "OnStackFailure": change_set.desired.on_failure if change_set.kind == "CREATE" else None,
        "Changes": [change.shown() for change in change_set.changes],
    }


@cloudformation("ExecuteChangeSet")
def execute_change_set(account: Account, values: dict[str, Any]) -> None:
    """Begin to do what a change set says; the stack's other change sets are void then."""
    stacks, sets = account.part(Stacks), account.part(ChangeSets)
    if values.get("DisableRollback") or values.get("RetainExceptOnCreate"):
        raise NotEmulated("the parameters DisableRollback and RetainExceptOnCreate")
    with stacks.lock:
        change_set = _named(account, values)
        if change_set.execution != "AVAILABLE":
            raise InvalidChangeSetStatus(
                f"ChangeSet [{change_set.identifier}] cannot be executed in its current status of "
                f"[{change_set.status}]"
            )
        stack, is_new = change_set.stack, change_set.kind == "CREATE"
        if not is_new:
            check_updatable(stack)
        for each in list(sets.of(stack)):
            sets.remove(each)
        if is_new:
            stack.current = change_set.desired
            stack.to("CREATE_IN_PROGRESS", "User Initiated")
        else:
            stack.status = "UPDATE_IN_PROGRESS"
    stacks.start(stack, change_set.desired, create if is_new else update)


@cloudformation("DeleteChangeSet")
def delete_change_set(account: Account, values: dict[str, Any]) -> None:
    """Forget a change set; a stack that it was to create stays in review."""
    account.part(ChangeSets).remove(_named(account, values))


@cloudformation("ListChangeSets")
def list_change_sets(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer the change sets of a stack."""
    stack = account.part(Stacks).get(values["StackName"])
    summaries = [_summary(each) for each in account.part(ChangeSets).of(stack)]
    return {"Summaries": summaries}


def _subject(
    account: Account, stacks: Stacks, kind: str, values: dict[str, Any]
) -> tuple[Stack, DesiredState]:
    """Return the stack that a change set is for, in review if it is new."""
    stack = stacks.find(values["StackName"])
    if kind == "UPDATE":
        stack = stacks.get(values["StackName"])
        check_updatable(stack)
        desired = wanted_by(values, stack.current)
        check(stacks, stack, desired)
        return stack, desired
    desired = wanted_by(values)
    check(stacks, Stack(values["StackName"], "", desired, account.now()), desired)
    if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise ValidationError(
            f"Stack [{stack.name}] already exists and cannot be created again with the "
            f"changeSet [{values['ChangeSetName']}]."
        )
    if stack is None:
        stack = stacks.add(values["StackName"], desired)
        stack.to("REVIEW_IN_PROGRESS", "User Initiated")
    return stack, desired


def _named(account: Account, values: dict[str, Any]) -> ChangeSet:
    stack = account.part(Stacks).get(values["StackName"]) if "StackName" in values else None
    return account.part(ChangeSets).get(values["ChangeSetName"], stack)


def _summary(change_set: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetName": change_set.name,
        "ChangeSetId": change_set.identifier,
        "StackId": change_set.stack.identifier,
        "StackName": change_set.stack.name,
        "Description": change_set.description,
        "CreationTime": change_set.created,
        "ExecutionStatus": change_set.execution,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
    }
