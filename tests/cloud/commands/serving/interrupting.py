"""Commands that are ended at each change that they make, until one comes through."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.client
import pytest

from tests.cloud.commands.conftest import Command, Told
from textcnn.errors import Exit

MOST_CHANGES = 60
# Calls that begin so change nothing.
READING = ("Describe", "Get", "Head", "List")


@contextmanager
def ended_at(number: int) -> Iterator[None]:
    """End the command when AWS has carried out its change of this number."""
    changes = itertools.count(1)
    real = botocore.client.BaseClient._make_api_call

    def call(self: Any, operation: str, arguments: Any) -> Any:
        # Ctrl+C is the main thread's; uploads have threads of their own.
        is_main = threading.current_thread() is threading.main_thread()
        is_change = is_main and not operation.startswith(READING)
        is_last = is_change and next(changes) == number
        try:
            return real(self, operation, arguments)
        finally:
            if is_last:
                raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield


def through(command: Command, *arguments: str) -> tuple[Told, int]:
    """Give a command, ended a change later each time; return how it ended, and how often before."""
    for number in range(1, MOST_CHANGES):
        with ended_at(number):
            told = command(*arguments)
        if told.code != Exit.INTERRUPTED:
            break
    return told, number - 1
