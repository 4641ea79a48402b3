"""An endpoint: its states, and the threads that take it from one to the next."""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.fleet import Fleet
from textcnn.emulator.hosting.invocation import Invocation, validation_error
from textcnn.emulator.hosting.traffic import take_over
from textcnn.emulator.hosting.variant import DeploymentFailed, ServedModel, Variant
from textcnn.emulator.logs import LogSender
from textcnn.emulator.protocol.errors import ServiceError, ValidationException

IN_SERVICE = frozenset({"InService", "Updating", "RollingBack"})
IN_PROGRESS = frozenset({"Creating", "Updating", "RollingBack", "Deleting", "SystemUpdating"})
BETWEEN_CHECKS = 0.25

LOG_GROUP = "/aws/sagemaker/Endpoints/"

# By the names of variants.
Models = Mapping[str, ServedModel]

log = logging.getLogger(__name__)


class Endpoint:
    """One endpoint; what takes time happens in a thread of its own."""

    def __init__(self, account: Account, name: str, configuration_name: str) -> None:
        self.account = account
        self.name = name
        self.arn = account.arn("endpoint", name)
        self.created = self.modified = account.now()
        self.status = "Creating"
        self.failure_reason: str | None = None
        self.fleet: Fleet | None = None
        self.next_fleet: Fleet | None = None
        self.configuration_name = configuration_name
        self.last_deployment: dict[str, Any] | None = None
        self._logs: LogSender | None = None
        self._share = 0.0
        self._lock = threading.RLock()
        self._abandoned = threading.Event()
        self._work: threading.Thread | None = None
        self._watch = threading.Thread(target=self._keep_in_service, daemon=True)

    def create(self, configuration: Mapping[str, Any], models: Models) -> None:
        """Start the first fleet: InService, or Failed with the reason."""
        self._logs = LogSender(self.account, f"{LOG_GROUP}{self.name}")
        fleet = self._fleet(configuration, models)
        self._watch.start()
        self._begin("Creating", lambda: self._create(fleet))

    def update(
        self, configuration: Mapping[str, Any], models: Models, deployment: Mapping[str, Any]
    ) -> None:
        """Bring another fleet into service, or roll back and say why."""
        with self._lock:
            self.refuse_in_progress()
            fleet = self._fleet(configuration, models)
            self.last_deployment = dict(deployment) or None
            self._begin("Updating", lambda: self._update(fleet, deployment))

    def change(self, change: Callable[[], None]) -> None:
        """Change weights and counts."""
        with self._lock:
            self.refuse_in_progress()
            self._begin("Updating", lambda: self._change(change))

    def delete(self, gone: Callable[[], None]) -> None:
        """End what runs, then call ``gone``."""
        with self._lock:
            self.refuse_in_progress()
            self._begin("Deleting", lambda: self._delete(gone))

    def refuse_in_progress(self) -> None:
        """Raise ``ValidationException`` while something is under way."""
        if self.status in IN_PROGRESS:
            raise ValidationException(f'Cannot update in-progress endpoint "{self.arn}".')

    def choose(self, invocation: Invocation) -> tuple[Fleet, Variant]:
        """Return the fleet and the variant that a request goes to."""
        with self._lock:
            fleet, other, share = self.fleet, self.next_fleet, self._share
        if fleet is None or self.status not in IN_SERVICE:
            raise not_found(self.account, self.name)
        if other is not None and random.random() < share:  # noqa: S311 - traffic, no secret
            fleet = other
        return fleet, fleet.choose(invocation)

    def close(self) -> None:
        """End at once, since the emulator does."""
        self._abandoned.set()
        for fleet in (self.fleet, self.next_fleet):
            if fleet is not None:
                fleet.kill()
        for thread in (self._work, self._watch):
            if thread is not None and thread.is_alive():
                thread.join()
        self._close_logs()

    def _fleet(self, configuration: Mapping[str, Any], models: Models) -> Fleet:
        assert self._logs is not None  # noqa: S101 - there are logs since the creation
        self.next_fleet = Fleet(self.account, self.name, configuration, models, self._logs)
        return self.next_fleet

    def _close_logs(self) -> None:
        if self._logs is not None:
            self._logs.close()

    def _begin(self, status: str, work: Callable[[], None]) -> None:
        with self._lock:
            self._enter(status)
            self._work = threading.Thread(target=self._run, args=(work,), daemon=True)
            self._work.start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            if self.next_fleet is not None:
                self.next_fleet.kill()
            log.exception("endpoint %s failed", self.name)
            self.failure_reason = "Request to service failed. The emulator's log says why."
            self._enter("Failed")

    def _enter(self, status: str) -> None:
        self.status = status
        self.modified = self.account.now()

    def _create(self, fleet: Fleet) -> None:
        try:
            fleet.start(self._abandoned)
        except DeploymentFailed as error:
            fleet.stop()
            with self._lock:
                self.next_fleet = None
                self.failure_reason = str(error)
                self._enter("Failed")
            return
        self._serve(fleet)

    def _update(self, fleet: Fleet, deployment: Mapping[str, Any]) -> None:
        self.failure_reason = None
        try:
            fleet.start(self._abandoned)
            take_over(self.account, deployment, fleet.instances, self._shift, self._abandoned)
        except DeploymentFailed as error:
            self._roll_back(fleet, str(error))
            return
        before = self.fleet
        self._serve(fleet, done=False)
        if before is not None:
            before.stop()
        self._enter("InService")

    def _roll_back(self, fleet: Fleet, reason: str) -> None:
        with self._lock:
            self._share = 0.0
            self.failure_reason = reason
            self._enter("RollingBack")
        fleet.stop()
        with self._lock:
            self.next_fleet = None
            self._enter("InService")

    def _serve(self, fleet: Fleet, *, done: bool = True) -> None:
        with self._lock:
            self.fleet, self.next_fleet, self._share = fleet, None, 0.0
            self.configuration_name = fleet.name
            if done:
                self._enter("InService")

    def _shift(self, share: float) -> None:
        with self._lock:
            self._share = share

    def _change(self, change: Callable[[], None]) -> None:
        change()
        self._enter("InService")

    def _delete(self, gone: Callable[[], None]) -> None:
        self._abandoned.set()
        self._watch.join()
        if self.fleet is not None:
            self.fleet.stop()
        self._close_logs()
        gone()

    def _keep_in_service(self) -> None:
        while not self._abandoned.wait(BETWEEN_CHECKS):
            fleet = self.fleet
            if fleet is None or self.status not in IN_SERVICE:
                continue
            if self.account.faults.take(self.name, "lose-instance"):
                fleet.variants[0].lose_instance()
            try:
                fleet.keep_in_service()
            except Exception:
                log.exception("an instance of endpoint %s cannot be replaced", self.name)


def not_found(account: Account, name: str) -> ServiceError:
    """Return the runtime's error for an endpoint that is not there or not in service."""
    return validation_error(f"Endpoint {name} of account {account.identifier} not found.")
