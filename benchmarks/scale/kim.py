"""`python -m benchmarks.scale.kim`: whole jobs of ``kim`` on many documents.

One epoch beside five of fastText with pairs of words, and the memory of a job of many classes.
Documents are made; reading them is part of each job. What ``main`` prints last is what
``kim_fasttext`` and ``memory_classes`` return.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, number, publish, show_table
from benchmarks.scale.made_corpus import MadeCorpus
from benchmarks.scale.whole_job import WholeJob, run_job

DOCUMENTS, TEST_DOCUMENTS = 1_000_000, 50_000
MANY_CLASSES = 1_000
EPOCHS = 5
# Memory by classes is looked at with a network that takes little of it, and little time.
TINY = {"recipe": "kim", "embedding_size": "16", "filters": "16"}
LIBRARIES = ("numpy", "fasttext-numpy2")


def main() -> int:
    """Measure, print a table, write results/scale_kim.json."""
    parser = argparse.ArgumentParser(description="Train kim on many documents.")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--classes", type=int, default=MANY_CLASSES)
    parser.add_argument("--data", type=Path, help="is not read")
    arguments = parser.parse_args()
    unrestrained()
    beside, memory = kim_fasttext(arguments.documents), Findings()
    if arguments.classes:
        memory = memory_classes(arguments.documents, arguments.classes)
    findings = Findings({**beside.ratios, **memory.ratios}, {**beside.details, **memory.details})
    publish("scale_kim", findings, describe(LIBRARIES))
    return 0


def kim_fasttext(documents: int = DOCUMENTS) -> Findings:
    """Return how long a job of ``kim`` takes, for each second of fastText's, and how good it is."""
    with tempfile.TemporaryDirectory() as folder:
        channels = MadeCorpus().write_channels(Path(folder), documents, TEST_DOCUMENTS)
        kim, fasttext = run_job(channels, {"recipe": "kim"}), fasttext_job(channels)
    show_table(
        f"{documents:,} documents, whole jobs",
        ("", "seconds", "accuracy on test, %", "MiB"),
        [
            ["kim", number(kim.seconds), f"{100 * kim.accuracy:.2f}", f"{kim.peak >> 20:,}"],
            ["fastText", number(fasttext["seconds"]), f"{100 * fasttext['accuracy']:.2f}", ""],
        ],
    )
    ratios = {
        "kim_fasttext": kim.seconds / fasttext["seconds"],
        "kim_fasttext_margin": 100 * (kim.accuracy - fasttext["accuracy"]),
    }
    return Findings(ratios, {"kim": vars(kim), "fasttext": fasttext})


def memory_classes(documents: int = DOCUMENTS, classes: int = MANY_CLASSES) -> Findings:
    """Return the peak of a job with many classes, in GB."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = MadeCorpus(classes=classes)
        channels = corpus.write_channels(Path(folder), documents, TEST_DOCUMENTS)
        job: WholeJob = run_job(channels, TINY)
    rows = [["kim", number(job.seconds), f"{job.peak / 1e9:.2f}"]]
    show_table(f"{documents:,} documents, {classes:,} classes", ("", "seconds", "GB"), rows)
    return Findings({"memory_classes": job.peak / 1e9}, {"classes": vars(job)})


def fasttext_job(channels: Path) -> dict[str, float]:
    """Return seconds and accuracy of fastText's job on the same files."""
    with tempfile.TemporaryDirectory() as folder:
        written = [next((channels / name).iterdir()) for name in ("training", "test")]
        files = (*written, Path(folder) / "model.bin")
        command = [sys.executable, "-m", "benchmarks.peers.fasttext_job", *map(str, files)]
        done = subprocess.run(
            [*command, str(EPOCHS)], check=True, stdout=subprocess.PIPE, text=True
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
