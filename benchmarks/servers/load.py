"""Load on a server, from one processor: wrk for small requests, threads for large ones."""

import json
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers.request_format import RequestFormat
from benchmarks.servers.running import Running

SCRIPT = Path(__file__).with_name("load.lua")
# Bodies are asked again until so many seconds have gone by.
BATCH_SECONDS = 2


@dataclass(frozen=True)
class Load:
    """What a server made of many requests: medians and percentiles in milliseconds.

    failed: requests that got another answer than 200, or none.
    """

    requests_a_second: float
    median: float
    p99: float
    failed: int


def load(
    running: Running, form: RequestFormat, bodies: Path, connections: int, seconds: int
) -> Load:
    """Ask the bodies in a file, one a line, from so many connections at a time.

    Raises ``CalledProcessError`` when wrk fails.
    """
    command = [
        *("taskset", "--cpu-list", str(processor())),
        *("wrk", "--threads=1", f"--connections={connections}", f"--duration={seconds}s"),
        *("--timeout=30s", f"--script={SCRIPT}", f"http://127.0.0.1:{running.port}{form.path}"),
        *("--", str(bodies), form.media_type),
    ]
    finished = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return parsed(finished.stdout.splitlines()[-1])


def parsed(line: bytes) -> Load:
    """Return what the script tells at the end."""
    told = json.loads(line)
    answered = told["requests"] - told["refused"]
    return Load(
        1e6 * answered / told["microseconds"],
        told["median"] / 1000,
        told["p99"] / 1000,
        told["refused"] + told["lost"],
    )


def documents_a_second(
    running: Running, form: RequestFormat, body: bytes, documents: int, connections: int
) -> float:
    """Return how fast large bodies are answered, from so many connections at a time."""
    started = time.perf_counter()

    def send() -> int:
        bodies = 0
        while not bodies or time.perf_counter() < started + BATCH_SECONDS:
            running.send(form, body)
            bodies += 1
        return bodies

    # Only the threads that ask are held to a processor.
    with ThreadPoolExecutor(connections, initializer=_pin) as threads:
        asking = [threads.submit(send) for _ in range(connections)]
        bodies = sum(each.result() for each in asking)
    return bodies * documents / (time.perf_counter() - started)


def processor() -> int:
    """Return the processor that load comes from."""
    return max(os.sched_getaffinity(0))


def _pin() -> None:
    os.sched_setaffinity(0, {processor()})
