"""Named resources of one kind, kept in memory while the emulator runs."""

import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from textcnn.emulator.protocol.errors import ServiceError

Resource = TypeVar("Resource")


class Store(Generic[Resource]):
    """Resources by name; what is missing or taken raises the error of its kind.

    missing and taken make that error from a name.
    """

    def __init__(
        self,
        missing: Callable[[str], ServiceError],
        taken: Callable[[str], ServiceError],
    ) -> None:
        self._missing = missing
        self._taken = taken
        self._resources: dict[str, Resource] = {}
        self._lock = threading.Lock()

    def add(self, name: str, resource: Resource) -> None:
        """Add a resource; raises the kind's error where the name is taken."""
        with self._lock:
            if name in self._resources:
                raise self._taken(name)
            self._resources[name] = resource

    def get(self, name: str) -> Resource:
        """Return a resource; raises the kind's error where there is none."""
        try:
            return self._resources[name]
        except KeyError:
            raise self._missing(name) from None

    def remove(self, name: str) -> Resource:
        """Remove and return a resource; raises the kind's error where there is none."""
        with self._lock:
            try:
                return self._resources.pop(name)
            except KeyError:
                raise self._missing(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._resources

    def __iter__(self) -> Iterator[Resource]:
        with self._lock:
            return iter(list(self._resources.values()))
