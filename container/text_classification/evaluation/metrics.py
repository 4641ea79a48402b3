"""Scores of a classifier on labelled documents, by scikit-learn's definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
)

from text_classification.kernels.arrays import Floats, Ids

# Probabilities are kept away from 0, where the logarithm has no value.
SMALLEST_PROBABILITY = 1e-12


@dataclass(frozen=True)
class Summary:
    """The scores that are printed each epoch. Loss is mean cross-entropy in nats."""

    documents: int
    loss: float
    accuracy: float
    macro_f1: float

    def metrics(self, part: str) -> dict[str, float]:
        """Return the scores by metric name, ``part:score``."""
        return {
            f"{part}:loss": self.loss,
            f"{part}:accuracy": self.accuracy,
            f"{part}:macro_f1": self.macro_f1,
        }


def summarize(labels: Ids, probabilities: Floats) -> Summary:
    """Return the scores of ``probabilities`` [n, classes] against ``labels`` [n].

    Macro F1 is the mean over the classes that occur as a label or as an answer.
    """
    answers = probabilities.argmax(axis=1)
    given = probabilities[np.arange(len(labels)), labels]
    return Summary(
        documents=len(labels),
        loss=float(-np.log(np.maximum(given, SMALLEST_PROBABILITY)).mean()),
        accuracy=float(accuracy_score(labels, answers)),
        macro_f1=float(f1_score(labels, answers, average="macro", zero_division=0)),
    )


def report_classes(labels: Ids, probabilities: Floats, names: Sequence[str]) -> dict[str, Any]:
    """Return precision, recall, F1 and support of each class, and the confusion matrix.

    The matrix has a row for each true class and a column for each answer, in label order.
    """
    answers = probabilities.argmax(axis=1)
    classes = np.arange(len(names))
    scores = precision_recall_fscore_support(labels, answers, labels=classes, zero_division=0)
    per_class = [
        {
            "label": name,
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(f1),
            "support": int(support),
        }
        for name, precision, recall, f1, support in zip(names, *scores, strict=True)
    ]
    matrix = confusion_matrix(labels, answers, labels=classes)
    return {"classes": per_class, "confusion_matrix": matrix.tolist()}
