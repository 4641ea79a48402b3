"""The change sets of the account's stacks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from textcnn.emulator.account import Account
from textcnn.emulator.stacks.plan import Change
from textcnn.emulator.stacks.service import AlreadyExists, ChangeSetNotFound, ValidationError
from textcnn.emulator.stacks.stack import DesiredState, Stack

NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set."
)


@dataclass
class ChangeSet:
    """What a stack would become, and the changes to it."""

    name: str
    identifier: str
    stack: Stack
    desired: DesiredState
    kind: str
    description: str | None
    created: datetime
    changes: list[Change] = field(default_factory=list)
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    execution: str = "AVAILABLE"


class ChangeSets:
    """Change sets by their ARNs."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._sets: dict[str, ChangeSet] = {}

    def close(self) -> None:
        """Nothing runs."""

    def of(self, stack: Stack) -> Iterator[ChangeSet]:
        """Yield the change sets of a stack."""
        yield from [each for each in list(self._sets.values()) if each.stack is stack]

    def add(self, change_set: ChangeSet) -> None:
        """Keep a change set; its name must be new to its stack."""
        if any(each.name == change_set.name for each in self.of(change_set.stack)):
            raise AlreadyExists(
                f"ChangeSet {change_set.name} cannot be created due to a mismatch with existing "
                "attribute Name"
            )
        self._sets[change_set.identifier] = change_set

    def get(self, name: str, stack: Stack | None) -> ChangeSet:
        """Return a change set by its ARN, or by its name and stack."""
        if name in self._sets:
            return self._sets[name]
        if stack is None and not name.startswith("arn:"):
            raise ValidationError(
                "StackName must be specified if ChangeSetName is not specified as an ARN."
            )
        for each in self.of(stack) if stack else ():
            if each.name == name:
                return each
        raise ChangeSetNotFound(name)

    def remove(self, change_set: ChangeSet) -> None:
        """Forget a change set."""
        self._sets.pop(change_set.identifier, None)
