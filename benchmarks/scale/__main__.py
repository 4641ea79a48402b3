"""`make bench-scale`: many documents, many classes, several hosts.

Documents are made from a seed, with so many at most (DOCUMENTS; a million takes two hours). Each
figure is taken beside its peer in the same run: the code before, fastText, another recipe, one
host. Each part leaves its results in a file of its own, so that one can be measured again.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, publish
from benchmarks.scale import hosts, kim, reading, wide

DOCUMENTS = 1_000_000
LIBRARIES = ("fasttext-numpy2", "numpy", "scikit-learn", "xgboost-cpu")
# What is measured with so many documents at most.
PARTS: Mapping[str, Callable[[int], Findings]] = {
    "hosts": lambda _: hosts.measure(),
    "reading": lambda most: reading.measure(most // 10),
    "reading_memory": lambda most: reading.measure_growth(most // 10),
    "kim": kim.kim_fasttext,
    "classes": kim.memory_classes,
    "wide": lambda most: wide.measure((most // 10, most)),
    "growth": wide.measure_growth,
}


def main() -> int:
    """Measure, print tables, write results/scale_PART.json."""
    parser = argparse.ArgumentParser(description="Train on many documents, and on several hosts.")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="the most in a job")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--data", type=Path, help="is not read")
    arguments = parser.parse_args()
    unrestrained()
    whole = Findings()
    for part in arguments.parts:
        found = PARTS[part](arguments.documents)
        found.details["documents"] = arguments.documents
        publish(f"scale_{part}", found, describe(LIBRARIES))
        whole.ratios |= found.ratios
    print(f"RESULT {json.dumps(whole.ratios)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
