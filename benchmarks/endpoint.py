"""`make bench-endpoint`: requests a second from end to end, beside the servers people use instead.

Each server has as many workers as there are processors. In every round each has its turn: it is
started, loaded from one processor, weighed and ended. All but the linear model answer with the same
weights.
"""

import argparse
import compileall
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.endpoint_models import export
from benchmarks.inference_data import ROOT, Job
from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, number, publish, show_table
from benchmarks.servers.catalogue import CONSTANT, OURS, SERVERS, Server
from benchmarks.servers.environments import Unavailable
from benchmarks.servers.measurement import CONNECTIONS, Measurement, measure, typical, warm_up
from benchmarks.servers.ratios import ratios
from benchmarks.servers.running import Running
from benchmarks.servers.sample_requests import SampleRequests
from text_classification.machine.processors import processor_count

LIBRARIES = ("flask", "gunicorn", "keras", "numpy", "onnxruntime", "scikit-learn", "tensorflow-cpu")
ROUNDS = 3
# Documents whose labels are compared before anything is measured.
COMPARED = 300
MEMORY_WORKERS = (1, 4)


def main() -> int:
    """Measure, print tables, write results/endpoint.json."""
    parser = argparse.ArgumentParser(description="Compare servers.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of real documents")
    data = parser.parse_args().data
    findings = Findings()
    unrestrained()
    # As in the image: else, where it may not be kept, ours would be compiled at each start.
    for programs in ("container", "benchmarks"):
        compileall.compile_dir(ROOT / programs, quiet=1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        job = Job(folder)
        findings.details["documents"] = job.take_documents(data)
        print(f"training our model on {findings.details['documents']}", flush=True)
        job.train(keras_export=True, report=False)
        export(job, folder)
        requests = SampleRequests(job.read("test").texts, folder)
        servers = introduce(folder, requests, findings)
        compare_loads(servers, folder, requests, findings)
        compare_memory(folder, requests, findings)
    publish("endpoint", findings, describe(LIBRARIES))
    return 0


def introduce(folder: Path, requests: SampleRequests, findings: Findings) -> Mapping[str, Server]:
    """Start each server once, compare its labels with ours, and return those that answer.

    A peer that cannot be had is left out, with the reason.
    """
    labels: dict[str, list[str]] = {}
    left_out: dict[str, str] = {}
    for name, server in SERVERS.items():
        try:
            labels[name] = first_labels(server, folder, requests)
        except Unavailable as reason:
            if name in (OURS, CONSTANT):
                raise SystemExit(f"{name} cannot be served: {reason}") from None
            left_out[name] = str(reason)
    agreement = {
        name: sum(map(str.__eq__, answered, labels[OURS])) / len(answered)
        for name, answered in labels.items()
        if answered
    }
    rows = [[name, number(100 * share)] for name, share in agreement.items()]
    show_table("The same label as ours", ("", "% of documents"), rows)
    if left_out:
        show_table("Left out", ("", "why"), list(map(list, left_out.items())))
    findings.details |= {"same_label": agreement, "left_out": left_out}
    return {name: SERVERS[name] for name in labels}


def first_labels(server: Server, folder: Path, requests: SampleRequests) -> list[str]:
    """Return the labels of the first documents; none where all answers are alike."""
    with Running(server, folder, processor_count()) as running:
        if server.batch is None:
            return []
        documents = requests.documents[:COMPARED]
        return server.batch.labels(running.send(server.batch, server.batch.body(documents)))


def compare_loads(
    servers: Mapping[str, Server], folder: Path, requests: SampleRequests, findings: Findings
) -> None:
    """Compare requests of one document, large bodies, and what it takes to answer them."""
    measurements: dict[str, list[Measurement]] = {name: [] for name in servers}
    for measurement in range(1, ROUNDS + 1):
        print(f"round {measurement} of {ROUNDS}", flush=True)
        for name, server in servers.items():
            measurements[name].append(measure(server, folder, processor_count(), requests))
    found = {name: typical(taken) for name, taken in measurements.items()}
    show_loads(found)
    findings.ratios |= ratios(found)
    findings.details["servers"] = {
        name: measurement.as_dict() for name, measurement in found.items()
    }


def show_loads(found: Mapping[str, Measurement]) -> None:
    """Print what was measured of each server."""
    for connections in CONNECTIONS:
        header = ("requests", "a second", "median ms", "99 % ms", "failed")
        rows = [
            [name, *map(number, (load.requests_a_second, load.median, load.p99)), str(load.failed)]
            for name, measurement in found.items()
            for load in [measurement.loads[connections]]
        ]
        show_table(f"A document a request, {connections} at a time", header, rows)
    rows = [
        [
            name,
            number(measurement.batch) if measurement.batch else "",
            number(measurement.start),
            number(measurement.megabytes),
        ]
        for name, measurement in found.items()
    ]
    show_table("In all", ("", "documents a second", "seconds to start", "megabytes"), rows)


def compare_memory(folder: Path, requests: SampleRequests, findings: Findings) -> None:
    """Compare the memory of several workers with that of one, after all have answered."""
    ours = SERVERS[OURS]
    megabytes: dict[int, float] = {}
    for workers in MEMORY_WORKERS:
        with Running(ours, folder, workers) as running:
            warm_up(running, ours, requests.single(ours.single))
            megabytes[workers] = running.megabytes()
    rows = [[f"{workers} workers", number(value)] for workers, value in megabytes.items()]
    show_table("Our memory", ("", "megabytes"), rows)
    one, several = (megabytes[workers] for workers in MEMORY_WORKERS)
    findings.ratios["memory_4_workers_of_1"] = several / one
    findings.details["memory_mb"] = {str(workers): value for workers, value in megabytes.items()}


if __name__ == "__main__":
    sys.exit(main())
