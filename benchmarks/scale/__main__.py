"""`make bench-scale`: many documents, many classes, several hosts.

Documents are made from a seed, with so many at most (DOCUMENTS; a million takes hours). Each figure
is taken beside its peer in the same run: the code before, fastText, another recipe, one host.
"""

import argparse
import sys
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, publish
from benchmarks.scale import hosts, kim, reading, wide

DOCUMENTS = 1_000_000
LIBRARIES = ("fasttext-numpy2", "numpy", "scikit-learn", "xgboost-cpu")


def main() -> int:
    """Measure, print tables, write results/scale.json."""
    parser = argparse.ArgumentParser(description="Train on many documents, and on several hosts.")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="the most in a job")
    parser.add_argument("--data", type=Path, help="is not read")
    most = parser.parse_args().documents
    fewer = max(1, most // 10)
    unrestrained()
    findings = Findings()
    hosts.compare_hosts(findings)
    for found in (
        reading.measure(fewer),
        reading.measure_growth(fewer),
        kim.kim_fasttext(most),
        kim.memory_classes(most),
        wide.measure((fewer, most)),
    ):
        findings.ratios |= found.ratios
        findings.details |= found.details
    findings.details["documents"] = most
    publish("scale", findings, describe(LIBRARIES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
