"""`make bench-accuracy`: our models beside simple ones, on every data set in a folder.

A set is a folder with train.csv.gz and test.csv.gz, and perhaps validation.csv.gz, with the columns
label and text. All that can be chosen is chosen on validation documents, given or held out; test
documents are asked once.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from sklearn.metrics import f1_score

from benchmarks.inference_data import TRAIN, LabelledTexts
from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, publish, show_table
from benchmarks.simple_models import Predict, fasttext_model, linear_model
from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import Reading, read_channel

LIBRARIES = ("fasttext-numpy2", "numpy", "scikit-learn")
CHANNELS = {"train": "training", "validation": "validation", "test": "test"}
RECOMMENDED = {"recipe": "wide", "report": "false"}
# Kim 2014, CNN-rand, on whole documents.
CNN_RAND = {
    "recipe": "kim",
    "embedding_size": "300",
    "filters": "100",
    "dropout": "0.5",
    "batch_size": "50",
    "min_count": "1",
    "sequence_length": "max",
    "keras_export": "false",
    "report": "false",
}
SIMPLE = {"svm": linear_model, "fasttext": fasttext_model}
OURS, PLAIN = "ours", "cnn_rand"


def main() -> int:
    """Train and test on each set, print a table, write results/accuracy.json."""
    parser = argparse.ArgumentParser(description="Compare accuracy.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of data sets")
    parser.add_argument("--sets", nargs="*", help="names of sets; all if none are given")
    arguments = parser.parse_args()
    folders = [
        folder
        for folder in sorted(arguments.data.glob("*"))
        if all((folder / f"{part}.csv.gz").is_file() for part in ("train", "test"))
        and folder.name in (arguments.sets or [folder.name])
    ]
    if not folders:
        print(f"there are no data sets in {arguments.data}: set DATA to a folder that has some")
        return 1
    unrestrained()
    sets = {}
    for folder in folders:
        sets[folder.name] = compare(folder)
        show(folder.name, sets[folder.name])
    margins = {name: margin(found) for name, found in sets.items()}
    rows = [
        [name, *(f"{found[model]['accuracy']:.2f}" for model in found), f"{margins[name]:+.2f}"]
        for name, found in sets.items()
    ]
    show_table("accuracy on test, %", ("", OURS, PLAIN, *SIMPLE, "margin"), rows)
    findings = Findings(
        {
            "sets": {name: as_result(found) for name, found in sets.items()},
            "mean_margin": mean(margins.values()),
            "worst_margin": min(margins.values()),
        }
    )
    publish("accuracy", findings, describe(LIBRARIES))
    return 0


def compare(folder: Path) -> dict[str, dict[str, float]]:
    """Return accuracy and macro-F1, in percent, and the seconds of training, by model."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        channels = link(folder, root)
        training, test = read(channels["training"]), read(channels["test"])
        validation = read(channels["validation"]) if "validation" in channels else None
        found = {OURS: train(root, RECOMMENDED), PLAIN: train(root, CNN_RAND)}
    for name, make in SIMPLE.items():
        started = time.perf_counter()
        model = make(training, validation)
        seconds = time.perf_counter() - started
        found[name] = {**score(model, test), "seconds": seconds}
    return found


def link(folder: Path, root: Path) -> dict[str, Path]:
    """Make a job's channels of a set's files, and return their folders by name."""
    channels = {}
    for name, channel in CHANNELS.items():
        if (file := folder / f"{name}.csv.gz").is_file():
            channels[channel] = root / "input/data" / channel
            channels[channel].mkdir(parents=True)
            (channels[channel] / file.name).symlink_to(file.resolve())
    return channels


def read(channel: Path) -> LabelledTexts:
    """Return the documents of a channel, as training reads them."""
    rows = list(read_channel(Channel(channel.name, channel), Reading()))
    return LabelledTexts([row.text for row in rows], [row.label for row in rows])


def train(root: Path, hyperparameters: Mapping[str, str]) -> dict[str, float]:
    """Run the train command on a job's channels, and return what metrics.json says of test."""
    configuration = root / "input/config/hyperparameters.json"
    configuration.parent.mkdir(exist_ok=True)
    configuration.write_text(json.dumps(hyperparameters))
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, TRAIN],
        env={**os.environ, "SAGEMAKER_BASE_DIR": str(root)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - started
    metrics: Mapping[str, Any] = json.loads((root / "output/data/metrics.json").read_text())
    accuracy, macro_f1 = (100 * metrics["test"][name] for name in ("accuracy", "macro_f1"))
    return {"accuracy": accuracy, "macro_f1": macro_f1, "seconds": seconds}


def score(model: Predict, test: LabelledTexts) -> dict[str, float]:
    """Return accuracy and macro-F1 in percent."""
    found = model(test.texts)
    macro = f1_score(test.labels, found, average="macro", zero_division=0)
    return {"accuracy": 100 * test.accuracy(found), "macro_f1": 100 * float(macro)}


def margin(found: Mapping[str, Mapping[str, float]]) -> float:
    """Return by how many points our model is ahead of the better of the simple ones."""
    return found[OURS]["accuracy"] - max(found[name]["accuracy"] for name in SIMPLE)


def as_result(found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return what the result holds of a set."""
    scores = {
        name: {key: each[key] for key in ("accuracy", "macro_f1")} for name, each in found.items()
    }
    return {**scores, "seconds": {name: each["seconds"] for name, each in found.items()}}


def show(name: str, found: Mapping[str, Mapping[str, float]]) -> None:
    """Print what came of one set."""
    rows: Sequence[Sequence[str]] = [
        [model, *(f"{each[key]:.2f}" for key in ("accuracy", "macro_f1", "seconds"))]
        for model, each in found.items()
    ]
    show_table(name, ("", "accuracy", "macro-F1", "seconds"), rows)


if __name__ == "__main__":
    sys.exit(main())
