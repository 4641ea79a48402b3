"""``python -m benchmarks.scale.wide``: whole jobs of ``wide`` beside ``kim`` and earlier code.

On made documents, one epoch each. The earlier code is that of the last commit that trained n-grams
by scikit-learn, from one matrix in memory; it trains on the first corpus alone.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.earlier_code import package_at
from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, number, publish, show_table
from benchmarks.scale.made_corpus import MEAN_LENGTH, MadeCorpus
from benchmarks.scale.reading import KEPT_BYTES
from benchmarks.scale.whole_job import WholeJob, run_job

BEFORE = "1df831d^"
DOCUMENTS = (100_000, 1_000_000)
TEST_DOCUMENTS = 10_000
CLASSES, MANY_CLASSES = 20, 1_000
# The words of a short document, on average: of so many there is room for ten million.
SHORT = 33
LIBRARIES = ("numpy", "scipy", "scikit-learn")

Jobs = dict[str, WholeJob]


def main() -> int:
    """Measure, print a table a corpus, write results/scale_wide.json."""
    parser = argparse.ArgumentParser(description="Train wide on many documents.")
    parser.add_argument("--documents", type=int, nargs="*", default=DOCUMENTS)
    parser.add_argument("--without-before", action="store_true", help="today's code alone")
    parser.add_argument("--data", type=Path, help="is not read")
    arguments = parser.parse_args()
    unrestrained()
    findings = measure(arguments.documents, before=not arguments.without_before)
    publish("scale_wide", findings, describe(LIBRARIES))
    return 0


def measure(documents: Sequence[int], *, before: bool = True) -> Findings:
    """Return the figures of corpora of so many documents; the first has many classes, too."""
    findings = Findings()
    for place, count in enumerate(documents):
        is_first = place == 0
        jobs = compare(count, before=before and is_first, many_classes=is_first)
        show(f"{count:,} documents", jobs)
        findings.ratios |= ratios(count, jobs)
        findings.details[str(count)] = {name: vars(job) for name, job in jobs.items()}
    return findings


def measure_growth(documents: int) -> Findings:
    """Return how memory grows from some short documents to ten times as many.

    That is beside what each keeps in memory, its label and where its ids begin, and beside pages
    of the files that hold the ids.
    """
    jobs = {}
    for count in (documents, 10 * documents):
        with tempfile.TemporaryDirectory() as folder:
            jobs[count] = run_job(made(Path(folder), count, words=SHORT), {"recipe": "wide"})
    show(f"documents of {SHORT} words", {f"{count:,}": job for count, job in jobs.items()})
    fewer, more = (job.held - KEPT_BYTES * count for count, job in jobs.items())
    ratios = {
        "memory_growth": more / fewer,
        **{f"seconds_{count}": job.seconds for count, job in jobs.items()},
        **{f"gigabytes_{count}": job.held / 1e9 for count, job in jobs.items()},
    }
    return Findings(ratios, {str(count): vars(job) for count, job in jobs.items()})


def compare(documents: int, *, before: bool, many_classes: bool) -> Jobs:
    """Return what came of each job on so many documents."""
    with tempfile.TemporaryDirectory() as folder:
        channels = made(Path(folder) / "few", documents)
        jobs = {recipe: run_job(channels, {"recipe": recipe}) for recipe in ("kim", "wide")}
        if before:
            with package_at(BEFORE) as package:
                jobs["wide before"] = run_job(channels, {"recipe": "wide"}, package)
        if many_classes:
            channels = made(Path(folder) / "many", documents, classes=MANY_CLASSES)
            jobs[f"wide, {MANY_CLASSES} classes"] = run_job(channels, {"recipe": "wide"})
    return jobs


def made(folder: Path, documents: int, *, classes: int = CLASSES, words: int = MEAN_LENGTH) -> Path:
    """Write the channels of a made corpus."""
    corpus = MadeCorpus(classes=classes, words_a_document=words)
    return corpus.write_channels(folder, documents, TEST_DOCUMENTS)


def ratios(documents: int, jobs: Jobs) -> dict[str, float]:
    """Return the figures by name: how many times the time of one job another takes."""
    wide = jobs["wide"]
    found = {
        f"wide_kim_{documents}": wide.seconds / jobs["kim"].seconds,
        f"memory_{documents}": wide.peak / 1e9,
    }
    if "wide before" in jobs:
        found[f"wide_{documents}"] = jobs["wide before"].seconds / wide.seconds
    many = jobs.get(f"wide, {MANY_CLASSES} classes")
    if many:
        found[f"classes_{MANY_CLASSES}"] = many.seconds / wide.seconds
    return found


def show(title: str, jobs: Jobs) -> None:
    """Print what came of the jobs."""
    rows = [
        [name, number(job.seconds), number(job.peak / 1e9), f"{100 * job.accuracy:.2f}"]
        for name, job in jobs.items()
    ]
    show_table(title, ("", "seconds", "GB", "accuracy, %"), rows)


if __name__ == "__main__":
    sys.exit(main())
