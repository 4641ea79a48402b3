"""``textcnn train`` interrupted at any moment: the same command goes on and ends right."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import botocore.client
import pytest
from botocore.exceptions import ClientError

from tests.support.emulated import PYTHON_PATH
from textcnn.emulator.server import Emulator
from textcnn.results import Trained

from .conftest import QUICK, Command, Told
from .documents import write_letters

Client = Callable[[str], Any]
pytestmark = pytest.mark.usefixtures("foundation")
Moment = Literal["before", "after"]
MOST_CALLS = 100
LIMIT_SECONDS = 60


class Killed(Exception):
    """The end of a command that nothing was told of."""


@contextmanager
def killed_at(number: int, moment: Moment) -> Iterator[None]:
    """End the command at its call of this number, before AWS hears of it or after it has acted."""
    calls = itertools.count(1)
    real = botocore.client.BaseClient._make_api_call

    def call(self: Any, *arguments: Any) -> Any:
        # The emulator lives in this process too, and calls its own services.
        key = self._request_signer._credentials.access_key
        is_last = key == os.environ["AWS_ACCESS_KEY_ID"] and next(calls) == number
        if is_last and moment == "before":
            raise Killed
        try:
            answer = real(self, *arguments)
        except ClientError:
            if is_last:
                raise Killed from None
            raise
        if is_last:
            raise Killed
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield


def until_it_comes_through(command: Callable[[], Told], moment: Moment) -> tuple[Told, int]:
    """Give a command again and again, each time killed a call later; return its end."""
    for number in range(1, MOST_CALLS):
        with suppress(Killed), killed_at(number, moment):
            return command(), number
    raise AssertionError(MOST_CALLS)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_it_ends_right_after_an_end_at_each_call(
    moment: Moment,
    textcnn: Command,
    client: Client,
    tmp_path: Path,
):
    """One try after the other ends a call later, until one comes through: there is one job."""
    folder = tmp_path / f"killed-{moment}"
    write_letters(folder / "letters.csv", 80, seed=3 + len(moment))
    told, number = until_it_comes_through(
        lambda: textcnn("train", str(folder), *QUICK, "--yes", "--output", "json"), moment
    )
    assert told.code == 0, told.err
    result = told.read(Trained)
    assert number > 10, "uploads, the job and its end take more calls than that"
    assert result.status == "Completed"
    assert result.scores["validation"]["documents"] > 0
    assert (Path(result.folder) / "metrics.json").exists()
    found = client("sagemaker").list_training_jobs(NameContains=f"killed-{moment}")
    assert [job["TrainingJobName"] for job in found["TrainingJobSummaries"]] == [result.job]


def test_it_goes_on_with_the_job_of_a_killed_command(
    textcnn: Command, client: Client, tmp_path: Path, emulator: Emulator
):
    """SIGKILL while the job runs: the same command follows that job and pays for no other.

    Credentials that have expired for good end it with exit code 3 and the line to go on with; once
    is nothing.
    """
    write_letters(tmp_path / "sigkill/letters.csv", 80, seed=9)
    arguments = ("train", "sigkill", *QUICK, "--yes", "--output", "json")
    with _started(*arguments, cwd=tmp_path) as started:
        name = _job(client, "sigkill")
        started.send_signal(signal.SIGKILL)
    faults = emulator.account.faults
    faults.add("expired-token", "logs:DescribeLogStreams", times=50)
    told = textcnn(*arguments)
    faults.clear()
    assert told.code == 3
    assert f"textcnn train --follow {name}" in told.err
    faults.add("expired-token", "logs:DescribeLogStreams", times=1)
    told = textcnn("train", "--follow", name, "--output", "json")
    faults.clear()
    assert told.code == 0, told.err
    assert told.read(Trained).job == name
    assert told.read(Trained).status == "Completed"
    assert len(_jobs(client, "sigkill")) == 1


def test_ctrl_c_leaves_the_job_running_and_says_how_to_go_on(
    textcnn: Command, client: Client, tmp_path: Path
):
    """Exit code 130, the line to go on with, --stop ends it, and --follow shows its end."""
    write_letters(tmp_path / "ctrl-c/letters.csv", 400, seed=11)
    slow = [*QUICK, "--set", "epochs=500", "--set", "patience=500", "--set", "filters=512"]
    with _started("train", "ctrl-c", *slow, "--yes", cwd=tmp_path) as started:
        name = _job(client, "ctrl-c")
        assert started.stderr is not None
        for line in started.stderr:
            if re.match(r" +3 ", line):
                break
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=LIMIT_SECONDS)
    assert started.returncode == 130
    assert f"textcnn train --follow {name}" in told
    assert f"textcnn train --stop {name}" in told
    assert textcnn("train", "--stop", name).code == 0
    ended = textcnn("train", "--follow", name, "--output", "json")
    assert ended.code == 0, ended.err
    assert ended.read(Trained).status == "Stopped"
    assert ended.read(Trained).model, "a job that is stopped keeps its best model"


@contextmanager
def _started(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the command as a process, and end it in any case."""
    with subprocess.Popen(
        [sys.executable, "-m", "textcnn", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": PYTHON_PATH},
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def _jobs(client: Client, part: str) -> list[str]:
    found = client("sagemaker").list_training_jobs(NameContains=part)["TrainingJobSummaries"]
    return [job["TrainingJobName"] for job in found]


def _job(client: Client, part: str) -> str:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (found := _jobs(client, part)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found[0]
