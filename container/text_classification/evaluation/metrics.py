"""Scores of a classifier on labelled documents, by scikit-learn's definitions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from text_classification.evaluation.answer_counts import confusion_matrix, count_answers
from text_classification.evaluation.calibration import SMALLEST_PROBABILITY, calibration_error
from text_classification.evaluation.curve_areas import CurveAreas
from text_classification.evaluation.intervals import Interval, bootstrap_intervals
from text_classification.kernels.arrays import Floats, Ids, Indices


@dataclass(frozen=True)
class Summary:
    """The scores that are printed each epoch. Loss is mean cross-entropy in nats."""

    documents: int
    loss: float
    accuracy: float
    macro_f1: float

    def __str__(self) -> str:
        """Return the scores in words."""
        return f"accuracy {self.accuracy:.4f}, macro F1 {self.macro_f1:.4f}, loss {self.loss:.4f}"

    def metrics(self, part: str) -> dict[str, float]:
        """Return the scores by metric name, ``part:score``."""
        return {
            f"{part}:loss": self.loss,
            f"{part}:accuracy": self.accuracy,
            f"{part}:macro_f1": self.macro_f1,
        }


@dataclass(frozen=True)
class Scores(Summary):
    """All scores of a part; intervals cover with 95 %.

    pr_auc, roc_auc: means over the classes that have such an area, None where none has.
    """

    weighted_f1: float
    pr_auc: float | None
    roc_auc: float | None
    calibration_error: float
    accuracy_interval: Interval
    macro_f1_interval: Interval


@dataclass(frozen=True)
class ClassScores:
    """The scores of a class; areas under curves are None where no or every document has it."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int
    pr_auc: float | None
    roc_auc: float | None


@dataclass(frozen=True)
class ClassReport:
    """The scores of each class of a part, in label order.

    confusion_matrix: int64, a row for each true class and a column for each answer.
    """

    classes: tuple[ClassScores, ...]
    confusion_matrix: Indices

    def as_dict(self) -> dict[str, Any]:
        """Return what class_report.json holds of the part."""
        return {
            "classes": [asdict(scores) for scores in self.classes],
            "confusion_matrix": self.confusion_matrix.tolist(),
        }


def summarize(labels: Ids, probabilities: Floats) -> Summary:
    """Return the scores of ``probabilities`` [n, classes] against ``labels`` [n].

    Macro F1 is the mean over the classes that occur as a label or as an answer.
    """
    answers = probabilities.argmax(axis=1)
    given = probabilities[np.arange(len(labels)), labels]
    counts = count_answers(labels, answers, probabilities.shape[1])
    return Summary(
        documents=len(labels),
        loss=float(-np.log(np.maximum(given, SMALLEST_PROBABILITY)).mean()),
        accuracy=counts.accuracy,
        macro_f1=counts.macro_f1,
    )


def report_classes(
    labels: Ids, probabilities: Floats, names: Sequence[str], areas: CurveAreas
) -> ClassReport:
    """Return the scores of each class of ``names``, and the confusion matrix; see ``score``."""
    answers = probabilities.argmax(axis=1)
    counts = count_answers(labels, answers, len(names))
    scores = counts.precision, counts.recall, counts.f1, counts.labelled
    per_class = tuple(
        ClassScores(
            label=name,
            precision=float(precision),
            recall=float(recall),
            f1=float(f1),
            support=int(support),
            pr_auc=_known(pr_auc),
            roc_auc=_known(roc_auc),
        )
        for name, precision, recall, f1, support, pr_auc, roc_auc in zip(
            names, *scores, areas.precision_recall, areas.roc, strict=True
        )
    )
    return ClassReport(per_class, confusion_matrix(labels, answers, len(names)))


def score(labels: Ids, probabilities: Floats, areas: CurveAreas) -> Scores:
    """Return all scores of ``probabilities`` [n, classes] against ``labels`` [n].

    areas: those of ``curve_areas`` for the same documents, which take a while.
    """
    summary = summarize(labels, probabilities)
    answers = probabilities.argmax(axis=1).astype(np.int32)
    accuracy_interval, macro_f1_interval = bootstrap_intervals(labels, answers)
    return Scores(
        **asdict(summary),
        weighted_f1=count_answers(labels, answers, probabilities.shape[1]).weighted_f1,
        pr_auc=_known(areas.macro_precision_recall),
        roc_auc=_known(areas.macro_roc),
        calibration_error=calibration_error(labels, probabilities),
        accuracy_interval=accuracy_interval,
        macro_f1_interval=macro_f1_interval,
    )


def _known(value: float) -> float | None:
    """Return a number as JSON can hold it: NaN is no number there."""
    return None if np.isnan(value) else float(value)
