"""Makes, updates and deletes the resources of one stack, one after the other."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.stacks.intrinsics import Values
from textcnn.emulator.stacks.resolving import changed, resource_of
from textcnn.emulator.stacks.resources import KINDS
from textcnn.emulator.stacks.resources.kind import Interrupted, ResourceFailed, Work, error_message
from textcnn.emulator.stacks.stack import DesiredState, Resource, Stack
from textcnn.emulator.stacks.template import Template, order

log = logging.getLogger(__name__)
# Makes the work on a resource of a stack by its name.
WorkOf = Callable[[str], Work]
Result = TypeVar("Result")


class StepFailed(Exception):
    """A resource has failed, and its event says why."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Deployment:
    """The steps that stacks are made of.

    done holds what was changed, in order, to go back by: a resource's name and what it was before,
    or None where it was not there.
    """

    def __init__(
        self, stack: Stack, desired: DesiredState, values: Values, work_of: WorkOf
    ) -> None:
        self.stack = stack
        self.desired = desired
        self.values = values
        self.work_of = work_of
        self.done: list[tuple[str, Resource | None]] = []

    def apply(self) -> None:
        """Make every resource as it is wanted; raises ``StepFailed`` at the first that fails."""
        for name in order(self.desired.template, self.values.desired()):
            if self.work_of(name).interrupted.is_set():
                raise Interrupted
            self._apply_one(name)

    def replaced(self, earlier: Template) -> list[Resource]:
        """Return what is not wanted any more, and what others stand for now; earlier orders it."""
        stack, names = self.stack, self.values.desired()
        replaced = [
            before
            for name, before in self.done
            if before is not None and before.physical != stack.resources[name].physical
        ]
        gone = order(earlier, [name for name in stack.resources if name not in names])
        return [*(stack.resources[name] for name in reversed(gone)), *reversed(replaced)]

    def go_back(self) -> list[Resource]:
        """Make resources what they were and return those to be removed.

        Raises ``StepFailed``.
        """
        added: list[Resource] = []
        for name, before in reversed(self.done):
            now = self.stack.resources[name]
            if before is None:
                added.append(self.stack.resources.pop(name))
            elif now.physical != before.physical:
                if now.physical:
                    added.append(now)
                self.stack.resources[name] = before
            else:
                self._update(now, before)
        return added

    def remove(self, resource: Resource, *, policy: str) -> bool:
        """Delete a resource and return whether it is gone, or is to be left."""
        if policy.startswith("Retain"):
            self.stack.resource_to(resource, "DELETE_SKIPPED")
            return True
        if not resource.physical:
            return True
        self.stack.resource_to(resource, "DELETE_IN_PROGRESS")
        try:
            _failure_of(
                lambda: KINDS[resource.type].delete(
                    self.work_of(resource.name), resource.physical, resource.properties
                )
            )
        except ResourceFailed as error:
            self.stack.resource_to(resource, "DELETE_FAILED", str(error))
            return False
        self.stack.resource_to(resource, "DELETE_COMPLETE")
        return True

    def _apply_one(self, name: str) -> None:
        try:
            after = _failure_of(lambda: resource_of(name, self.stack, self.desired, self.values))
        except ResourceFailed as error:
            kind = self.desired.template.resources[name]["Type"]
            self.stack.resource_to(Resource(name, kind, {}), "CREATE_FAILED", str(error))
            raise StepFailed(name) from None
        before = self.stack.resources.get(name)
        if before is None:
            self._create(after, None)
        elif differing := changed(before.properties, after.properties):
            if before.type != after.type or KINDS[after.type].replacing & set(differing):
                self._create(after, before)
            else:
                self._update(before, after)
        else:
            before.deletion_policy = after.deletion_policy
            before.replace_policy = after.replace_policy

    def _create(self, resource: Resource, before: Resource | None) -> None:
        word = "CREATE" if before is None else "UPDATE"
        kind, work = KINDS[resource.type], self.work_of(resource.name)
        note = (
            None
            if before is None
            else (
                "Requested update requires the creation of a new physical resource; hence "
                "creating one."
            )
        )
        self.done.append((resource.name, before))
        self.stack.resources[resource.name] = resource
        self.stack.resource_to(resource, f"{word}_IN_PROGRESS", note)

        def make() -> None:
            kind.check(resource.properties)
            resource.physical = kind.create(work, resource.properties)
            self.stack.resource_to(resource, f"{word}_IN_PROGRESS", "Resource creation Initiated")
            resource.return_values = kind.settle(work, resource.physical, resource.properties)

        self._step(resource, word, make)

    def _update(self, before: Resource, after: Resource) -> None:
        kind, work = KINDS[after.type], self.work_of(after.name)
        now = replace(after, physical=before.physical, return_values=before.return_values)
        self.done.append((now.name, before))
        self.stack.resources[now.name] = now
        self.stack.resource_to(now, "UPDATE_IN_PROGRESS")

        def change() -> None:
            kind.check(now.properties)
            kind.update(work, now.physical, before.properties, now.properties)
            now.return_values = kind.settle(work, now.physical, now.properties)

        self._step(now, "UPDATE", change)

    def _step(self, resource: Resource, word: str, step: Callable[[], None]) -> None:
        try:
            _failure_of(step)
        except ResourceFailed as error:
            self.stack.resource_to(resource, f"{word}_FAILED", str(error))
            raise StepFailed(resource.name) from None
        if resource.return_values is not None:
            self.values.resources[resource.name] = resource.return_values
        self.stack.resource_to(resource, f"{word}_COMPLETE")


def _failure_of(step: Callable[[], Result]) -> Result:
    """Carry out a step; whatever a service answers instead becomes a resource's failure."""
    try:
        return step()
    except ClientError as error:
        raise ResourceFailed(
            f'Resource handler returned message: "{error_message(error)}"'
        ) from None
    except ResourceFailed as error:
        raise ResourceFailed(f'Resource handler returned message: "{error}"') from None
    except (ServiceError, BotoCoreError) as error:
        raise ResourceFailed(str(error)) from None
    except (KeyError, TypeError, ValueError) as error:
        # The template's properties are not what the kind reads.
        log.exception("a property is missing or of another kind")
        raise ResourceFailed(f"Properties validation failed: {error!r}") from None
