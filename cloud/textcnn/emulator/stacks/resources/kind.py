"""What a resource type is to a stack: how its resources are made, changed and removed."""

import secrets
import string
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from textcnn.emulator.runtime.container import Runtime
from textcnn.emulator.stacks.return_values import ReturnValues

RANDOM_CHARACTERS = 12
ALPHABET = string.ascii_letters + string.digits
POLL_SECONDS = 0.1

Properties = Mapping[str, Any]


class ResourceFailed(Exception):
    """A resource could not be made, changed or removed; the message goes into the event."""


class Interrupted(Exception):
    """The stack is to do something else, or the emulator ends."""


@dataclass(frozen=True)
class Work:
    """What a kind needs to work on one resource of a stack.

    client returns a boto3 client of a service in the name of the stack's owner, own_client one in
    the emulator's; interrupted is set when the work is to end.
    """

    client: Callable[[str], Any]
    own_client: Callable[[str], Any]
    account: str
    region: str
    runtime: Runtime
    stack: str
    resource: str
    interrupted: threading.Event

    def name(self, longest: int) -> str:
        """Return a new name of the stack's, the resource's and random characters, as long."""
        ending = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
        room = longest - RANDOM_CHARACTERS - 2
        resource = self.resource[: max(room // 2, room - len(self.stack))]
        return f"{self.stack[: room - len(resource)]}-{resource}-{ending}"

    def until(self, holds: Callable[[], bool]) -> None:
        """Return when it holds; raises ``Interrupted`` where the work is to end before."""
        while not holds():
            if self.interrupted.wait(POLL_SECONDS):
                raise Interrupted


class Kind(ABC):
    """One resource type.

    properties are those that the emulator knows, replacing those whose change makes a new
    resource; tag_property is where tags are, if anywhere, as a list or, where tags_are_a_map, as a
    map; system_tags says whether the service adds its own, as the type's schema has it
    (``cloudFormationSystemTags``).
    """

    type: ClassVar[str]
    properties: ClassVar[frozenset[str]]
    replacing: ClassVar[frozenset[str]]
    tag_property: ClassVar[str | None] = "Tags"
    tags_are_a_map: ClassVar[bool] = False
    system_tags: ClassVar[bool] = False

    @abstractmethod
    def create(self, work: Work, properties: Properties) -> str:
        """Make a resource and return its physical identifier, without waiting for it."""

    @abstractmethod
    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Wait until the resource is as wanted and return what ``Ref`` and ``GetAtt`` give."""

    @abstractmethod
    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change a resource in place, without waiting for it."""

    @abstractmethod
    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Remove a resource; one that is gone is no error."""

    def check(self, properties: Properties) -> None:
        """Raise ``ResourceFailed`` for properties that the emulator does not know."""
        unknown = sorted(set(properties) - self.properties)
        if unknown:
            raise ResourceFailed(f"Encountered unsupported property {unknown[0]}")


def error_message(error: ClientError) -> str:
    """Return a service's error as a stack's event shows it."""
    response = error.response
    metadata = response["ResponseMetadata"]
    return (
        f"{response['Error'].get('Message', '')} (Operation: {error.operation_name}, Status Code: "
        f"{metadata['HTTPStatusCode']}, Error Code: {response['Error'].get('Code', '')})"
    )


def is_missing(error: ClientError, *codes: str) -> bool:
    """Return whether an error says that the resource is not there."""
    details = error.response["Error"]
    code, message = details.get("Code", ""), details.get("Message", "")
    # SageMaker has no code of its own for what is missing.
    return code in codes or (code == "ValidationException" and "ould not find" in message)


def as_map(tags: list[dict[str, str]] | dict[str, str] | None) -> dict[str, str]:
    """Return tags, a list of keys and values or a map, as a map."""
    if isinstance(tags, dict):
        return tags
    return {tag["Key"]: tag["Value"] for tag in tags or []}
