"""Trainings side by side: processes that take tasks, each with its share of the processors.

No more threads compute than there are processors, and none idles while there is something to
compute: when tasks run out, those that still work share the processors of those that do not.

Processes are started anew (spawned), not forked: TensorFlow and BLAS have threads, which a fork
loses. They map the corpora from the same files, so these are in memory once.
"""

import logging
import math
import multiprocessing
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from typing import Any, Generic, Protocol, TypeVar

from threadpoolctl import threadpool_limits

from text_classification.cnn.engines import uses_gpu
from text_classification.contract.failure import explain
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.errors import Code, ResourceError
from text_classification.machine.environment import settle_tensorflow
from text_classification.machine.log import log_to_stdout
from text_classification.machine.processes import follow_parent
from text_classification.machine.processors import processor_count, take_share
from text_classification.machine.signals import Stopped, StopRequest

Task = TypeVar("Task")
Task_contra = TypeVar("Task_contra", contravariant=True)
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)

# Sends a question to the process that gave the task, and returns the answer.
Ask = Callable[[Any], Any]

# How long processes that were told to end may take for their last steps and checkpoints, together:
# the job has 120 seconds, and has to save a model after that.
GRACE_SECONDS = 30

# How long a stop may go unnoticed.
CHECK_SECONDS = 0.5

log = logging.getLogger(__name__)


class Work(Protocol[Task_contra, Result_co]):
    """What the processes do: a function that can be pickled, with all that it needs."""

    def __call__(self, task: Task_contra, stop: StopRequest, ask: Ask, /) -> Result_co:
        """Do one task; its ``str`` is what the log calls it."""


def processes_for(hyperparameters: Hyperparameters, tasks: int) -> int:
    """Return how many processes work side by side: one a processor, one in all on a GPU."""
    at_most = 1 if uses_gpu(hyperparameters.engine) else processor_count()
    return min(hyperparameters.processes or at_most, tasks)


def refuse_request(_task: object, question: object) -> None:
    """Raise: no request of a worker is expected."""
    raise AssertionError(question)


def side_by_side(
    work: Work[Task, Result],
    tasks: Iterable[Task],
    processes: int,
    stop: StopRequest,
    answer: Callable[[Task, Any], Any] = refuse_request,
) -> Generator[tuple[Task, Result], None, None]:
    """Yield each task with its result, in the order in which they are done.

    A task is taken from ``tasks`` when a process has nothing to do. ``answer`` is given a task and
    what the work on it asks. A stop request is passed on to the processes: no further task begins,
    and those under way come to their results early or, had they not begun to train, to none.
    Raises what a task raised, or ``ResourceError`` when a process died; the others are told to
    stop and awaited.
    """
    processors = processor_count()
    if processes > processors:
        log.warning("%d processes share %d processors: each is slower", processes, processors)
    workers = [_Worker.start(work, share) for share in shares(processors, processes)]
    try:
        with stop.passed_on(lambda: _terminate(workers)):
            yield from _results(workers, iter(tasks), stop, answer)
    finally:
        _end(workers)


def shares(processors: int, processes: int) -> list[int]:
    """Return how many processors each process has: all of them are shared out, one is the least.

    >>> shares(64, 5), shares(2, 3)
    ([13, 13, 13, 13, 12], [1, 1, 1])
    """
    each, left = divmod(processors, processes)
    return [max(1, each + (index < left)) for index in range(processes)]


@dataclass(frozen=True)
class _Done(Generic[Result]):
    """What a process sends: its result, unless it was stopped before there was one."""

    results: tuple[Result, ...]


@dataclass(frozen=True)
class _WorkerRequest:
    """What a process sends in the middle of a task."""

    content: Any


@dataclass(frozen=True)
class _Worker:
    """A process, the way to it, and its share of the processors, which it looks up."""

    process: BaseProcess
    connection: Connection
    share: "Synchronized[int]"

    @classmethod
    def start(cls, work: Work[Task, Result], share: int) -> "_Worker":
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        shared = context.Value("i", share)
        process = context.Process(target=_work, args=(work, theirs, shared))
        process.start()
        theirs.close()  # so that ours ends when the process does
        return cls(process, ours, shared)

    def receive(self) -> "_Done[Result] | _WorkerRequest | None":
        """Return what the process has sent, None when it is dead; raise what it raised."""
        try:
            sent: _Done[Result] | _WorkerRequest | Exception = self.connection.recv()
        except (EOFError, ConnectionError):
            return None
        if isinstance(sent, Exception):
            raise sent
        return sent

    def send(self, content: object) -> None:
        """Send a task or an answer; a process that is dead is noticed when it is listened to."""
        with suppress(ConnectionError):
            self.connection.send(content)


def _results(
    workers: list[_Worker],
    tasks: Iterator[Task],
    stop: StopRequest,
    answer: Callable[[Task, Any], Any],
) -> Iterator[tuple[Task, Result]]:
    idle, deadline = list(workers), _Deadline(stop)
    busy: dict[object, tuple[_Worker, Task]] = {}
    while True:
        while idle and not stop and (task := next(tasks, None)) is not None:
            worker = idle.pop()
            worker.send(task)
            busy[worker.connection] = worker, task
        if not busy:
            return
        _share_out([worker for worker, _ in busy.values()])
        ready = wait([worker.connection for worker, _ in busy.values()], deadline.seconds_left())
        if not ready and deadline.is_over():
            log.warning("%d processes did not stop in time, and are ended", len(busy))
            for worker, _ in busy.values():
                worker.process.kill()
            return
        for connection in ready:
            worker, task = busy.pop(connection)
            sent: _Done[Result] | _WorkerRequest | None = worker.receive()
            if isinstance(sent, _WorkerRequest):
                worker.send(answer(task, sent.content))
                busy[connection] = worker, task
            elif sent:
                idle.append(worker)
                yield from ((task, result) for result in sent.results)
            elif not stop:
                raise _lost(worker.process)


def _share_out(busy: list[_Worker]) -> None:
    """Give the processors to the processes that work."""
    for worker, share in zip(busy, shares(processor_count(), len(busy)), strict=True):
        worker.share.value = share


class _Deadline:
    """When processes must have come to their end, once a stop was asked for."""

    def __init__(self, stop: StopRequest) -> None:
        self._stop = stop
        self._end = math.inf

    def seconds_left(self) -> float:
        """Return how long to wait at most before a stop is looked for again."""
        if self._stop and self._end == math.inf:
            self._end = time.monotonic() + GRACE_SECONDS
        return max(0.0, min(CHECK_SECONDS, self._end - time.monotonic()))

    def is_over(self) -> bool:
        """Tell whether whoever has not ended by now is to be ended."""
        return time.monotonic() >= self._end


def _terminate(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.process.terminate()


def _end(workers: list[_Worker]) -> None:
    """Let idle processes go, and make those that still work stop."""
    for worker in workers:
        worker.connection.close()
    _terminate(workers)
    end = time.monotonic() + GRACE_SECONDS
    for worker in workers:
        worker.process.join(max(0.0, end - time.monotonic()))
        worker.process.kill()
        worker.process.join()


def _lost(process: BaseProcess) -> ResourceError:
    process.join()
    return ResourceError(
        Code.PROCESS_LOST,
        f"a training process ended with exit code {process.exitcode} and without a result",
        remedy="With -9 the machine had too little memory: use a larger instance, or a smaller "
        "number of processes.",
    )


def _work(work: Work[Task, Result], connection: Connection, share: "Synchronized[int]") -> None:
    """Take tasks until no more come: the life of a process."""
    stop = StopRequest()
    stop.listen()
    follow_parent()
    take_share(lambda: share.value)
    settle_tensorflow(share.value)
    log_to_stdout("%(asctime)s %(levelname)s %(processName)s: %(message)s")
    # BLAS has one thread here as well. The other side closes the connection when there is nothing
    # more to do.
    with threadpool_limits(1), suppress(EOFError, ConnectionError):
        while True:
            task: Task = connection.recv()
            multiprocessing.current_process().name = str(task)
            connection.send(_done(work, task, stop, connection))


def _done(
    work: Work[Task, Result], task: Task, stop: StopRequest, connection: Connection
) -> _Done[Result] | Exception:
    def ask(question: object) -> Any:
        connection.send(_WorkerRequest(question))
        try:
            return connection.recv()
        except EOFError:  # whoever would answer has given up on all
            raise Stopped from None

    try:
        return _Done((work(task, stop, ask),))
    except Stopped:
        return _Done(())
    except Exception as error:
        told = explain(error)
        if told is not error:
            log.exception("%s", told)
        told.where = told.where or str(task)
        return told
