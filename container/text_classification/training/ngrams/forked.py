"""Call functions in forked processes, which can be ended at any moment and at no cost to this one.

A fork shares all that is in memory, copied only where it is written to. So large arrays need not be
sent, a stop need not wait for a library that computes, and what runs out of memory is the fork: the
kernel is told to end it first. The functions may use NumPy, SciPy and scikit-learn; TensorFlow's
threads are not there.
"""

import logging
import multiprocessing
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, TypeVar

from text_classification.contract.failure import explain
from text_classification.errors import Code, ResourceError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.selection.parallel_training import follow_parent

Result = TypeVar("Result")

# How long a stop may go unnoticed.
CHECK_SECONDS = 0.2
# The kernel ends the process with the highest score first where memory runs out.
OUT_OF_MEMORY_SCORE = "1000"

log = logging.getLogger(__name__)


def forked(
    functions: Sequence[Callable[[], Result]], processes: int, stop: StopRequest
) -> list[Result]:
    """Return the result of each function, each called in a process of its own.

    processes: how many there are at a time.
    Raises what a function raised, ``ResourceError`` where a process died, and ``Stopped`` within
    a second of a stop request. The processes are gone by then.
    """
    left = list(enumerate(functions))
    running: dict[object, tuple[int, _Fork[Result]]] = {}
    results: dict[int, Result] = {}
    try:
        while left or running:
            stop.check()
            while left and len(running) < processes:
                number, function = left.pop(0)
                fork = _Fork.of(function)
                running[fork.connection] = number, fork
            for connection in wait(
                [fork.connection for _, fork in running.values()], CHECK_SECONDS
            ):
                number, fork = running.pop(connection)
                results[number] = fork.result()
    finally:
        for _, fork in running.values():
            fork.end()
    return [results[number] for number in range(len(functions))]


@dataclass(frozen=True)
class _Result(Generic[Result]):
    """What a process sends."""

    value: Result


@dataclass(frozen=True)
class _Fork(Generic[Result]):
    process: BaseProcess
    connection: Connection

    @classmethod
    def of(cls, function: Callable[[], Result]) -> "_Fork[Result]":
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(function, theirs))
        with warnings.catch_warnings():
            # Of threads, which a fork loses: the functions use none of this process's.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()  # so that ours ends when the process does
        return cls(process, ours)

    def result(self) -> Result:
        """Return what the process sends, or raise it."""
        try:
            sent: _Result[Result] | Exception = self.connection.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            raise _lost(self.process) from None
        finally:
            self.end()
        if isinstance(sent, Exception):
            raise sent
        return sent.value

    def end(self) -> None:
        """End the process; what it started ends with it."""
        self.connection.close()
        self.process.kill()
        self.process.join()


def _run(function: Callable[[], Result], connection: Connection) -> None:
    """Call the function and send what comes of it: the life of a process."""
    follow_parent()
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OUT_OF_MEMORY_SCORE, encoding="ascii")
    with suppress(ConnectionError):
        connection.send(_called(function))


def _called(function: Callable[[], Result]) -> _Result[Result] | Exception:
    try:
        return _Result(function())
    except Stopped as stopped:
        return stopped
    except Exception as error:
        explained = explain(error)
        if explained is not error:
            log.exception("%s", explained)
        return explained


def _lost(process: BaseProcess) -> ResourceError:
    killed = process.exitcode == -9  # noqa: PLR2004 - SIGKILL
    return ResourceError(
        Code.OUT_OF_MEMORY if killed else Code.PROCESS_LOST,
        "a process was killed, as the system does where memory runs out"
        if killed
        else f"a process ended with exit code {process.exitcode} and without a result",
        remedy="Use a larger instance.",
    )
