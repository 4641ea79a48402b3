"""Measure one server at a time: start it, load it, take its memory and stop it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.servers.catalogue import Server
from benchmarks.servers.load import Load, documents_a_second, load
from benchmarks.servers.running import Running
from benchmarks.servers.sample_requests import BATCH, SampleRequests

CONNECTIONS = (1, 16, 64)
LOAD_SECONDS = 3
# Until every worker has answered something.
WARM_UP_SECONDS = 1
WARM_UP_CONNECTIONS = 16


@dataclass(frozen=True)
class Measurement:
    """What was measured.

    start: seconds to the first 200; loads: by the number of connections; batch: documents a second
    in large bodies, None where it was asked none; megabytes: after all that.
    """

    start: float
    loads: Mapping[int, Load]
    batch: float | None
    megabytes: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        loads = {str(connections): asdict(load) for connections, load in self.loads.items()}
        return {**asdict(self), "loads": loads}


def typical(measurements: Sequence[Measurement]) -> Measurement:
    """Return the median of each measure; of failed requests all."""
    first = measurements[0]
    batches = [measurement.batch for measurement in measurements if measurement.batch]
    return Measurement(
        median(measurement.start for measurement in measurements),
        {
            connections: _typical_load(
                [measurement.loads[connections] for measurement in measurements]
            )
            for connections in first.loads
        },
        median(batches) if batches else None,
        median(measurement.megabytes for measurement in measurements),
    )


def _typical_load(loads: Sequence[Load]) -> Load:
    return Load(
        median(load.requests_a_second for load in loads),
        median(load.median for load in loads),
        median(load.p99 for load in loads),
        sum(load.failed for load in loads),
    )


def measure(server: Server, folder: Path, workers: int, requests: SampleRequests) -> Measurement:
    """Measure a server once; as many large bodies are asked at a time as it has workers."""
    with Running(server, folder, workers) as running:
        bodies = requests.single(server.single)
        warm_up(running, server, bodies)
        loads = {
            connections: load(running, server.single, bodies, connections, LOAD_SECONDS)
            for connections in CONNECTIONS
        }
        batch = None
        if server.batch:
            body = server.batch.body(requests.documents)
            batch = documents_a_second(running, server.batch, body, BATCH, workers)
        return Measurement(running.seconds, loads, batch, running.megabytes())


def warm_up(running: Running, server: Server, bodies: Path) -> None:
    """Let every worker answer something."""
    load(running, server.single, bodies, WARM_UP_CONNECTIONS, WARM_UP_SECONDS)
