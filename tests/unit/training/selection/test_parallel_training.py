"""training/selection/parallel_training.py, with real processes."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

from tests.support.training import ROOT
from tests.support.waiting import wait_until
from text_classification.cnn import engines
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.errors import Code, DataError, ResourceError, TextClassificationError
from text_classification.machine.processors import processor_count
from text_classification.machine.signals import StopRequest
from text_classification.training.selection import parallel_training as processes
from text_classification.training.selection.parallel_training import (
    Ask,
    processes_for,
    side_by_side,
)


@dataclass(frozen=True)
class Square:
    """Tell the square of a task, by which process and with how many threads for each library."""

    def __call__(self, task: int, _stop: StopRequest, _ask: Ask) -> tuple[int, int, set[int]]:
        blas = (library["num_threads"] for library in threadpool_info())
        tensorflow = int(os.environ["TF_NUM_INTRAOP_THREADS"])
        return task * task, os.getpid(), {processor_count(), tensorflow, *blas}


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
    """More tasks than processes, results as they come, one of four processors for each of three."""
    results = dict(side_by_side(Square(), range(7), 3, StopRequest()))
    assert {task: square for task, (square, _, _) in results.items()} == {
        task: task * task for task in range(7)
    }
    identifiers = {identifier for _, identifier, _ in results.values()}
    assert os.getpid() not in identifiers
    assert len(identifiers) <= 3
    assert [shares for _, _, shares in results.values()] == [{1}] * 7


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
