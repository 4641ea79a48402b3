"""Run a training job from its start to its end: how long it takes, how much memory, how good."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.process_tree import held_memory, memory

CONTAINER = Path(__file__).parents[2] / "container"
# Seconds between two looks at the memory: what is held for less may be missed.
LOOK_AGAIN = 0.1
COMMON = {"engine": "fast", "epochs": "1", "keras_export": "false"}


@dataclass(frozen=True)
class WholeJob:
    """What came of a job: seconds by the clock, peaks of memory in bytes, accuracy on test.

    held: but for pages of files, see ``held_memory``.
    """

    seconds: float
    peak: int
    held: int
    accuracy: float


class Peak(NamedTuple):
    """The most bytes of memory that a process and its family had at a time, and held."""

    whole: int = 0
    held: int = 0


def run_job(
    channels: Path, hyperparameters: Mapping[str, str], package: Path = CONTAINER
) -> WholeJob:
    """Train on the channels in a folder, by the package in another; one epoch unless told else.

    Raises ``CalledProcessError`` where the job fails; its log is printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "input/config").mkdir(parents=True)
        (root / "input/data").symlink_to(channels.resolve())
        given = json.dumps({**COMMON, **hyperparameters})
        (root / "input/config/hyperparameters.json").write_text(given, encoding="utf-8")
        seconds, peak = _run(root, package)
        metrics: Mapping[str, Any] = json.loads((root / "output/data/metrics.json").read_text())
        return WholeJob(seconds, peak.whole, peak.held, metrics["test"]["accuracy"])


def _run(root: Path, package: Path) -> tuple[float, Peak]:
    command = [sys.executable, str(package / "text_classification/train")]
    places = {"SAGEMAKER_BASE_DIR": str(root), "TMPDIR": str(root), "PYTHONPATH": str(package)}
    log = root / "log.txt"
    started = time.perf_counter()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **places}
        ) as job,
    ):
        peak = peak_of(job)
    if job.returncode:
        print(log.read_text(encoding="utf-8"), file=sys.stderr)
        raise subprocess.CalledProcessError(job.returncode, command)
    return time.perf_counter() - started, peak


def peak_of(job: subprocess.Popen[bytes]) -> Peak:
    """Wait for the end of a job; return the most memory that it and its processes had."""
    peak = Peak()
    while True:
        peak = Peak(max(peak.whole, memory(job.pid)), max(peak.held, held_memory(job.pid)))
        try:
            job.wait(LOOK_AGAIN)
        except subprocess.TimeoutExpired:
            continue
        return peak
