"""Call a function in a forked process, which can be ended at any moment and at no cost to this one.

A fork shares all that is in memory, copied only where it is written to. So large arrays need not be
sent, a stop need not wait for a library that computes, and what runs out of memory is the fork: the
kernel is told to end it first. The function may use NumPy and SciPy; TensorFlow's threads are not
there.
"""

import logging
import multiprocessing
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from text_classification.contract.failure import explain
from text_classification.machine.processes import follow_parent, lost
from text_classification.machine.signals import Stopped, StopRequest

Result = TypeVar("Result")

# How long a stop may go unnoticed.
CHECK_SECONDS = 0.2
# The kernel ends the process with the highest score first where memory runs out.
OUT_OF_MEMORY_SCORE = "1000"

log = logging.getLogger(__name__)


def forked(function: Callable[[], Result], stop: StopRequest) -> Result:
    """Return the result of a function that is called in a process of its own.

    Raises what the function raised, ``ResourceError`` where the process died, and ``Stopped``
    within a second of a stop request. The process is gone by then, and what it started with it.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(function, theirs))
    with warnings.catch_warnings():
        # Of threads, which a fork loses: the function uses none of this process's.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()  # so that ours ends when the process does
    try:
        while not ours.poll(CHECK_SECONDS):
            stop.check()
        result: Result
        result, error = _received(ours, process)
    finally:
        ours.close()
        process.kill()
        process.join()
    if error:
        raise error
    return result


def _received(connection: Connection, process: BaseProcess) -> Any:
    """Return what a process has sent: a result, or an exception behind it."""
    try:
        return connection.recv()
    except (EOFError, ConnectionError):
        process.join()
        raise lost(process, "a process") from None


def _run(function: Callable[[], Result], connection: Connection) -> None:
    """Call the function and send what comes of it: the life of a process."""
    follow_parent()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OUT_OF_MEMORY_SCORE, encoding="ascii")
    with suppress(ConnectionError):
        connection.send(_called(function))


def _called(function: Callable[[], Result]) -> tuple[Result | None, Exception | None]:
    try:
        return function(), None
    except Stopped as stopped:
        return None, stopped
    except Exception as error:
        explained = explain(error)
        if explained is not error:
            log.exception("%s", explained)
        return None, explained
