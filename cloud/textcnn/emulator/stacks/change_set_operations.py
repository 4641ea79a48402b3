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
    found = _named(account, values)
    template = found.desired.template
    return _summary(found) | {
        "Parameters": shown(template, found.desired.parameters),
        "Tags": [{"Key": key, "Value": value} for key, value in found.desired.tags.items()],
        "Capabilities": list(found.desired.capabilities),
        "OnStackFailure": found.desired.on_failure if found.kind == "CREATE" else None,
        "Changes": [change.shown() for change in found.changes],
    }


@cloudformation("ExecuteChangeSet")
def execute_change_set(account: Account, values: dict[str, Any]) -> None:
    """Begin to do what a change set says; the stack's other change sets are void then."""
    stacks, sets = account.part(Stacks), account.part(ChangeSets)
    if values.get("DisableRollback") or values.get("RetainExceptOnCreate"):
        raise NotEmulated("the parameters DisableRollback and RetainExceptOnCreate")
    with stacks.lock:
        found = _named(account, values)
        if found.execution != "AVAILABLE":
            raise InvalidChangeSetStatus(
                f"ChangeSet [{found.identifier}] cannot be executed in its current status of "
                f"[{found.status}]"
            )
        stack, is_new = found.stack, found.kind == "CREATE"
        if not is_new:
            check_updatable(stack)
        for each in list(sets.of(stack)):
            sets.remove(each)
        if is_new:
            stack.current = found.desired
            stack.to("CREATE_IN_PROGRESS", "User Initiated")
        else:
            stack.status = "UPDATE_IN_PROGRESS"
    stacks.start(stack, found.desired, create if is_new else update)


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


def _summary(found: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetName": found.name,
        "ChangeSetId": found.identifier,
        "StackId": found.stack.identifier,
        "StackName": found.stack.name,
        "Description": found.description,
        "CreationTime": found.created,
        "ExecutionStatus": found.execution,
        "Status": found.status,
        "StatusReason": found.reason,
    }
