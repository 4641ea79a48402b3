"""A training job: the folder it is given, its run in a container, and what it leaves."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from check_image.engine import CannotStart, Container, last_line, mounts
from check_image.outcome import one_line
from check_image.subject import Subject

ROOT = "/opt/ml"
HOST = "algo-1"
CHANNEL = {
    "TrainingInputMode": "File",
    "S3DistributionType": "FullyReplicated",
    "RecordWrapperType": "None",
}
WRITABLE = ("model", "output", "output/data", "checkpoints")
NOT_RUN = 127


@dataclass
class Job:
    """What a job is given; conditions change it before it runs.

    The three configuration files are None where they shall be missing; files: further ones, by
    their path below /opt/ml; options: of ``docker create``; empty_channels leaves documents out.
    """

    hyperparameters: dict[str, str] | None
    channels: dict[str, dict[str, str]] | None
    hosts: dict[str, Any] | None
    files: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=lambda: ["train"])
    empty_channels: bool = False
    input_mode: str = "rw"


@dataclass(frozen=True)
class Ended:
    """How a job ended.

    code: the exit code, None where it was killed because its time was over.
    folder: what it left below ``model``, ``output`` and ``checkpoints``.
    """

    code: int | None
    log: str
    seconds: float
    folder: Path

    @property
    def model(self) -> Path:
        """The folder of the model."""
        return self.folder / "model"

    @property
    def model_files(self) -> list[str]:
        """The files of the model, by their path in its folder."""
        return sorted(
            str(path.relative_to(self.model)) for path in self.model.rglob("*") if not path.is_dir()
        )

    @property
    def failure(self) -> bytes:
        """The failure file; empty where there is none."""
        path = self.folder / "output/failure"
        return path.read_bytes() if path.is_file() else b""

    @property
    def checkpoints(self) -> list[str]:
        """The names of what lies in the folder of checkpoints."""
        return sorted(path.name for path in (self.folder / "checkpoints").rglob("*"))

    @property
    def started(self) -> bool:
        """Whether its program could be run."""
        return self.code != NOT_RUN

    @property
    def succeeded(self) -> bool:
        """Whether it ended with exit code 0 and left a model."""
        return self.code == 0 and bool(self.model_files)

    @property
    def summary(self) -> str:
        """How it ended, in one line."""
        how = "it did not end" if self.code is None else f"exit code {self.code}"
        return f"{how} after {self.seconds:.1f} s, {len(self.model_files)} files in the model"

    @property
    def trouble(self) -> str:
        """How it ended, with the last that it said."""
        said = self.failure.decode("utf-8", "replace") or last_line(self.log)
        return f"{self.summary}: {one_line(said, 160)}" if said else self.summary


def usual_job(subject: Subject) -> Job:
    """Return the job as the service asks for it."""
    return Job(
        hyperparameters=dict(subject.sample.hyperparameters),
        channels={name: dict(CHANNEL) for name in subject.sample.channels},
        hosts={"current_host": HOST, "hosts": [HOST], "network_interface_name": "eth0"},
    )


class JobRun:
    """A job in its container."""

    def __init__(self, subject: Subject, job: Job) -> None:
        self._subject = subject
        engine, image = subject.engine, subject.image
        volumes = {folder: engine.volume() for folder in (ROOT, f"{ROOT}/input", f"{ROOT}/model")}
        engine.fill(image, mounts(volumes), _written(subject, job), ROOT)
        volumes[f"{ROOT}/input"] += f":{job.input_mode}"
        options = [*mounts(volumes), "--hostname", HOST, *job.options]
        self.container: Container = engine.create(image, options, job.command)
        self._started = 0.0
        self._problem = ""

    def start(self) -> None:
        """Start the job."""
        self._started = time.monotonic()
        try:
            self.container.start()
        except CannotStart as error:
            self._problem = str(error)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def end(self, limit: float) -> Ended:
        """Wait so many seconds for its end, then kill it; return what it left."""
        code = NOT_RUN if self._problem else self.container.wait(limit)
        seconds = self.seconds
        folder = self._subject.folder()
        for name in ("model", "output", "checkpoints"):
            self.container.fetch(f"{ROOT}/{name}", folder)
        log = self._problem or self.container.log
        self.container.remove()
        return Ended(code, log, seconds, folder)


def run_job(subject: Subject, job: Job, limit: float | None = None) -> Ended:
    """Run a job to its end, for ``limit`` seconds at most; None is what the user allows."""
    run = JobRun(subject, job)
    run.start()
    return run.end(limit or subject.job_seconds)


def _written(subject: Subject, job: Job) -> Path:
    """Write /opt/ml as the job finds it into a new folder, and return that."""
    folder = subject.folder()
    for name in WRITABLE:
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    subject.sample.write_data(folder / "input/data", empty=job.empty_channels)
    configuration = {
        "hyperparameters": job.hyperparameters,
        "inputdataconfig": job.channels,
        "resourceconfig": job.hosts,
    }
    files = {
        f"input/config/{name}.json": json.dumps(content)
        for name, content in configuration.items()
        if content is not None
    }
    for name, text in (files | job.files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
