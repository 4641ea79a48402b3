"""Looks each second which schedules are due, and does what they say."""

import json
import logging
import threading
from collections.abc import Iterator

from botocore.exceptions import ClientError
from moto.scheduler.models import scheduler_backends

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.roles import check_role
from textcnn.emulator.schedules.due import TARGET, Schedule, once

SECONDS = 1.0
SCHEDULER = "scheduler.amazonaws.com"
# The targets that are carried out, as the service writes them.
DELETE_ENDPOINT = ("sagemaker", "deleteEndpoint")

log = logging.getLogger(__name__)


class Clock:
    """Runs schedules from the moment that it is created."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._ended = threading.Event()
        # A schedule happens once, but one whose time was changed happens again.
        self._done: set[Schedule] = set()
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(SECONDS):
            for schedule in self._due():
                try:
                    if self._carry_out(schedule):
                        self._done.add(schedule)
                except (ClientError, ServiceError, KeyError, ValueError) as error:
                    # As with the service, a failed invocation is reported to nobody.
                    log.warning("schedule %s failed: %s", schedule.name, error)
                    self._done.add(schedule)

    def _due(self) -> Iterator[Schedule]:
        # moto keeps them in this process: to ask for all of them each second costs nothing.
        backend = scheduler_backends[self._account.identifier][self._account.region]
        for group in list(backend.schedule_groups.values()):
            for kept in list(group.schedules.values()):
                schedule = once(kept.to_dict())
                if schedule is None or schedule in self._done:
                    continue
                if schedule.is_due(self._account.now()):
                    yield schedule

    def _carry_out(self, schedule: Schedule) -> bool:
        """Do what a schedule says; False where it is to be tried again."""
        check_role(self._account, schedule.role, SCHEDULER)
        target = TARGET.fullmatch(schedule.target)
        if target is None or (target["service"], target["action"]) != DELETE_ENDPOINT:
            log.warning(
                "schedule %s: the emulator does not invoke %s", schedule.name, schedule.target
            )
            return True
        name = json.loads(schedule.input)["EndpointName"]
        try:
            self._account.client("sagemaker").delete_endpoint(EndpointName=name)
        except ClientError as error:
            if "in-progress" in str(error):
                return False
            raise
        log.info("schedule %s has deleted endpoint %s", schedule.name, name)
        if schedule.removed_then:
            self._account.client("scheduler").delete_schedule(
                Name=schedule.name, GroupName=schedule.group
            )
        return True
