"""What it costs to import our inference, beside `import numpy`, in fresh processes.

A program of its own that imports nothing large: a process that it starts begins with as little
memory as its starter has, and the kernel counts that into the peak.
"""

import json
import os
import sys
import time
from functools import partial

from benchmarks.rounds import medians, round_robin

RUNS = 15
PROGRAMS = {
    "ours": "import text_classification.inference.classifier",
    "numpy": "import numpy",
    "interpreter": "pass",
}


def main() -> int:
    """Print the median seconds and peak megabytes of each program as JSON."""
    peaks: dict[str, list[float]] = {name: [] for name in PROGRAMS}

    def measure(name: str) -> float:
        seconds, megabytes = run([sys.executable, "-c", PROGRAMS[name]])
        peaks[name].append(megabytes)
        return seconds

    seconds = round_robin({name: partial(measure, name) for name in PROGRAMS}, RUNS)
    print(json.dumps({"seconds": seconds, "megabytes": medians(peaks)}))
    return 0


def run(command: list[str]) -> tuple[float, float]:
    """Run a program; return the seconds until its end and its peak resident memory in megabytes."""
    started = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{command} failed; its reason is above")
    return seconds, usage.ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    sys.exit(main())
