"""What a stack's resources are to be: properties with values, tags and all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textcnn.emulator.stacks.intrinsics import Values
from textcnn.emulator.stacks.resources import KINDS
from textcnn.emulator.stacks.resources.kind import as_map
from textcnn.emulator.stacks.stack import DesiredState, Resource, Stack
from textcnn.emulator.stacks.template import canonical


@dataclass(frozen=True)
class Place:
    """Where a stack is."""

    account: str
    region: str


def values_of(stack: Stack, desired: DesiredState, place: Place) -> Values:
    """Return what a template's functions are computed from, the stack's resources included."""
    pseudo = {
        "AWS::AccountId": place.account,
        "AWS::Region": place.region,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackId": stack.identifier,
        "AWS::StackName": stack.name,
        "AWS::NotificationARNs": [],
    }
    return_values = {
        name: each.return_values
        for name, each in stack.resources.items()
        if each.return_values is not None
    }
    return Values(desired.template, desired.parameters, pseudo, return_values)


def resource_of(name: str, stack: Stack, desired: DesiredState, values: Values) -> Resource:
    """Return a resource as it is to be, with the stack's tags on it."""
    declared = desired.template.resources[name]
    kind = KINDS[declared["Type"]]
    properties = dict(values.of(declared.get("Properties", {})))
    if kind.tag_property:
        own = as_map(properties.get(kind.tag_property))
        system = _system_tags(name, stack) if kind.system_tags else {}
        tags = {**desired.tags, **own, **system}
        if tags:
            listed = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
            properties[kind.tag_property] = tags if kind.tags_are_a_map else listed
    return Resource(
        name,
        declared["Type"],
        properties,
        deletion_policy=declared.get("DeletionPolicy", "Delete"),
        replace_policy=declared.get("UpdateReplacePolicy", "Delete"),
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of the properties that differ."""
    return [
        name
        for name in sorted({*before, *after})
        if canonical(before.get(name)) != canonical(after.get(name))
    ]


def _system_tags(name: str, stack: Stack) -> dict[str, str]:
    return {
        "aws:cloudformation:logical-id": name,
        "aws:cloudformation:stack-id": stack.identifier,
        "aws:cloudformation:stack-name": stack.name,
    }
