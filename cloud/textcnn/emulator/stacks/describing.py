"""DescribeStacks, ListStacks, DescribeStackEvents, and the resources of a stack."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.stacks.parameters import shown
from textcnn.emulator.stacks.service import ValidationError, cloudformation
from textcnn.emulator.stacks.stack import Resource, Stack
from textcnn.emulator.stacks.stacks import Stacks

EVENTS_A_PAGE = 100
UNCHECKED = {"StackDriftStatus": "NOT_CHECKED"}


@cloudformation("DescribeStacks")
def describe_stacks(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer one stack, or all that are there."""
    stacks = account.part(Stacks)
    if "StackName" in values:
        return {"Stacks": [_stack(stacks.get(values["StackName"]))]}
    return {"Stacks": [_stack(each) for each in _latest_first(stacks) if each.deleted is None]}


@cloudformation("ListStacks")
def list_stacks(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer summaries of all stacks, those included that were deleted."""
    states = values.get("StackStatusFilter")
    summaries = [
        _summary(each)
        for each in _latest_first(account.part(Stacks))
        if not states or each.status in states
    ]
    return {"StackSummaries": summaries}


@cloudformation("DescribeStackEvents")
def describe_stack_events(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer a page of a stack's events, the latest first."""
    events = account.part(Stacks).get(values["StackName"]).events[::-1]
    token = values.get("NextToken", "0")
    if not token.isdecimal():
        raise ValidationError("Invalid NextToken")
    # New events come before those on earlier pages, so pages are counted from the first event.
    start = len(events) - int(token) if int(token) else 0
    end = start + EVENTS_A_PAGE
    response: dict[str, Any] = {"StackEvents": events[start:end]}
    if end < len(events):
        response["NextToken"] = str(len(events) - end)
    return response


@cloudformation("DescribeStackResources")
def describe_stack_resources(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer the resources of a stack, or of the one that a physical identifier is in."""
    stacks = account.part(Stacks)
    if "StackName" in values:
        stack = stacks.get(values["StackName"])
    elif "PhysicalResourceId" in values:
        stack = _owner(stacks, values["PhysicalResourceId"])
    else:
        raise ValidationError("Either StackName or PhysicalResourceId must be specified.")
    logical = values.get("LogicalResourceId")
    resources = [
        _resource(each) | {"StackName": stack.name, "StackId": stack.identifier}
        for each in list(stack.resources.values())
        if logical in {None, each.name}
    ]
    return {"StackResources": resources}


@cloudformation("ListStackResources")
def list_stack_resources(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer summaries of a stack's resources."""
    stack = account.part(Stacks).get(values["StackName"])
    summaries = []
    for each in list(stack.resources.values()):
        summary = _resource(each)
        summary["LastUpdatedTimestamp"] = summary.pop("Timestamp")
        summaries.append(summary)
    return {"StackResourceSummaries": summaries}


@cloudformation("DescribeStackResource")
def describe_stack_resource(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer one resource of a stack."""
    stack = account.part(Stacks).get(values["StackName"])
    resource = stack.resources.get(values["LogicalResourceId"])
    if resource is None:
        raise ValidationError(
            f"Resource {values['LogicalResourceId']} does not exist for stack {stack.name}"
        )
    detail = _resource(resource) | {"StackName": stack.name, "StackId": stack.identifier}
    detail["LastUpdatedTimestamp"] = detail.pop("Timestamp")
    return {"StackResourceDetail": detail}


def _latest_first(stacks: Stacks) -> list[Stack]:
    return sorted(stacks, key=lambda each: each.created, reverse=True)


def _owner(stacks: Stacks, physical: str) -> Stack:
    for stack in stacks:
        if any(each.physical == physical for each in list(stack.resources.values())):
            return stack
    raise ValidationError(f"Stack for {physical} does not exist")


def _stack(stack: Stack) -> dict[str, Any]:
    current = stack.current
    return {
        "StackId": stack.identifier,
        "StackName": stack.name,
        "Description": current.template.description or None,
        "Parameters": shown(current.template, current.parameters),
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": current.on_failure == "DO_NOTHING",
        "Capabilities": list(current.capabilities),
        "Outputs": stack.outputs,
        "RoleARN": current.role,
        "Tags": [{"Key": key, "Value": value} for key, value in current.tags.items()],
        "EnableTerminationProtection": stack.protected,
        "DriftInformation": UNCHECKED,
    }


def _summary(stack: Stack) -> dict[str, Any]:
    return {
        "StackId": stack.identifier,
        "StackName": stack.name,
        "TemplateDescription": stack.current.template.description or None,
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DriftInformation": UNCHECKED,
    }


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "LogicalResourceId": resource.name,
        "PhysicalResourceId": resource.physical or None,
        "ResourceType": resource.type,
        "Timestamp": resource.changed,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }
