"""What an update would do: the changes of a change set."""

from dataclasses import dataclass
from typing import Any

from textcnn.emulator.stacks.intrinsics import KNOWN_LATER, Values
from textcnn.emulator.stacks.resolving import changed, resource_of
from textcnn.emulator.stacks.resources import KINDS
from textcnn.emulator.stacks.stack import DesiredState, Resource, Stack
from textcnn.emulator.stacks.template import canonical, order


@dataclass(frozen=True)
class Change:
    """What would happen to a resource; properties are those that would change."""

    action: str
    resource: Resource
    replacement: str | None = None
    properties: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        """Return it as DescribeChangeSet answers it."""
        change: dict[str, Any] = {
            "Action": self.action,
            "LogicalResourceId": self.resource.name,
            "PhysicalResourceId": self.resource.physical or None,
            "ResourceType": self.resource.type,
            "Replacement": self.replacement,
            "Scope": self._scope() if self.action == "Modify" else [],
            "Details": [self._detail(name) for name in self.properties],
        }
        return {"Type": "Resource", "ResourceChange": change}

    def _scope(self) -> list[str]:
        tags = KINDS[self.resource.type].tag_property
        scopes = {"Tags" if name == tags else "Properties" for name in self.properties}
        return sorted(scopes)

    def _detail(self, name: str) -> dict[str, Any]:
        kind = KINDS[self.resource.type]
        dynamic = KNOWN_LATER in canonical(self.resource.properties.get(name))
        recreates = {False: "Always", True: "Conditionally"}[dynamic]
        is_tag = name == kind.tag_property
        target = {
            "Attribute": "Tags" if is_tag else "Properties",
            "Name": None if is_tag else name,
            "RequiresRecreation": recreates if name in kind.replacing else "Never",
        }
        return {
            "Target": target,
            "Evaluation": "Dynamic" if dynamic else "Static",
            "ChangeSource": "DirectModification",
        }


def plan(stack: Stack, desired: DesiredState, values: Values) -> list[Change]:
    """Return the changes from a stack to what it is to be, in their order; values are used up."""
    names = order(desired.template, values.desired())
    changes = [change for name in names if (change := _change(name, stack, desired, values))]
    gone = [
        Change("Remove", resource)
        for name, resource in stack.resources.items()
        if name not in names
    ]
    return [*changes, *gone]


def differs(stack: Stack, desired: DesiredState, changes: list[Change]) -> bool:
    """Return whether there is anything to do."""
    outputs = [each.template.section("Outputs") for each in (stack.current, desired)]
    return bool(changes) or canonical(outputs[0]) != canonical(outputs[1])


def _change(name: str, stack: Stack, desired: DesiredState, values: Values) -> Change | None:
    after = resource_of(name, stack, desired, values)
    before = stack.resources.get(name)
    if before is None or before.type != after.type:
        values.resources.pop(name, None)
        return Change("Add", after)
    after.physical = before.physical
    properties = changed(before.properties, after.properties)
    if not properties:
        return None
    kind = KINDS[after.type]
    replacing = [name for name in properties if name in kind.replacing]
    if not replacing:
        return Change("Modify", after, "False", tuple(properties))
    # What names a resource that may be made anew cannot be known before.
    values.resources.pop(name, None)
    known = any(KNOWN_LATER not in canonical(after.properties.get(each)) for each in replacing)
    return Change("Modify", after, "True" if known else "Conditional", tuple(properties))
