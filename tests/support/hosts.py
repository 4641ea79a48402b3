"""Several hosts of one training job, as processes of this machine that meet at its loopback."""

import socket
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.training import SMALL, Job, TrainingEnvironment

LOOPBACK = "127.0.0.1"


class Hosts:
    """Hosts algo-1, algo-2, ... of a job, each with folders of its own."""

    def __init__(self, root: Path, count: int, **hyperparameters: str) -> None:
        self.names = [f"algo-{number}" for number in range(1, count + 1)]
        self.each: list[TrainingEnvironment] = []
        self.hyperparameters = {**SMALL, **hyperparameters}
        for name in self.names:
            (root / name).mkdir(parents=True)
            host = TrainingEnvironment(root / name)
            host.configure("hyperparameters.json", self.hyperparameters)
            host.configure("resourceconfig.json", {"current_host": name, "hosts": self.names})
            self.each.append(host)

    @property
    def first(self) -> TrainingEnvironment:
        """The host that writes."""
        return self.each[0]

    def configure(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a file of input/config on every host."""
        for host in self.each:
            host.configure(name, content)

    def write_csv(self, relative: str, rows: Sequence[tuple[str, str]]) -> None:
        """Write a file of a channel on every host."""
        for host in self.each:
            host.write_csv(relative, rows)

    def start(self, **additions: str) -> list[subprocess.Popen[str]]:
        """Start the train command on every host."""
        meeting = {"FIRST_HOST_ADDRESS": LOOPBACK, "HOSTS_PORT": str(two_free_ports())}
        return [host.start(**meeting, **additions) for host in self.each]

    def finish(self, processes: Iterable[subprocess.Popen[str]]) -> list[Job]:
        """Wait for started commands and return how they ended."""
        return [host.finish(each) for host, each in zip(self.each, processes, strict=False)]

    def run(self, **additions: str) -> list[Job]:
        """Run the train command on every host to its end."""
        return self.finish(self.start(**additions))


def model_files(job: TrainingEnvironment) -> Mapping[str, bytes]:
    """Return the files of a model that hold no time."""
    told = {"manifest.json", "metrics.json"}
    return {path.name: path.read_bytes() for path in job.model.iterdir() if path.name not in told}


def two_free_ports() -> int:
    """Return the first of two ports in a row that nobody listens on."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind((LOOPBACK, 0))
            port: int = one.getsockname()[1]
            try:
                other.bind((LOOPBACK, port + 1))
            except (OSError, OverflowError):
                continue
            return port
