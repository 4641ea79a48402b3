"""`make bench-inference`: from raw text to label, one thread, beside what people use instead.

Each peer has a process of its own, and they take turns on the same documents. Ours, ONNX Runtime
and Keras carry the same weights; fastText and the linear model learnt from the same documents.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.inference_data import Job
from benchmarks.machine import describe
from benchmarks.process import Process, unrestrained
from benchmarks.report import Findings, number, publish, show_samples, show_table
from benchmarks.rounds import Measure, medians, round_robin

LIBRARIES = (
    "fasttext-numpy2",
    "keras",
    "numpy",
    "onnxruntime",
    "scikit-learn",
    "tensorflow",
    "tensorflow-cpu",
)
PEERS = {
    "ours": "benchmarks.peers.fast_inference",
    "ort_dense": "benchmarks.peers.onnx_inference",
    "keras": "benchmarks.peers.keras_inference",
    "fasttext": "benchmarks.peers.fasttext_inference",
    "tfidf": "benchmarks.peers.tfidf_inference",
}
SINGLE = ("ours", "ort_dense", "keras")
BATCH = ("ours", "fasttext", "tfidf")
# Documents that are asked one by one in a measurement.
SINGLE_DOCUMENTS = 200
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)


def main() -> int:
    """Measure, print tables, write results/inference.json."""
    parser = argparse.ArgumentParser(description="Compare inference.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of real documents")
    data = parser.parse_args().data
    findings = Findings()
    unrestrained()
    compare_imports(findings)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as processes:
        job = Job(Path(scratch))
        findings.details["documents"] = job.take_documents(data)
        print(f"\ntraining our model on {findings.details['documents']}", flush=True)
        job.train()
        # For all that is started from here on.
        os.environ.update(ONE_THREAD)
        peers = {
            name: processes.enter_context(Process(module, job)) for name, module in PEERS.items()
        }
        for peer in peers.values():
            peer.wait_until_ready()
        introduce(peers, findings)
        compare_single(peers, findings)
        explain_single(peers["ours"], findings)
        compare_batches(peers, findings)
    publish("inference", findings, describe(LIBRARIES))
    return 0


def compare_imports(findings: Findings) -> None:
    """Compare the import of our inference with that of NumPy, on which it stands."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.imports"], check=True, stdout=subprocess.PIPE
    )
    measured = json.loads(finished.stdout)
    milliseconds = {
        name: [1000 * each for each in values] for name, values in measured["seconds"].items()
    }
    show_samples("A fresh process that imports", "milliseconds", milliseconds)
    megabytes = measured["megabytes"]
    rows = [[name, number(value)] for name, value in megabytes.items()]
    show_table("Its peak memory", ("megabytes", ""), rows)
    typical = medians(milliseconds)
    alone = typical["interpreter"]
    findings.ratios["import_time_of_numpy"] = typical["ours"] / typical["numpy"]
    findings.ratios["import_mb_over_numpy"] = megabytes["ours"] - megabytes["numpy"]
    findings.details |= {
        "import_ms": typical,
        "import_time_of_numpy_without_interpreter": (typical["ours"] - alone)
        / (typical["numpy"] - alone),
        "import_peak_mb": megabytes,
    }


def introduce(peers: Mapping[str, Process], findings: Findings) -> None:
    """Show how good and how large the models are."""
    accuracies = {name: peer.call("accuracy") for name, peer in peers.items()}
    sizes = {name: peer.call("model_bytes") / 1e6 for name, peer in peers.items()}
    show_table(
        "The models",
        ("", "accuracy %", "megabytes"),
        [[name, number(100 * accuracies[name]), number(sizes[name])] for name in peers],
    )
    findings.details |= {"accuracy": accuracies, "model_mb": sizes}


def compare_single(peers: Mapping[str, Process], findings: Findings) -> None:
    """Compare the time of one document alone."""

    def microseconds(peer: Process) -> Measure:
        return lambda: float(peer.call("microseconds", SINGLE_DOCUMENTS))

    samples = round_robin({name: microseconds(peers[name]) for name in SINGLE})
    show_samples("A document alone", "microseconds", samples)
    typical = medians(samples)
    for name in SINGLE[1:]:
        findings.ratios[f"{name}_single"] = typical[name] / typical["ours"]
    findings.details["single_microseconds"] = typical


def explain_single(ours: Process, findings: Findings) -> None:
    """Show where the time of our answer goes and what the hardware takes for it at least."""
    stages = ours.call("stages", SINGLE_DOCUMENTS)
    rows = [[name, number(value)] for name, value in stages.items()]
    show_table("Where our answer's time goes", ("microseconds", ""), rows)
    findings.details["single_stages_microseconds"] = stages


def compare_batches(peers: Mapping[str, Process], findings: Findings) -> None:
    """Compare how fast all test documents are labelled in one call."""

    def speed(peer: Process) -> Measure:
        return lambda: float(peer.call("documents_a_second"))

    samples = round_robin({name: speed(peers[name]) for name in BATCH})
    show_samples("All test documents in one call", "documents a second", samples)
    typical = medians(samples)
    for name in BATCH[1:]:
        findings.ratios[f"{name}_batch"] = typical["ours"] / typical[name]
    findings.details["batch_documents_a_second"] = typical


if __name__ == "__main__":
    sys.exit(main())
