"""Processes that each do one task at a time; results come in the order that is asked for."""

import multiprocessing
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, Generic, Self, TypeVar

from text_classification.contract.failure import explain
from text_classification.machine.processes import follow_parent, lost
from text_classification.machine.signals import Stopped

Task = TypeVar("Task")
Result = TypeVar("Result")


class Processes(Generic[Task, Result]):
    """Forked processes that call ``work``; none is left behind the ``with`` block."""

    def __init__(self, work: Callable[[Task], Result], count: int) -> None:
        self.count = count
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers = [_Worker(work) for _ in range(count)]
        for worker in self._workers:
            self._idle.put(worker)
        # One waits for each process. They are started behind the forks, which would lose them.
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reading")

    def submit(self, task: Task) -> "Future[Result]":
        """Have a task done by the next process that has nothing to do.

        The future raises what the work raised, and ``ResourceError`` where its process died.
        """
        return self._threads.submit(self._done, task)

    def __enter__(self) -> Self:
        """Return the processes."""
        return self

    def __exit__(self, *_: object) -> None:
        """End them, whatever they do."""
        for worker in self._workers:
            worker.process.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()

    def _done(self, task: Task) -> Result:
        worker = self._idle.get()
        try:
            result: Result
            result, error = worker.ask(task)
        finally:
            self._idle.put(worker)
        if error:
            raise error
        return result


class _Worker:
    """A process and the way to it."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(work, theirs))
        with warnings.catch_warnings():
            # Of threads, which a fork loses: the work uses none of this process's.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        theirs.close()  # so that ours ends when the process does

    def ask(self, task: Any) -> Any:
        """Return the result of a task, or None and what it raised."""
        try:
            self.connection.send(task)
            return self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            return None, lost(self.process, "a process that read documents")


def _serve(work: Callable[[Any], Any], connection: Connection) -> None:
    """Do tasks until no more come: the life of a process."""
    follow_parent()
    # A stop that reaches all processes ends this one; the parent tells of it.
    with suppress(EOFError, OSError, Stopped):
        while True:
            task = connection.recv()
            connection.send(_called(work, task))


def _called(work: Callable[[Any], Any], task: Any) -> tuple[Any, Exception | None]:
    try:
        return work(task), None
    except Stopped:
        raise
    except OSError as error:
        return None, error  # of the disk: whoever gave the folder explains it
    except Exception as error:  # noqa: BLE001 - raised by the parent
        return None, explain(error)
