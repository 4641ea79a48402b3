"""A stack: its template, its resources and all that has happened to it."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from textcnn.emulator.stacks.return_values import ReturnValues
from textcnn.emulator.stacks.template import Template, canonical

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass
class Resource:
    """A resource of a stack; physical is empty until there is one."""

    name: str
    type: str
    properties: dict[str, Any]
    physical: str = ""
    status: str = ""
    reason: str | None = None
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))
    return_values: ReturnValues | None = None
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"


@dataclass(frozen=True)
class DesiredState:
    """What a stack is to be: a template, its parameters and the stack's tags."""

    template: Template
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    capabilities: tuple[str, ...] = ()
    on_failure: str = "ROLLBACK"
    token: str | None = None
    role: str | None = None


@dataclass
class Stack:
    """A stack; current is what it was last made or updated to, or is being."""

    name: str
    identifier: str
    current: DesiredState
    created: datetime
    status: str = ""
    reason: str | None = None
    updated: datetime | None = None
    deleted: datetime | None = None
    protected: bool = False
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    interrupted: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    @property
    def in_progress(self) -> bool:
        """Whether something is happening to it."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def to(self, status: str, reason: str | None = None) -> None:
        """Change the stack's state; the event comes first, as who waits for the state reads it."""
        self._event(self.name, self.identifier, STACK_TYPE, status, reason, None)
        self.reason = reason
        self.status = status

    def resource_to(self, resource: Resource, status: str, reason: str | None = None) -> None:
        """Change a resource's state."""
        resource.status, resource.reason = status, reason
        resource.changed = datetime.now(UTC)
        properties = canonical(resource.properties)
        self._event(resource.name, resource.physical, resource.type, status, reason, properties)

    def _event(  # noqa: PLR0913, PLR0917 - the members of an event
        self,
        name: str,
        physical: str,
        kind: str,
        status: str,
        reason: str | None,
        properties: str | None,
    ) -> None:
        self.events.append(
            {
                "StackId": self.identifier,
                "StackName": self.name,
                "EventId": str(uuid.uuid4()),
                "LogicalResourceId": name,
                "PhysicalResourceId": physical,
                "ResourceType": kind,
                "Timestamp": datetime.now(UTC),
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
                "ResourceProperties": properties,
                "ClientRequestToken": self.current.token,
            }
        )
