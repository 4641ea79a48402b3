"""Documents a second from csv.gz to ids, beside the former code.

``python -m benchmarks.scale.reading``. Both read the same files on the same processors in turn, and
must make the same corpus. With ``--growth`` the memory of reading is measured instead, of some
documents and of ten times as many.
"""

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.report import Findings, number, publish, show_table
from benchmarks.scale.former_reading import FormerInterner
from benchmarks.scale.made_corpus import MadeCorpus
from benchmarks.scale.whole_job import peak_of
from text_classification.contract.channels import Channel
from text_classification.corpus.interning import Interner, LabelledCorpus
from text_classification.corpus.parallel.channel import intern_channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.tokenizer import TOKENIZERS, recorded_name

PROCESSORS = 2
DOCUMENTS = 100_000
ROUNDS = 3
FILES = {"one file": 1, "ten files": 10}
TOKENIZER = TOKENIZERS[recorded_name("words")]
# Bytes that a document keeps in memory: its label, and where its ids begin.
KEPT_BYTES = 12

Read = Callable[[Channel, Path], tuple[LabelledCorpus, tuple[bytes, ...]]]


@dataclass(frozen=True)
class Run:
    """The seconds on the clock and of processors that reading took, and what it made."""

    seconds: float
    processor_seconds: float
    digest: str


def by_former_code(channel: Channel, path: Path) -> tuple[LabelledCorpus, tuple[bytes, ...]]:
    """Read a channel with one process and a dictionary."""
    interner = FormerInterner(TOKENIZER)
    return interner.intern(read_channel(channel, Reading()), path), interner.tokens


def by_kernels(channel: Channel, path: Path) -> tuple[LabelledCorpus, tuple[bytes, ...]]:
    """Read a channel as a job does."""
    interner = Interner(TOKENIZER)
    found = intern_channel(channel, Reading(), interner, path, PROCESSORS)
    return found, interner.tokens


def timed(read: Read, channel: Channel, path: Path) -> Run:
    """Read a channel once."""
    start, used = time.perf_counter(), _processor_seconds()
    corpus, tokens = read(channel, path)
    seconds, processor_seconds = time.perf_counter() - start, _processor_seconds() - used
    digest = hashlib.sha256(b"\n".join(tokens) + repr(corpus.names).encode())
    for array in (corpus.labels, *corpus.corpus.arrays):
        digest.update(array.tobytes())
    path.unlink()
    return Run(seconds, processor_seconds, digest.hexdigest())


def measure(documents: int = DOCUMENTS, rounds: int = ROUNDS) -> Findings:
    """Return how many times as many documents a second are read as by the former code."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    ways = {"former code": by_former_code, "kernels and processes": by_kernels}
    findings = Findings()
    for name, files in FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            channel = Channel("training", Path(folder, "training"))
            MadeCorpus().write(channel.folder, documents, files=files, packed=True)
            runs: dict[str, list[Run]] = {way: [] for way in ways}
            for _ in range(rounds):
                for way, read in ways.items():
                    runs[way].append(timed(read, channel, Path(folder, "ids")))
        _add(findings, name, documents, runs)
    findings.ratios["reading"] = findings.ratios["reading: one file"]
    return findings


def _add(findings: Findings, name: str, documents: int, runs: dict[str, list[Run]]) -> None:
    if len({run.digest for way in runs.values() for run in way}) > 1:
        raise AssertionError("the corpora differ")
    # The fastest of each: whatever else the machine does takes time, and gives none.
    best = {way: min(run.seconds for run in found) for way, found in runs.items()}
    used = {way: min(run.processor_seconds for run in found) for way, found in runs.items()}
    show_table(
        f"{documents} documents in {name}",
        ("", "documents a second", "seconds", "processor seconds"),
        [
            (way, number(documents / best[way]), number(best[way]), number(used[way]))
            for way in runs
        ],
    )
    former, present = best.values()
    findings.ratios[f"reading: {name}"] = former / present
    findings.details[name] = {"seconds": best, "processor seconds": used}


def measure_growth(documents: int) -> Findings:
    """Return how memory grows from some documents to ten times as many, beside what they keep."""
    peaks = {}
    for count in (documents, 10 * documents):
        with tempfile.TemporaryDirectory() as folder:
            MadeCorpus().write(Path(folder, "training"), count, packed=True)
            peaks[count] = _peak(folder) - KEPT_BYTES * count
    show_table(
        "memory beside labels and offsets",
        ("documents", "MiB"),
        [(str(count), number(peak / (1 << 20))) for count, peak in peaks.items()],
    )
    fewer, more = peaks.values()
    return Findings({"reading_memory_growth": more / fewer}, {"bytes": peaks})


def _peak(folder: str) -> int:
    """Return the most bytes that a process and those that it starts have while it reads."""
    command = [sys.executable, "-m", __spec__.name, "--read", folder]
    with subprocess.Popen(command) as job:
        peak = peak_of(job).whole
    if job.returncode:
        raise subprocess.CalledProcessError(job.returncode, command)
    return peak


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    """Print a table and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        by_kernels(Channel("training", options.read / "training"), options.read / "ids")
        return
    if options.growth:
        publish("scale_reading_memory", measure_growth(options.documents), describe(["numpy"]))
    else:
        publish("scale_reading", measure(options.documents, options.rounds), describe(["numpy"]))


if __name__ == "__main__":
    main()
