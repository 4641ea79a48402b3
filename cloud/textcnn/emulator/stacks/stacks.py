"""All stacks of the account, and the threads in which things happen to them."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.stacks.deployment import Deployment
from textcnn.emulator.stacks.intrinsics import Values
from textcnn.emulator.stacks.resolving import Place, values_of
from textcnn.emulator.stacks.resources.kind import Interrupted, Work
from textcnn.emulator.stacks.service import AlreadyExists, StackNotFound
from textcnn.emulator.stacks.stack import DesiredState, Stack

# Stacks ask the services in their owner's name: what they ask is recorded as such.
STACKS_ACCESS_KEY = "EMULATORSTACKCALLS"
# How long the end of a thread is waited for when the emulator stops.
END_SECONDS = 10.0

log = logging.getLogger(__name__)


class Stacks:
    """The stacks that there are, and those that were deleted."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._stacks: dict[str, Stack] = {}
        self._clients: dict[str, Any] = {}
        self.lock = threading.RLock()
        self.place = Place(account.identifier, account.region)

    def close(self) -> None:
        """Interrupt what happens to stacks."""
        for stack in self:
            stack.interrupted.set()
        for stack in self:
            if stack.thread is not None:
                stack.thread.join(END_SECONDS)

    def __iter__(self) -> Iterator[Stack]:
        with self.lock:
            return iter(list(self._stacks.values()))

    def add(self, name: str, desired: DesiredState, *, protected: bool = False) -> Stack:
        """Add a stack; raises ``AlreadyExists`` where one of its name is there."""
        with self.lock:
            if any(each.name == name and each.deleted is None for each in self._stacks.values()):
                raise AlreadyExists(f"Stack [{name}] already exists")
            stack = Stack(
                name, self.arn("stack", name), desired, self._account.now(), protected=protected
            )
            self._stacks[stack.identifier] = stack
            return stack

    def get(self, name: str) -> Stack:
        """Return a stack by its name or, deleted or not, by its ARN."""
        if name in self._stacks:
            return self._stacks[name]
        for stack in self:
            if stack.name == name and stack.deleted is None:
                return stack
        raise StackNotFound(name)

    def find(self, name: str) -> Stack | None:
        """Return a stack that is there, or None."""
        try:
            return self.get(name)
        except StackNotFound:
            return None

    def arn(self, kind: str, name: str) -> str:
        """Return a new ARN of a stack or a change set."""
        place = f"{self._account.region}:{self._account.identifier}"
        return f"arn:aws:cloudformation:{place}:{kind}/{name}/{uuid.uuid4()}"

    def values(self, stack: Stack, desired: DesiredState) -> Values:
        """Return what the functions of a template for a stack are computed from."""
        return values_of(stack, desired, self.place)

    def start(
        self, stack: Stack, desired: DesiredState, happen: Callable[[Deployment], None]
    ) -> None:
        """Let something happen to a stack, in a thread of its own."""
        earlier, interrupted = stack.thread, threading.Event()
        stack.interrupted = interrupted

        def run() -> None:
            if earlier is not None:
                earlier.join()
            # A later operation has an event of its own, and waits for this one to end.
            deployment = Deployment(
                stack,
                desired,
                self.values(stack, desired),
                lambda name: self._work(stack, name, interrupted),
            )
            try:
                happen(deployment)
            except Interrupted:
                log.info("stack %s is interrupted in %s", stack.name, stack.status)
            except ServiceError as error:
                stack.to(stack.status.replace("_IN_PROGRESS", "_FAILED"), error.message)
            except Exception:
                log.exception("stack %s failed in %s", stack.name, stack.status)
                failed = stack.status.replace("_IN_PROGRESS", "_FAILED")
                stack.to(failed, "the emulator failed: see its log")

        stack.thread = threading.Thread(target=run, name=f"stack {stack.name}", daemon=True)
        stack.thread.start()

    def _work(self, stack: Stack, resource: str, interrupted: threading.Event) -> Work:
        return Work(
            self._client,
            self._account.client,
            self._account.identifier,
            self._account.region,
            self._account.runtime,
            stack.name,
            resource,
            interrupted,
        )

    def _client(self, service: str) -> Any:
        with self.lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service,
                    endpoint_url=self._account.url,
                    config=Config(
                        retries={"mode": "standard", "max_attempts": 5}, max_pool_connections=50
                    ),
                )
            return self._clients[service]

    @cached_property
    def _session(self) -> Any:
        return boto3.Session(
            aws_access_key_id=STACKS_ACCESS_KEY,
            aws_secret_access_key=STACKS_ACCESS_KEY,
            region_name=self._account.region,
        )
