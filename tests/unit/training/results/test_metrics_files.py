"""What metrics.json and class_report.json of a job hold: names, in their order, and types."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.helpers import write_configuration
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings
from text_classification.machine.signals import StopRequest
from text_classification.training.job import run

SMALL = {"recipe": "kim", "embedding_size": "4", "filters": "4", "epochs": "1", "engine": "fast"}
FILES_ALONE = {"keras_export": "false", "report": "false", "target_precision": "0.5"}
INTERVAL = ["float", "float"]
COUNTS = ["int"] * 20
SUMMARY = {"documents": "int", "loss": "float", "accuracy": "float", "macro_f1": "float"}
SCORES = {
    **SUMMARY,
    "weighted_f1": "float",
    "pr_auc": "float",
    "roc_auc": "float",
    "calibration_error": "float",
    "accuracy_interval": INTERVAL,
    "macro_f1_interval": INTERVAL,
}
AT_FLOOR = {"coverage": "float", "precision": "float"}
BEGINNING = {
    "trained": "str",
    "job_name": "str",
    "stopped_on_request": "bool",
    "training_documents": "int",
    "validated_out_of_fold": "bool",
    "best_epoch": "int",
    "calibration": {"temperature": "float", "error_before": "float", "error_after": "float"},
    "tables": {
        "int8": "bool",
        "documents": "int",
        "changed_labels": "int",
        "loss_float32": "float",
        "loss_int8": "float",
        "rule": "str",
    },
}
BASELINE = {
    "documents": "int",
    "labels": {"bad": "int", "good": "int"},
    "scores": COUNTS,
    "unknown_share": {"mean": "float", "bins": COUNTS},
}
EPOCH = {
    "epoch": "int",
    "train:loss": "float",
    "validation:loss": "float",
    "validation:accuracy": "float",
    "validation:macro_f1": "float",
    "epoch:seconds": "float",
}
MEANS = {"loss": "float", "accuracy": "float", "macro_f1": "float", "pr_auc": "float"}
FOLD = {"best_epoch": "int", **SUMMARY, "pr_auc": "float"}
CLASS = {
    "label": "str",
    **dict.fromkeys(("precision", "recall", "f1"), "float"),
    "support": "int",
    **dict.fromkeys(("pr_auc", "roc_auc"), "float"),
}
CLASSES = {"classes": [CLASS, CLASS], "confusion_matrix": [["int", "int"]] * 2}


def shape(value: Any) -> Any:
    """Return what JSON holds, with the names of types for values and pairs for objects."""
    if isinstance(value, dict):
        return [(name, shape(each)) for name, each in value.items()]
    return [shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def expected(value: Any) -> Any:
    """Return a description above in the form of ``shape``."""
    if isinstance(value, dict):
        return [(name, expected(each)) for name, each in value.items()]
    return [expected(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def settings(tmp_path: Path, paths: Paths) -> Settings:
    """The settings of a job with a document of each class a line, and a test channel."""
    rows = "".join(f"good,fine {number}\nbad,poor {number}\n" for number in range(12))
    for channel in ("train", "test"):
        (paths.data / channel).mkdir(parents=True)
        (paths.data / channel / "a.csv").write_text(rows)
    (tmp_path / "scratch").mkdir()
    return Settings(root=tmp_path, scratch=tmp_path / "scratch")


def files(settings: Settings, **hyperparameters: str) -> tuple[Any, Any]:
    """Run a job and return the shapes of its metrics.json and class_report.json."""
    write_configuration(settings.paths.hyperparameters, {**SMALL, **FILES_ALONE, **hyperparameters})
    run(settings, StopRequest())
    folder = settings.paths.output_data
    names = ("metrics.json", "class_report.json")
    metrics, classes = (shape(json.loads((folder / name).read_bytes())) for name in names)
    return metrics, classes


def test_files_of_a_job(settings: Settings) -> None:
    """Readers of the files find each name where it was, with a value of the same type."""
    metrics, classes = files(settings)
    confidence = {"target_precision": "float", "floor": "float"}
    assert metrics == expected(
        {
            **BEGINNING,
            "confidence": {**confidence, "validation": AT_FLOOR, "test": AT_FLOOR},
            "validation": SCORES,
            "test": SCORES,
            "baseline": BASELINE,
            "epochs": [EPOCH],
        }
    )
    assert classes == expected({"validation": CLASSES, "test": CLASSES})


def test_files_of_a_job_with_folds(settings: Settings) -> None:
    """Epochs without validation have its scores not at all; the folds stand before the epochs."""
    metrics, _ = files(settings, folds="2", processes="1", target_precision="0")
    epoch = {name: kind for name, kind in EPOCH.items() if not name.startswith("validation")}
    folds = {"folds": [FOLD, FOLD], "mean": MEANS, "deviation": MEANS, "epochs": "int"}
    assert metrics == expected(
        {
            **BEGINNING,
            "validation": SCORES,
            "test": SCORES,
            "baseline": BASELINE,
            "cross_validation": folds,
            "epochs": [epoch],
        }
    )


def test_tuned_job_tells_the_gap_to_test(settings: Settings) -> None:
    """The study is told with the best of its trials, and what choosing by validation flatters."""
    metrics, _ = files(settings, tuning_trials="2", processes="1", target_precision="0")
    names = [name for name, _ in metrics]
    assert names[-3:] == ["baseline", "tuning", "epochs"]
    assert [name for name, _ in dict(metrics)["tuning"]] == [
        *("objective", "sampler", "pruner", "trials", "best_number", "importances", "best"),
        *("history", "validation_test_gap"),
    ]
