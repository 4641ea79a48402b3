"""Train a model on the sample, serve it, and see what minutes of load and faults leave of it."""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.soak.checked_requests import requests
from benchmarks.soak.faults import KilledWorkers, MalformedClients, Pings, Reloads, SlowClients
from benchmarks.soak.load_clients import LoadClient, Tally
from benchmarks.soak.server import PROGRAMS, Server
from text_classification import artifact
from text_classification.inference.classifier import Classifier

ROOT = Path(__file__).parents[2]
CALLERS = 6
WORKERS = 2
# How often the memory is looked at.
LOOK_SECONDS = 1.0
# Memory grows when the last quarter of the time has so much more than the second one.
GROWTH = 1.1
GROWTH_BYTES = 16 << 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; return 1 when something was lost or wrong, or when memory grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--root", type=Path, default=ROOT / ".soak", help="a folder with a model, or for one"
    )
    options = parser.parse_args(arguments)
    if not (options.root / "model").is_dir():
        _train(options.root)
    result = soak(options.root, 60 * options.minutes)
    print(f"RESULT {json.dumps(result)}", flush=True)
    return 0 if result["passed"] else 1


def soak(root: Path, seconds: float) -> dict[str, Any]:
    """Serve the model below ``root`` under load for so long; return what happened."""
    classifier = Classifier(artifact.load(root / "model"))
    asked = list(requests(classifier, _texts()))
    tally, stop, memory = Tally(), threading.Event(), list[int]()
    with Server(root, workers=WORKERS) as server:
        clients = [
            # Each begins with another question.
            LoadClient(server.port, asked[turn:] + asked[:turn], tally, stop, keep=turn % 2 == 0)
            for turn in range(CALLERS)
        ]
        pings, malformed = Pings(server, stop), MalformedClients(server, stop)
        killed, reloads = KilledWorkers(server, stop), Reloads(server, stop)
        slow = SlowClients(server, stop)
        threads = (*clients, pings, malformed, killed, reloads, slow)
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            memory.append(server.memory())
            _show(tally, memory[-1])
            stop.wait(LOOK_SECONDS)
        stop.set()
        for thread in threads:
            thread.join()
    start_memory, end_memory = _quarters(memory)
    grown = end_memory > GROWTH * start_memory + GROWTH_BYTES
    failures = (tally.lost, tally.wrong, pings.failed, malformed.accepted, grown)
    print(*tally.problems, sep="\n")
    return {
        "passed": not any(failures) and tally.right > 0,
        "seconds": round(seconds),
        "asked": tally.asked,
        "accepted": tally.asked - sum(tally.refused.values()),
        "right": tally.right,
        "lost": tally.lost,
        "wrong": tally.wrong,
        "refused": dict(tally.refused),
        "resent_on_idle_connections": tally.resent,
        "workers_killed": killed.happened,
        "nginx_reloaded": reloads.happened,
        "malformed_clients": malformed.happened,
        "malformed_accepted": malformed.accepted,
        "slow_clients": slow.happened,
        "pings": pings.happened,
        "pings_failed": pings.failed,
        "slowest_ping_seconds": round(pings.slowest, 3),
        "memory_start_mb": round(start_memory / 2**20, 1),
        "memory_end_mb": round(end_memory / 2**20, 1),
    }


def _train(root: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "local_test/letters.py", root / "input/data"], check=True
    )
    environment = {**os.environ, "SAGEMAKER_BASE_DIR": str(root)}
    subprocess.run([PROGRAMS / "train"], env=environment, check=True)


def _texts() -> list[str]:
    """Return letters of the sample, and texts that are not plain ASCII."""
    sample = (ROOT / "local_test/payload.txt").read_text(encoding="utf-8").split("\n")
    made = [
        f"The premium of ${each} for the coming term is due, bill {each}." for each in range(40)
    ]
    return [
        *filter(str.strip, sample),
        *made,
        "Prämie für das Haus \u2014 fällig 保険料",
        "\U0001f3e0 bill",
    ]


def _quarters(memory: Sequence[int]) -> tuple[float, float]:
    """Return the median of the second quarter, when all is warm, and of the last."""
    quarter = max(1, len(memory) // 4)
    return median(memory[quarter : 2 * quarter] or memory), median(memory[-quarter:])


def _show(tally: Tally, memory: int) -> None:
    if sys.stdout.isatty():
        line = f"{tally.right} right, {tally.lost} lost, {tally.wrong} wrong, {memory >> 20} MB"
        print(f"\r{line}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
