"""The functions of the account: each request to an environment that is free, or to a new one."""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.functions.environment import Environment
from textcnn.emulator.functions.runtime_api import FunctionError
from textcnn.emulator.functions.settings import FunctionSettings, settings_of
from textcnn.emulator.logs import LogSender

# Functions ask the services in their role's name, not in that of who made them.
FUNCTIONS_ACCESS_KEY = "EMULATORFUNCTIONS"


class FunctionFailed(Exception):
    """There is no such function, or it has raised an error."""


class FunctionTimeout(Exception):
    """The function did not answer in time."""


class Functions:
    """Keeps environments that wait for the next request, as the service does."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._free: list[Environment] = []
        self._closed = False
        self._lock = threading.Lock()

    def close(self) -> None:
        """End all processes that wait; one that answers ends when it has."""
        self._closed = True
        self._end(lambda _: True)

    def invoke(self, name: str, event: dict[str, Any], seconds: float) -> Any:
        """Return a function's result; name is its name or ARN.

        Raises ``FunctionFailed``, or ``TookTooLong`` after so many seconds, or those that the
        function itself may take.
        """
        settings = settings_of(self._account, name)
        if settings is None:
            raise FunctionFailed
        environment = self._take(settings)
        try:
            body = environment.invoke(json.dumps(event).encode(), min(seconds, settings.seconds))
        except TimeoutError:
            environment.stop()
            if seconds < settings.seconds:
                raise FunctionTimeout from None
            raise FunctionFailed from None
        except FunctionError:
            environment.stop()
            raise FunctionFailed from None
        if self._closed:
            environment.stop()
        else:
            with self._lock:
                self._free.append(environment)
        return json.loads(body)

    def end_stale(self) -> None:
        """End the environments whose function is gone, or is not what it was."""
        with self._lock:
            names = {each.settings.name for each in self._free}
        now: dict[str, str] = {}
        for name in names:
            settings = settings_of(self._account, name)
            now[name] = settings.revision if settings else ""
        self._end(lambda each: now.get(each.settings.name) != each.settings.revision)

    def _end(self, chosen: Callable[[Environment], bool]) -> None:
        with self._lock:
            ending = [each for each in self._free if chosen(each)]
            self._free = [each for each in self._free if each not in ending]
        for environment in ending:
            environment.stop()

    def _take(self, settings: FunctionSettings) -> Environment:
        with self._lock:
            # The one that answered last, as the service does.
            for each in reversed(self._free):
                if each.settings.revision == settings.revision and each.is_running():
                    self._free.remove(each)
                    return each
        return self._start(settings)

    def _start(self, settings: FunctionSettings) -> Environment:
        stream = f"{self._account.now():%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        variables = {
            "AWS_ENDPOINT_URL": self._account.url,
            "AWS_REGION": self._account.region,
            "AWS_DEFAULT_REGION": self._account.region,
            "AWS_ACCESS_KEY_ID": FUNCTIONS_ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": FUNCTIONS_ACCESS_KEY,
            "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        }
        sender = LogSender(self._account, settings.log_group)
        return Environment(settings, variables, sender, stream)
