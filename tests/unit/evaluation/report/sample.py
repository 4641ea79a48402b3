"""Reports to draw: random answers, and all numbers as training takes them from such answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from text_classification.evaluation.calibration import reliability
from text_classification.evaluation.curve_areas import curve_areas
from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.job_metrics import Calibration, JobMetrics, ModelMetrics
from text_classification.evaluation.metrics import Summary, report_classes, score
from text_classification.evaluation.report.content import Report, Scored
from text_classification.evaluation.tuning_result import TrialRecord, TuningResult

EPOCHS = [
    Epoch(number, 1 / number, Summary(66, 1.1 / number, 1 - 0.5 / number, 1 - 0.6 / number), 0.5)
    for number in (1, 2, 3)
]


def scored(count: int, classes: int, seed: int = 0) -> Scored:
    """Return answers that are right more often than not."""
    generator = np.random.default_rng(seed)
    labels = np.concatenate(
        [np.arange(classes), generator.integers(0, classes, count - classes)]
    ).astype(np.int32)
    logits = generator.normal(0, 1, (count, classes))
    logits[np.arange(count), labels] += 2
    exponents = np.exp(logits)
    return Scored(labels, (exponents / exponents.sum(axis=1, keepdims=True)).astype(np.float32))


def sample_report(names: Sequence[str] = ("bad", "good", "ugly"), **changes: Any) -> Report:
    """Return a report of 60 validation and 80 test documents, or some more for more classes."""
    classes = len(names)
    parts = {
        "validation": scored(60 + 2 * classes, classes, seed=1),
        "test": scored(80 + 2 * classes, classes, seed=2),
    }
    areas = {name: curve_areas(part.labels, part.probabilities) for name, part in parts.items()}
    generator = np.random.default_rng(3)
    training = np.concatenate([np.arange(classes), np.zeros(40, int)]).astype(np.int32)
    found = reliability(parts["validation"].labels, parts["validation"].probabilities)
    counts = {"training": training} | {name: part.labels for name, part in parts.items()}
    values: dict[str, Any] = {
        "labels": tuple(names),
        "hyperparameters": {"recipe": "kim", "kernel_widths": [3, 4, 5], "report": True},
        "facts": {"classes": str(classes)},
        "counts": {name: np.bincount(labels, minlength=classes) for name, labels in counts.items()},
        "lengths": generator.integers(1, 50, len(training)),
        "training_labels": training,
        "sequence_length": 20,
        "metrics": JobMetrics(
            trained="2026-11-21T10:27:09+00:00",
            job_name="letters-1",
            stopped_on_request=False,
            training_documents=len(training),
            validated_out_of_fold=False,
            best=EPOCHS[1],
            epochs=tuple(EPOCHS),
            model=ModelMetrics(
                Calibration(1.25, found.error, found.error),
                {
                    name: score(part.labels, part.probabilities, areas[name])
                    for name, part in parts.items()
                },
            ),
        ),
        "classes": {
            name: report_classes(part.labels, part.probabilities, names, areas[name])
            for name, part in parts.items()
        },
        "scored": parts,
        "reliability": (found, found),
    }
    return Report(**{**values, **changes})


def tuning_result(values: Sequence[float | None], importances: Mapping[str, float]) -> TuningResult:
    """Return a study of trials with these values, of which numbers begin at 1."""
    trials = tuple(
        TrialRecord(
            number, "pruned" if value is None else "complete", value, 3, 1.5, {"filters": number}
        )
        for number, value in enumerate(values, 1)
    )
    best = max(trials, key=lambda trial: trial.value or 0)
    return TuningResult("accuracy", "tpe", "median", trials, best.number, importances)
