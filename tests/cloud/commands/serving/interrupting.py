"""Commands that are ended at each of their calls, one after the other, until one comes through."""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.client
import pytest

from tests.cloud.commands.conftest import Command, Told
from textcnn.errors import Exit

MOST_CALLS = 150


@contextmanager
def ended_at(number: int) -> Iterator[None]:
    """End the command when AWS has answered its call of this number."""
    calls = itertools.count(1)
    real = botocore.client.BaseClient._make_api_call

    def call(self: Any, *arguments: Any) -> Any:
        # Ctrl+C is the main thread's; uploads have threads of their own.
        is_main = threading.current_thread() is threading.main_thread()
        is_last = is_main and next(calls) == number
        try:
            return real(self, *arguments)
        finally:
            if is_last:
                raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield


def through(command: Command, *arguments: str) -> tuple[Told, int]:
    """Give a command, ended a call later each time; return how it ended, and at how many calls."""
    for number in range(1, MOST_CALLS):
        with ended_at(number):
            told = command(*arguments)
        if told.code != Exit.INTERRUPTED:
            break
    return told, number
