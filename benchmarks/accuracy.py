"""`make bench-accuracy`: our models beside simple ones, on every data set in a folder.

A set is a folder with train.csv.gz and test.csv.gz, and perhaps validation.csv.gz, with the columns
label and text. All that can be chosen is chosen on validation documents, given or held out; test
documents are asked once. With folds, all documents of a set are dealt to so many, each is the test
of models that are made of the others, and the scores are means over the folds. Beside each score
stand the seconds of training and the documents a second that are answered on one thread.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from sklearn.metrics import f1_score

from benchmarks.accuracy_data import Parts, in_folds, job_of, read
from benchmarks.inference_data import TRAIN, LabelledTexts
from benchmarks.machine import describe
from benchmarks.process import unrestrained
from benchmarks.report import Findings, publish, show_table
from benchmarks.simple_models import Predict, fasttext_model, linear_model
from text_classification import artifact
from text_classification.inference.classifier import Classifier

LIBRARIES = ("fasttext-numpy2", "numpy", "scikit-learn")
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
STACKED = {"recipe": "stacked", "keras_export": "false", "report": "false"}
SIMPLE = ("svm", "fasttext")
# Kim 2014, CNN-non-static with word2vec (1.6 GB): as published, SST learned from phrases too, and
# the sets without a test part in folds.
PUBLISHED = {
    "mr": 81.5,
    "sst1": 48.0,
    "sst2": 87.2,
    "subj": 93.4,
    "trec": 93.6,
    "cr": 84.3,
    "mpqa": 89.5,
}
OURS = "ours"
TRAINED = {OURS: RECOMMENDED, "cnn_rand": CNN_RAND, "stacked": STACKED}
MINILM = "minilm"
MODELS = (*TRAINED, *SIMPLE, MINILM)
USUAL = (OURS, "cnn_rand", *SIMPLE)
SCORES = "accuracy", "macro_f1", "pr_auc"
TIMES = "seconds", "answers"

# Scores in percent, the seconds of training and the answers a second, by name.
Found = Mapping[str, float]
Make = Callable[[LabelledTexts, LabelledTexts | None], Predict]


def main() -> int:
    """Train and test on each set, print a table, write results/accuracy.json."""
    parser = argparse.ArgumentParser(description="Compare accuracy.")
    parser.add_argument("--data", type=Path, required=True, help="the folder of data sets")
    parser.add_argument("--sets", nargs="*", help="names of sets; all if none are given")
    parser.add_argument("--folds", type=int, default=0, help="cross-validate with so many")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=USUAL)
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
    models = [each for each in MODELS if each in arguments.models]
    sets = {}
    for folder in folders:
        given = read(folder)
        rounds = in_folds(given, arguments.folds) if arguments.folds else [given]
        sets[folder.name] = averaged([compare(each, models) for each in rounds])
        show(folder.name, sets[folder.name])
    margins = margins_of(sets) if {OURS, *SIMPLE} <= set(models) else {}
    rows = [
        [
            name,
            *(f"{found[model]['accuracy']:.2f}" for model in models),
            f"{margins[name]:+.2f}" if margins else "",
            f"{PUBLISHED[name]:.1f}" if name in PUBLISHED else "",
        ]
        for name, found in sets.items()
    ]
    show_table("accuracy on test, %", ("", *models, "margin", "Kim 2014"), rows)
    findings = Findings(
        {
            "sets": {name: as_result(found) for name, found in sets.items()},
            **({"mean_margin": mean(margins.values())} if margins else {}),
            **({"worst_margin": min(margins.values())} if margins else {}),
            "published": {name: PUBLISHED[name] for name in sets if name in PUBLISHED},
        }
    )
    folds = ("folds",) if arguments.folds else ()
    others = [each for each in models if each not in USUAL]
    asked = others if set(USUAL) <= set(models) else ("only", *models)
    publish("_".join(("accuracy", *folds, *asked)), findings, describe(LIBRARIES))
    return 0


def peer(name: str) -> Make:
    """Return what makes a model of another kind than ours."""
    if name == MINILM:
        # Imported here: it takes a transformer, which nothing else needs.
        from benchmarks.sentence_model import sentence_model  # noqa: PLC0415

        return sentence_model
    return {"svm": linear_model, "fasttext": fasttext_model}[name]


def compare(parts: Parts, models: Sequence[str]) -> dict[str, Found]:
    """Return the scores of each model on the test part."""
    found: dict[str, Found] = {}
    with job_of(parts) as root:
        for name in [each for each in models if each in TRAINED]:
            scores = train(root, TRAINED[name])
            found[name] = {**scores, "answers": answers_a_second(served(root), parts.test)}
    for name in [each for each in models if each not in TRAINED]:
        started = time.perf_counter()
        model = peer(name)(parts.training, parts.validation)
        seconds = time.perf_counter() - started
        answers = answers_a_second(model, parts.test)
        found[name] = {**score(model, parts.test), "seconds": seconds, "answers": answers}
    return found


def served(root: Path) -> Predict:
    """Return the model of a job as it is served, on one thread."""
    classifier = Classifier(artifact.load(root / "model"), threads=1)

    def predict(texts: Sequence[str]) -> list[str]:
        best = classifier.classify(texts).probabilities.argmax(axis=1)
        return [classifier.labels[place] for place in best]

    return predict


def answers_a_second(model: Predict, test: LabelledTexts) -> float:
    """Return how many of the test documents a model answers a second."""
    started = time.perf_counter()
    model(test.texts)
    return len(test.texts) / (time.perf_counter() - started)


def averaged(rounds: Sequence[Mapping[str, Found]]) -> dict[str, Found]:
    """Return the means over several tests of the same models."""
    return {
        model: {name: mean(each[model][name] for each in rounds) for name in found}
        for model, found in rounds[0].items()
    }


def train(root: Path, hyperparameters: Mapping[str, str]) -> Found:
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
    scores = {name: 100 * metrics["test"][name] for name in SCORES if metrics["test"][name]}
    return {**scores, "seconds": seconds}


def score(model: Predict, test: LabelledTexts) -> Found:
    """Return accuracy and macro-F1 in percent."""
    found = model(test.texts)
    macro = f1_score(test.labels, found, average="macro", zero_division=0)
    return {"accuracy": 100 * test.accuracy(found), "macro_f1": 100 * float(macro)}


def margins_of(sets: Mapping[str, Mapping[str, Found]]) -> dict[str, float]:
    """Return by how many points our model is ahead of the better of the simple ones, by set."""
    return {
        name: found[OURS]["accuracy"] - max(found[model]["accuracy"] for model in SIMPLE)
        for name, found in sets.items()
    }


def as_result(found: Mapping[str, Found]) -> dict[str, Any]:
    """Return what the result holds of a set."""
    scores = {
        name: {key: each[key] for key in SCORES if key in each} for name, each in found.items()
    }
    times = {key: {name: each[key] for name, each in found.items()} for key in TIMES}
    return {**scores, **times}


def show(name: str, found: Mapping[str, Found]) -> None:
    """Print what came of one set; linear models and fastText are not asked for areas."""
    rows: Sequence[Sequence[str]] = [
        [
            model,
            *(f"{each[key]:.2f}" if key in each else "" for key in (*SCORES, *TIMES)),
        ]
        for model, each in found.items()
    ]
    show_table(name, ("", "accuracy", "macro-F1", "PR-AUC", "seconds", "answers/s"), rows)


if __name__ == "__main__":
    sys.exit(main())
