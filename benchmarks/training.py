"""`make bench-training`: Keras, PyTorch and our engine train side by side.

Each has a process of its own with as many threads as it likes, and they take turns on the same
documents: ours makes its batches from the encoded corpus, Keras cuts its own from an array of
padded documents, for PyTorch they lie ready.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.machine import describe
from benchmarks.process import Process, unrestrained
from benchmarks.report import Findings, number, publish, show_samples, show_table
from benchmarks.rounds import Measure, medians, round_robin

LIBRARIES = ("keras", "numpy", "tensorflow", "tensorflow-cpu", "torch")
HASHED = "heavywater_sample"
# Documents that a measurement goes through, by batch size.
DOCUMENTS = {64: 1024, 256: 2048}
BATCH = 64


def main() -> int:
    """Measure, print tables, write results/training.json."""
    parser = argparse.ArgumentParser(description="Compare training steps.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of real documents")
    data = parser.parse_args().data
    findings = Findings()
    unrestrained()
    with (
        Process("benchmarks.peers.fast_training", data) as ours,
        Process("benchmarks.peers.keras_training", data) as keras,
        Process("benchmarks.peers.torch_training", data) as torch,
    ):
        peers = {"ours": ours, "keras": keras, "torch": torch}
        for peer in peers.values():
            peer.wait_until_ready()
        for size in DOCUMENTS:
            compare_steps(peers, size, findings)
        if (data / HASHED).is_dir():
            compare_epochs(ours, keras, findings)
        else:
            print(f"\nSKIPPED keras_heavywater: there is no folder {data / HASHED}")
        compare_vocabularies(ours, findings)
        explain_step(ours, findings)
    publish("training", findings, describe(LIBRARIES))
    return 0


def compare_steps(peers: Mapping[str, Process], size: int, findings: Findings) -> None:
    """Compare steps on made text of 20,000 words."""
    steps = DOCUMENTS[size] // size
    samples = round_robin({name: _step(peer, "zipf", size, steps) for name, peer in peers.items()})
    show_samples(f"A step on made text, batch {size}", "milliseconds", samples)
    typical = medians(samples)
    for name in ("keras", "torch"):
        findings.ratios[f"{name}_b{size}"] = typical[name] / typical["ours"]
    findings.details[f"step_ms_b{size}"] = typical


def compare_epochs(ours: Process, keras: Process, findings: Findings) -> None:
    """Compare an epoch of hashed letters."""

    def epoch(peer: Process) -> Measure:
        return lambda: float(peer.call("seconds", HASHED, BATCH))

    samples = round_robin({"ours": epoch(ours), "keras": epoch(keras)})
    show_samples(f"An epoch of {HASHED}, batch {BATCH}", "seconds", samples)
    typical = medians(samples)
    findings.ratios["keras_heavywater"] = typical["keras"] / typical["ours"]
    findings.details["epoch_seconds_heavywater"] = typical


def compare_vocabularies(ours: Process, findings: Findings) -> None:
    """Compare our step on the same text with a vocabulary fifty times as large; less is better."""
    steps = DOCUMENTS[BATCH] // BATCH
    samples = round_robin(
        {
            "20,000 tokens": _step(ours, "zipf", BATCH, steps),
            "1,000,000 tokens": _step(ours, "million", BATCH, steps),
        }
    )
    show_samples(f"Our step by vocabulary, batch {BATCH}", "milliseconds", samples)
    small, large = medians(samples).values()
    findings.ratios["million_vocabulary"] = large / small
    findings.details["step_ms_by_vocabulary"] = medians(samples)


def explain_step(ours: Process, findings: Findings) -> None:
    """Show where our step's time goes and what the hardware could do at best."""
    for size in DOCUMENTS:
        stages = ours.call("stages", "zipf", size)
        total = sum(stages.values())
        show_table(
            f"Where our step's time goes, batch {size} (looking costs a little)",
            ("milliseconds", "", "%"),
            [[name, number(each), number(100 * each / total)] for name, each in stages.items()],
        )
        limits = ours.call("limits", "zipf", size)
        show_table(
            "What the hardware does at best",
            ("", ""),
            [[name.replace("_", " "), number(each)] for name, each in limits.items()],
        )
        findings.details |= {f"stages_ms_b{size}": stages, f"limits_b{size}": limits}


def _step(peer: Process, case: str, size: int, steps: int) -> Measure:
    """Return what measures a step in milliseconds, over several."""
    return lambda: 1000 * float(peer.call("seconds", case, size, size * steps)) / steps


if __name__ == "__main__":
    sys.exit(main())
