"""training/ngrams/forked.py, with real processes."""

import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.support.waiting import wait_until
from text_classification.errors import Code, DataError, ResourceError, TextClassificationError
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.ngrams.forked import forked


def _double(array: np.ndarray) -> np.ndarray:
    return 2 * array


def _raise(error: Exception) -> None:
    raise error


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _wait_for_ever(file: Path) -> None:
    file.write_text(str(os.getpid()))
    threading.Event().wait()


def _fork_and_wait(file: Path) -> None:
    forked(partial(_wait_for_ever, file), StopRequest())


def test_result_comes_from_a_process_of_its_own() -> None:
    """What is large need not be sent to it."""
    result = forked(partial(_double, np.full(3, 7)), StopRequest())
    assert result.tolist() == [14] * 3
    assert forked(os.getpid, StopRequest()) != os.getpid()


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (partial(_raise, DataError(Code.ROW_INVALID, "no label")), Code.ROW_INVALID),
        (partial(_raise, KeyError("x")), Code.INTERNAL),
        (partial(_raise, MemoryError()), Code.OUT_OF_MEMORY),
        (_die, Code.OUT_OF_MEMORY),
    ],
)
def test_failure_comes_out_by_its_name(function: Callable[[], None], code: Code) -> None:
    """A process that the system killed has most likely run out of memory."""
    with pytest.raises(TextClassificationError) as raised:
        forked(function, StopRequest())
    assert raised.value.code == code
    assert isinstance(raised.value, ResourceError) or code is not Code.OUT_OF_MEMORY


@pytest.mark.parametrize("function", [_wait_for_ever, _fork_and_wait])
def test_stop_ends_them_at_once(tmp_path: Path, function: Callable[[Path], None]) -> None:
    """Whatever they compute, and with the processes that they have started themselves."""
    stop, file = StopRequest(), tmp_path / "process"

    def ask() -> None:
        wait_until(lambda: file.exists() and bool(file.read_text()))
        stop.set()

    asking = threading.Thread(target=ask)
    asking.start()
    with pytest.raises(Stopped):
        forked(partial(function, file), stop)
    asking.join()
    process = Path("/proc", file.read_text())
    wait_until(lambda: not process.exists())


def test_memory_runs_out_in_the_fork_first() -> None:
    """The kernel is told so: the process that has the model stays."""
    score = forked(Path("/proc/self/oom_score_adj").read_text, StopRequest())
    assert int(score) == 1000
    assert int(Path("/proc/self/oom_score_adj").read_text()) < 1000
