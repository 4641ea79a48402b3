"""training/results/drift_baseline.py: the baseline of a model is what serving answers."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.helpers import write_configuration
from text_classification import artifact
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings
from text_classification.corpus.folds import stratified_folds
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.machine.signals import StopRequest
from text_classification.predict import create_app
from text_classification.training.job import run
from text_classification.training.network import held_out, quantization

SMALL = {
    "recipe": "kim",
    "embedding_size": "8",
    "filters": "8",
    "epochs": "2",
    "learning_rate": "0.005",
}
FAST = {**SMALL, "engine": "fast", "keras_export": "false", "report": "false"}
ENGLISH = {"embedding_size": "100", "pretrained": "english", "filters": "64"}
PHRASES = {
    "claim": ("the storm broke our roof", "a leak in the kitchen, please pay"),
    "billing": ("charged twice this month", "please send the bill again, it is lost"),
    "cancel": ("I want to end my policy", "stop the policy at the end of the month"),
}
TRAINING = [
    (label, f"{phrase} {label if number % 3 else 'perhaps'} {phrase[:3]}{label}{number}")
    for number in range(20)
    for label, phrases in PHRASES.items()
    for phrase in phrases
]
# More or less of each is unknown; the last has no word at all.
VALIDATION = [
    (label, f"{phrase[: 40 - number]} {'unheard ' * (number % 7)}of {number + 15}")
    for number in range(25)
    for label, phrases in PHRASES.items()
    for phrase in phrases
] + [("claim", "...")]


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    """Write the only file of a channel."""
    path.mkdir(parents=True)
    lines = [json.dumps({"label": label, "text": text}) for label, text in rows]
    (path / "a.jsonl").write_text("\n".join(lines))


@pytest.fixture
def settings(tmp_path: Path, paths: Paths) -> Settings:
    """The settings of a job and of the server of its model."""
    write(paths.data / "train", TRAINING)
    (tmp_path / "scratch").mkdir()
    return Settings(root=tmp_path, scratch=tmp_path / "scratch", tables_mb=64)


def trained(settings: Settings, **hyperparameters: str) -> dict[str, Any]:
    """Train a model and return its metrics."""
    write_configuration(settings.paths.hyperparameters, {**FAST, **hyperparameters})
    run(settings, StopRequest())
    return dict(artifact.load(settings.paths.model).metrics)


def served(settings: Settings, texts: list[str]) -> dict[str, Any]:
    """Return the baseline of what the server answers, computed as a reader of answers would."""
    answer = create_app(settings).test_client().post("/invocations", json=texts)
    assert answer.json is not None
    predictions = answer.json["predictions"]
    labels = artifact.load(settings.paths.model).labels
    counts = Counter(each["label"] for each in predictions)
    shares = [each["unknown_share"] for each in predictions]
    return {
        "documents": len(texts),
        "labels": {label: counts[label] for label in labels},
        "scores": in_bins([each["score"] for each in predictions]),
        "unknown_share": {"mean": sum(shares) / len(shares), "bins": in_bins(shares)},
    }


def in_bins(values: list[float]) -> list[int]:
    """Count values in 20 bins, as the artifact's description says."""
    counts = Counter(min(int(value * 20), 19) for value in values)
    return [counts[place] for place in range(20)]


@pytest.mark.parametrize(
    ("hyperparameters", "int8"),
    [
        ({}, True),
        ({}, False),
        ({"recipe": "wide"}, True),
        (ENGLISH, True),
        (ENGLISH, False),
    ],
    ids=["int8", "float32", "n-grams", "further words, int8", "further words, float32"],
)
def test_serving_the_validation_documents_gives_the_baseline(
    settings: Settings,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    hyperparameters: dict[str, str],
    *,
    int8: bool,
) -> None:
    """Calibrated, from the tables that are served, with n-grams: to the last document."""
    monkeypatch.setattr(quantization, "MOST_LOSS", 1.0 if int8 else -1.0)
    monkeypatch.setattr(quantization, "MOST_CHANGED", 1.0)
    monkeypatch.setattr(held_out, "is_better", lambda *_: True)
    write(paths.data / "validation", VALIDATION)
    metrics = trained(settings, **hyperparameters)
    model = artifact.load(paths.model)
    assert (model.scales is not None) == int8
    assert (model.further is not None) == (hyperparameters is ENGLISH)
    assert metrics["calibration"]["temperature"] != 1
    found, expected = metrics["baseline"], served(settings, [text for _, text in VALIDATION])
    mean = found["unknown_share"].pop("mean")
    assert mean == pytest.approx(expected["unknown_share"].pop("mean"), rel=1e-12)
    assert found == expected
    assert found["documents"] == len(VALIDATION)
    assert sum(count > 0 for count in found["scores"]) > 2
    assert sum(count > 0 for count in found["unknown_share"]["bins"]) > 2


def test_after_folds_it_is_that_of_the_folds(settings: Settings) -> None:
    """The last model has seen all documents, so it would know each of their words."""
    metrics = trained(settings, folds="3", processes="1", min_count="1")
    found = metrics["baseline"]
    assert found["documents"] == metrics["validation"]["documents"] == len(TRAINING)
    shares = shares_unknown_to_folds(3)
    assert found["unknown_share"]["bins"] == in_bins(shares)
    assert found["unknown_share"]["mean"] == pytest.approx(sum(shares) / len(shares), rel=1e-12)
    assert found["unknown_share"]["mean"] > 0
    assert served(settings, [text for _, text in TRAINING])["unknown_share"]["mean"] == 0


def shares_unknown_to_folds(count: int) -> list[float]:
    """Return the share of each training document's words that only its own fold has."""
    names = sorted(PHRASES)
    labels = np.array([names.index(label) for label, _ in TRAINING], np.int32)
    folds = stratified_folds(labels, count, seed=int(Hyperparameters().seed)).of.tolist()
    documents = [TOKENIZERS["words"](text).split() for _, text in TRAINING]
    pairs = list(zip(documents, folds, strict=True))
    known = [
        {word for words, fold in pairs if fold != own for word in words} for own in range(count)
    ]
    return [
        round(sum(word not in known[fold] for word in words) / len(words), 4)
        for words, fold in pairs
    ]
