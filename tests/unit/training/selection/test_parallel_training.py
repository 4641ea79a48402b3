"""training/selection/parallel_training.py, with real processes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from tests.support.training import ROOT
from tests.support.waiting import wait_until
from text_classification.cnn import engines
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.encoded import Batch
from text_classification.errors import Code, DataError, ResourceError, TextClassificationError
from text_classification.machine.processors import processor_count
from text_classification.machine.signals import StopRequest
from text_classification.training.selection import parallel_training as processes
from text_classification.training.selection.parallel_training import (
    Ask,
    processes_for,
    shares,
    side_by_side,
)

CONFIGURATION = KimConfiguration(20, 9, 3, 6, (2, 3), 5, 0.5)


@dataclass(frozen=True)
class Square:
    """Tell the square of a task, by which process, and the threads of BLAS and of TensorFlow."""

    def __call__(self, task: int, _stop: StopRequest, _ask: Ask) -> tuple[int, int, set[int], int]:
        blas = {library["num_threads"] for library in threadpool_info()}
        return task * task, os.getpid(), blas, int(os.environ["TF_NUM_INTRAOP_THREADS"])


@dataclass(frozen=True)
class Grow:
    """Take steps with the share as it is, until it has so many processors; tell the shares.

    folder: where a task says that it has begun, and that it has taken its first step; all begin
    before one takes it, and all have taken it before one ends and leaves its processors to others.
    """

    folder: Path
    tasks: int

    def __call__(self, until: int, _stop: StopRequest, _ask: Ask) -> list[tuple[int, int]]:
        self._await_all("begun", until)
        engine = FastEngine(CONFIGURATION, learning_rate=LearningRate(0.01), seed=1)
        first = _step(engine)
        self._await_all("stepped", until)
        wait_until(lambda: processor_count() >= until)
        return [first, _step(engine)]

    def _await_all(self, reached: str, task: int) -> None:
        """Note what this task has reached, and wait until all have."""
        (self.folder / f"{reached}-{task}").touch()
        wait_until(lambda: len(list(self.folder.glob(f"{reached}-*"))) == self.tasks)


def _step(engine: FastEngine) -> tuple[int, int]:
    """Take a training step; return the share and the threads that computed in it."""
    batch = Batch(np.arange(60, dtype=np.int32) % 20, np.arange(0, 61, 6))
    engine.train_batch(batch, np.zeros(10, np.int32))
    helpers = [each for each in threading.enumerate() if each.name.startswith("kernels")]
    return processor_count(), 1 + len(helpers)


@dataclass(frozen=True)
class Fail:
    """Fail in one task; all others wait until they are stopped, and leave a file then."""

    error: Exception
    folder: Path

    def __call__(self, task: str, stop: StopRequest, _ask: Ask) -> str:
        if task == "bad":
            raise self.error
        (self.folder / "began").touch()
        wait_until(lambda: bool(stop))
        (self.folder / "stopped").touch()
        return task


@dataclass(frozen=True)
class UntilStopped:
    """Note the process, and work until a stop; the task "nothing" has no result then."""

    folder: Path

    def __call__(self, task: str, stop: StopRequest, _ask: Ask) -> str:
        (self.folder / task).write_text(str(os.getpid()))
        wait_until(lambda: bool(stop))
        if task == "nothing":
            stop.check()
        return f"{task}, stopped"


@dataclass(frozen=True)
class Hang:
    """Note the process, and do not hear a stop."""

    file: Path

    def __call__(self, _task: int, _stop: StopRequest, _ask: Ask) -> None:
        self.file.write_text(str(os.getpid()))
        threading.Event().wait()


@dataclass(frozen=True)
class Consult:
    """Ask for the halves of a task until they are odd."""

    def __call__(self, task: int, _stop: StopRequest, ask: Ask) -> list[int]:
        halves = [task]
        while halves[-1] % 2 == 0:
            halves.append(ask(halves[-1]))
        return halves


@dataclass(frozen=True)
class Die:
    """End without an answer, as a process does for which there is no memory."""

    def __call__(self, _task: int, _stop: StopRequest, _ask: Ask) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(autouse=True)
def _four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "processor_count", lambda: 4)


def test_each_task_is_done_once_by_a_process_with_its_share() -> None:
    """More tasks than processes; BLAS has one thread, TensorFlow the share of its process."""
    results = dict(side_by_side(Square(), range(7), 3, StopRequest()))
    assert {task: found[0] for task, found in results.items()} == {
        task: task * task for task in range(7)
    }
    identifiers = {identifier for _, identifier, _, _ in results.values()}
    assert os.getpid() not in identifiers
    assert len(identifiers) <= 3
    assert [blas for _, _, blas, _ in results.values()] == [{1}] * 7
    ((_, _, _, tensorflow),) = dict(side_by_side(Square(), [1], 1, StopRequest())).values()
    assert tensorflow == 4


@pytest.mark.parametrize("processors", [1, 2, 5, 64])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 64])
def test_all_processors_are_shared_out_and_none_twice(processors: int, count: int) -> None:
    """Within one of each other, as far as there are enough for a whole one each."""
    found = shares(processors, count)
    assert len(found) == count
    assert sum(found) == max(processors, count)
    assert max(found) - min(found) <= 1


def test_who_still_works_takes_the_processors_of_who_has_ended(tmp_path: Path) -> None:
    """Four processors: a step of three takes no more threads than its share, the last takes all."""
    results = dict(side_by_side(Grow(tmp_path, 3), [1, 2, 4], 3, StopRequest()))
    for found in results.values():
        assert all(threads <= share for share, threads in found)
    assert [found[0][0] for found in results.values()].count(2) == 1
    assert results[4][-1][0] == 4


def test_container_of_two_processors_has_two_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By its quota, on a host of many."""
    (tmp_path / "cpu.max").write_text("200000 100000")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(64)))
    monkeypatch.setattr(processes, "processor_count", partial(processor_count, tmp_path))
    assert processes_for(Hyperparameters(), 5) == 2
    results = dict(side_by_side(Square(), range(3), 2, StopRequest()))
    assert all(blas == {1} and tensorflow <= 2 for _, _, blas, tensorflow in results.values())


def test_process_bound_to_one_processor_trains_one_model_at_a_time() -> None:
    """As the kernel has it, whatever the machine has."""
    program = (
        "import os\n"
        "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        f"from {__name__} import *\n"
        "print(processes_for(Hyperparameters(), 5), shares(processor_count(), 1))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    found = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    )
    assert found.stdout == "1 [1]\n"


def test_questions_are_answered_by_who_gave_the_task() -> None:
    """Of each task, while others are at work; the result comes after the last answer."""
    asked: list[tuple[int, int]] = []

    def answer(task: int, question: int) -> int:
        asked.append((task, question))
        return question // 2

    results = dict(side_by_side(Consult(), [12, 7, 8], 2, StopRequest(), answer))
    assert results == {12: [12, 6, 3], 7: [7], 8: [8, 4, 2, 1]}
    assert sorted(asked) == [(8, 2), (8, 4), (8, 8), (12, 6), (12, 12)]


def test_question_that_nobody_expects_ends_all() -> None:
    """Who asked it is not left waiting."""
    with pytest.raises(AssertionError, match="12"):
        dict(side_by_side(Consult(), [12], 1, StopRequest()))


def test_tasks_are_taken_when_there_is_someone_to_do_them() -> None:
    """A study asks for its next trial when it knows of those before."""
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(5):
            taken.append(task)
            yield task

    with closing(side_by_side(Square(), tasks(), 1, StopRequest())) as results:
        for number, (task, _) in enumerate(results):
            assert (task, taken) == (number, list(range(number + 1)))


@pytest.mark.parametrize(
    ("raised", "code", "where"),
    [
        (DataError(Code.ROW_INVALID, "no label"), Code.ROW_INVALID, "bad"),
        (DataError(Code.ROW_INVALID, "no label", where="a.csv"), Code.ROW_INVALID, "a.csv"),
        (KeyError("x"), Code.INTERNAL, "bad"),
        (MemoryError(), Code.OUT_OF_MEMORY, "bad"),
    ],
)
def test_failure_of_one_ends_all(tmp_path: Path, raised: Exception, code: Code, where: str) -> None:
    """Its own error comes out and says where; the others are stopped and awaited."""

    def tasks() -> Iterator[str]:
        yield "good"
        wait_until((tmp_path / "began").exists)
        yield "bad"

    with pytest.raises(TextClassificationError) as told:
        dict(side_by_side(Fail(raised, tmp_path), tasks(), 2, StopRequest()))
    assert (told.value.code, told.value.where) == (code, where)
    assert (tmp_path / "stopped").exists()


def test_stop_is_passed_on(tmp_path: Path) -> None:
    """Tasks under way come to their results early or to none, and no other begins."""
    stop = StopRequest()
    begun = [tmp_path / "one", tmp_path / "nothing"]
    tasks = (path.name for path in [*begun, tmp_path / "never"])

    def ask() -> None:
        wait_until(lambda: all(path.exists() for path in begun))
        stop.set()

    asking = threading.Thread(target=ask)
    asking.start()
    results = list(side_by_side(UntilStopped(tmp_path), tasks, 2, stop))
    asking.join()
    assert results == [("one", "one, stopped")]
    assert not (tmp_path / "never").exists()


def test_process_that_hangs_after_a_stop_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In time for the job to save what it has."""
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0)
    stop, begun = StopRequest(), tmp_path / "begun"

    def ask() -> None:
        wait_until(lambda: begun.exists() and bool(begun.read_text()))
        stop.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert not list(side_by_side(Hang(begun), [1], 1, stop))
    asking.join()
    assert "1 processes did not stop in time" in caplog.text
    assert not Path("/proc", begun.read_text()).exists()


def test_process_stopped_before_it_listens_is_no_failure() -> None:
    """It has nothing to save yet: a stop is no reason for an error."""
    stop = StopRequest()

    def tasks() -> Iterator[int]:
        yield 1
        stop.set()

    assert not list(side_by_side(Die(), tasks(), 2, stop))


def test_process_that_dies_is_told() -> None:
    """The exit code shows what may have been the cause."""
    with pytest.raises(ResourceError, match="exit code -9") as raised:
        list(side_by_side(Die(), [1], 1, StopRequest()))
    assert raised.value.code == Code.PROCESS_LOST


def test_processes_end_with_a_job_that_is_killed(tmp_path: Path) -> None:
    """Nobody waits for their results; a job started again must not find them at work."""
    program = (
        "from pathlib import Path\n"
        f"from {__name__} import *\n"
        f"list(side_by_side(UntilStopped(Path({str(tmp_path)!r})), ['task'], 1, StopRequest()))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    job = subprocess.Popen([sys.executable, "-c", program], env=environment)
    wait_until(lambda: (tmp_path / "task").exists() and bool((tmp_path / "task").read_text()))
    worker = Path("/proc", (tmp_path / "task").read_text())
    assert worker.exists()
    job.kill()
    job.wait()
    wait_until(lambda: not worker.exists())


@pytest.mark.parametrize(
    ("asked", "gpu", "tasks", "expected"),
    [(0, False, 10, 4), (0, False, 3, 3), (0, True, 10, 1), (2, True, 10, 2), (9, False, 10, 9)],
)
def test_number_of_processes(
    monkeypatch: pytest.MonkeyPatch, asked: int, tasks: int, expected: int, *, gpu: bool
) -> None:
    """One a processor, one where a GPU trains, what was asked for; never more than tasks."""
    monkeypatch.setattr(engines, "has_gpu", lambda: gpu)
    monkeypatch.setattr(engines, "is_cpu_build", lambda: False)
    assert processes_for(Hyperparameters(processes=asked), tasks) == expected
