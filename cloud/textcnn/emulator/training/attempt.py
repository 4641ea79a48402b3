"""One attempt at a job: its containers, one for each host, from their start to their end."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.logs import LogSender
from textcnn.emulator.objects import Objects
from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.runtime.container import Container, ContainerSpecification, ImageError
from textcnn.emulator.training.checkpoints import Checkpoints
from textcnn.emulator.training.control import Cause, Control
from textcnn.emulator.training.failure import JobFailed
from textcnn.emulator.training.layout import host_names, lay_out, make_pipes
from textcnn.emulator.training.metrics import Metrics
from textcnn.emulator.training.pipes import Pipes
from textcnn.emulator.training.state import TrainingJob

# The service sends SIGTERM, and SIGKILL so many seconds later.
STOP_SECONDS = 120
PUBLISH_SECONDS = 1.0
GENTLE: frozenset[Cause] = frozenset({"stop", "runtime", "wait", "interrupt"})


@dataclass(frozen=True)
class Outcome:
    """Why an attempt is over, and the exit code of each host's container."""

    cause: Cause
    codes: Mapping[str, int]


@dataclass(frozen=True)
class Host:
    """One instance of a job: its folder and what runs on it."""

    name: str
    root: Path
    container: Container
    reader: threading.Thread


class Attempt:
    """Lays out the hosts' folders, runs their containers and takes what they print."""

    def __init__(
        self, job: TrainingJob, folder: Path, control: Control, logs: LogSender, metrics: Metrics
    ) -> None:
        self._job = job
        self._control = control
        self._logs = logs
        self._metrics = metrics
        self._roots = {name: folder / name for name in host_names(job.request)}
        self._checkpoints: list[Checkpoints] = []
        self._pipes: list[Pipes] = []
        self._hosts: list[Host] = []
        control.kill = self._kill

    def run(self) -> Outcome:
        """Run the containers to their end, or until something outside ends them."""
        self._job.enter("Downloading")
        try:
            self._lay_out()
        except (ServiceError, BotoCoreError, ClientError) as error:
            raise JobFailed(f"ClientError: Data download failed:{error}") from None
        cause = self._control.ending()
        if cause:
            return Outcome(cause, {})
        self._job.enter("Training")
        try:
            self._start()
            cause = self._wait()
            codes = self._end(cause)
        finally:
            self._clean_up()
        if cause != "lose-instance":
            self._finish_checkpoints()
        return Outcome(cause, codes)

    def _lay_out(self) -> None:
        objects = Objects(self._job.account)
        configuration = self._job.request.get("CheckpointConfig")
        for name, root in self._roots.items():
            lay_out(root, self._job.request, name, objects)
            self._pipes += make_pipes(root, self._job.request, name, objects)
            if configuration:
                checkpoints = Checkpoints(objects, configuration, root)
                checkpoints.copy_in()
                self._checkpoints.append(checkpoints)

    def _start(self) -> None:
        started = int(time.time())
        for name, root in self._roots.items():
            try:
                container = self._job.account.runtime.start(self._specification(name, root))
            except ImageError as error:
                raise JobFailed(f"ClientError: {error}") from None
            stream = f"{self._job.name}/{name}-{started}"
            reader = threading.Thread(target=self._read, args=(container, stream), daemon=True)
            self._hosts.append(Host(name, root, container, reader))
            reader.start()
        for pipes in self._pipes:
            pipes.start()
        for each in self._checkpoints:
            each.start()

    def _specification(self, host: str, root: Path) -> ContainerSpecification:
        request = self._job.request
        algorithm = request["AlgorithmSpecification"]
        return ContainerSpecification(
            name=f"{self._job.name}-{host}",
            image=algorithm["TrainingImage"],
            command="train",
            root=root,
            environment={
                **request.get("Environment", {}),
                "TRAINING_JOB_NAME": self._job.name,
                "TRAINING_JOB_ARN": self._job.arn,
                "AWS_REGION": self._job.account.region,
            },
            entrypoint=tuple(algorithm.get("ContainerEntrypoint", ())),
            arguments=tuple(algorithm.get("ContainerArguments", ())),
            network=not request.get("EnableNetworkIsolation", False),
            host=host,
            group=self._job.name if len(self._roots) > 1 else "",
        )

    def _read(self, container: Container, stream: str) -> None:
        for line in container.lines():
            self._logs.send(stream, line)
            self._metrics.read(line)
        self._control.wake()

    def _wait(self) -> Cause:
        """Wait until all containers have ended, one has failed, or there is another cause."""
        published = time.monotonic()
        while True:
            for pipes in self._pipes:
                pipes.check()
            ended = [host for host in self._hosts if not host.container.is_running()]
            if len(ended) == len(self._hosts) or any(host.container.wait() for host in ended):
                return "ended"
            cause = self._control.ending() or self._fault()
            if cause:
                return cause
            if time.monotonic() - published > PUBLISH_SECONDS:
                self._metrics.publish()
                published = time.monotonic()
            self._control.pause()

    def _fault(self) -> Cause | None:
        """Return a fault that is due; a job with checkpoints is interrupted once it has one.

        The service asks nobody; but what is interrupted before shows no going on.
        """
        has_one = all(each.any_uploaded.is_set() for each in self._checkpoints[:1])
        return self._control.fault(may_interrupt=has_one)

    def _end(self, cause: Cause) -> dict[str, int]:
        """End the containers that still run; return all exit codes by host."""
        if cause not in GENTLE and cause != "ended":
            self._kill()
        with ThreadPoolExecutor(len(self._hosts)) as threads:
            codes = threads.map(lambda host: host.container.stop(STOP_SECONDS), self._hosts)
            return {host.name: code for host, code in zip(self._hosts, codes, strict=True)}

    def _kill(self) -> None:
        for host in list(self._hosts):
            host.container.remove()

    def _finish_checkpoints(self) -> None:
        try:
            for each in self._checkpoints:
                each.finish()
        except (BotoCoreError, ClientError) as error:
            raise JobFailed(f"ClientError: Artifact upload failed:{error}") from None

    def _clean_up(self) -> None:
        for pipes in self._pipes:
            pipes.stop()
        for each in self._checkpoints:
            each.stop()
        self._kill()
        for host in self._hosts:
            host.reader.join()
        self._metrics.publish()
