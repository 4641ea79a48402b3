"""Model package groups: the versions of one model."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ServiceError, ValidationException
from textcnn.emulator.store import Store


@dataclass
class Group:
    """One group; versions counts those it has had, so that no number comes twice."""

    request: dict[str, Any]
    arn: str
    created: datetime
    versions: int = 0

    @property
    def name(self) -> str:
        """The group's name."""
        name: str = self.request["ModelPackageGroupName"]
        return name


class Groups:
    """The account's groups."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._groups: Store[Group] = Store(self._missing, self._taken)

    def create(self, request: dict[str, Any]) -> Group:
        """Create a group of a name that is not taken."""
        name = request["ModelPackageGroupName"]
        group = Group(request, self._arn(name), self._account.now())
        self._groups.add(name, group)
        self._account.tags.add(group.arn, request.get("Tags", []))
        return group

    def get(self, name: str) -> Group:
        """Return a group by its name or its ARN."""
        return self._groups.get(name.rpartition("/")[2])

    def remove(self, name: str) -> None:
        """Forget a group."""
        self._account.tags.forget(self._groups.remove(self.get(name).name).arn)

    def close(self) -> None:
        """Nothing runs."""

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups)

    def _arn(self, name: str) -> str:
        return self._account.arn("model-package-group", name)

    def _missing(self, name: str) -> ServiceError:
        # getmoto/moto quotes the service.
        return ValidationException(f"ModelPackageGroup {self._arn(name)} does not exist.")

    def _taken(self, name: str) -> ServiceError:
        return ValidationException(f"Model Package Group already exists: {self._arn(name)}")
