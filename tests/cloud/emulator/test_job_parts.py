"""The parts of jobs that need no job: archives, log lines, ranges, reasons."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest

from textcnn.emulator.archives import LinkError, gather, pack
from textcnn.emulator.logs import MOST_BYTES, MOST_EVENTS, batches, mangled
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.training.failure import algorithm_error
from textcnn.emulator.tuning.ranges import read_ranges


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    """Neither the date nor the mode of a file, nor when it is packed, changes a byte."""
    written = []
    for number in range(2):
        folder = tmp_path / str(number)
        (folder / "deep").mkdir(parents=True)
        (folder / "deep/file").write_text("content")
        (folder / "deep/file").chmod(0o600 + number)
        os.utime(folder / "deep/file", (number, number))
        pack(gather([folder]), tmp_path / f"{number}.tar.gz")
        written.append((tmp_path / f"{number}.tar.gz").read_bytes())
    assert written[0] == written[1]


def test_the_first_hosts_file_counts(tmp_path: Path) -> None:
    for host, name in (("algo-1", "both"), ("algo-2", "both"), ("algo-2", "own")):
        (tmp_path / host).mkdir(exist_ok=True)
        (tmp_path / host / name).write_text(host)
    files = gather([tmp_path / "algo-1", tmp_path / "algo-2"])
    assert {name: path.read_text() for name, path in files.items()} == {
        "both": "algo-1",
        "own": "algo-2",
    }


def test_a_link_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(LinkError, match="link is no plain file"):
        gather([tmp_path])


def event(message: str) -> dict[str, Any]:
    return {"timestamp": int(time.time() * 1000), "message": message}


@pytest.mark.parametrize(
    ("count", "length", "expected"),
    [(MOST_EVENTS + 1, 1, 2), (12, MOST_BYTES // 10, 2), (0, 1, 0)],
)
def test_lines_are_sent_as_many_at_once_as_the_service_takes(
    count: int, length: int, expected: int
) -> None:
    sent = list(batches([event("x" * length)] * count))
    assert len(sent) == expected
    assert sum(len(batch) for batch in sent) == count


def test_tabs_and_carriage_returns_arrive_mangled() -> None:
    assert mangled("10%\t\r20%") == "10%#011#01520%"


def test_a_reason_ends_with_the_exit_code_and_fits() -> None:
    reason = algorithm_error("é" * 2000, 137)
    assert len(reason) == 1024
    assert reason.startswith("AlgorithmError: é")
    assert reason.endswith("é, exit code: 137")


def ranges_of(kind: str, **described: Any) -> dict[str, Any]:
    return {f"{kind}ParameterRanges": [{"Name": "x", **described}]}


def test_reverse_logarithmic_values_lie_near_the_end() -> None:
    """The distance from 1 is spread over its orders of magnitude: half is below 0.1."""
    described = ranges_of(
        "Continuous", MinValue="0", MaxValue="0.99", ScalingType="ReverseLogarithmic"
    )
    (tuned,) = read_ranges(described)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    drawn = [float(tuned.draw(study.ask())) for _ in range(200)]
    assert all(0 <= value <= 0.99 for value in drawn)
    assert 60 < sum(value > 0.9 for value in drawn) < 140


WRONG: dict[str, Callable[[], dict[str, Any]]] = {
    "at most MaxValue": lambda: ranges_of("Integer", MinValue="2", MaxValue="1"),
    "must be numbers": lambda: ranges_of("Integer", MinValue="1.5", MaxValue="2"),
    "needs a MinValue above 0": lambda: ranges_of(
        "Continuous", MinValue="0", MaxValue="1", ScalingType="Logarithmic"
    ),
    "MaxValue < 1": lambda: ranges_of(
        "Continuous", MinValue="0", MaxValue="1", ScalingType="ReverseLogarithmic"
    ),
    "a name of its own": lambda: {
        **ranges_of("Integer", MinValue="1", MaxValue="2"),
        **ranges_of("Categorical", Values=["a"]),
    },
}


@pytest.mark.parametrize("said", WRONG)
def test_a_range_that_makes_no_sense_is_told(said: str) -> None:
    with pytest.raises(ValidationException, match=said):
        read_ranges(WRONG[said]())
