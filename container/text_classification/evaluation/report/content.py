"""What a report tells, gathered by training."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from text_classification.evaluation.calibration import Reliability
from text_classification.evaluation.job_metrics import JobMetrics, ModelMetrics
from text_classification.evaluation.metrics import ClassReport
from text_classification.evaluation.tuning_result import TuningResult
from text_classification.kernels.arrays import Floats, Ids, Indices

# Figures and tables of more classes could not be read; class_report.json has them all.
MOST_CLASSES = 100
MOST_CONFUSIONS = 12


@dataclass(frozen=True)
class Scored:
    """A part's labels, int32 [n], and what the model answers, float32 [n, classes]."""

    labels: Ids
    probabilities: Floats


@dataclass(frozen=True)
class Confusion:
    """How many of a class's documents, of so many, got the answer of another."""

    truth: str
    answer: str
    documents: int
    of: int


@dataclass(frozen=True)
class Passage:
    """Some words of a document; marked where they speak for the answer and against the truth."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, and an excerpt of the words that led to it.

    where: which document it is, in words; confidence: the probability of the answer.
    """

    where: str
    truth: str
    answer: str
    confidence: float
    excerpt: tuple[Passage, ...]


@dataclass(frozen=True)
class Phrase:
    """Words that speak for a class.

    documents: those of the class that hold them; added: what they add to its logit in one of them.
    """

    text: str
    documents: int
    added: float


@dataclass(frozen=True)
class Report:
    """A job and its model.

    facts: what was trained, in words, by name;
    counts: documents of each class in each part, int64 [classes]; lengths: int64 [n], the tokens
    of each training document, and training_labels, int32 [n]; classes: the scores of
    classes in each part; scored: the parts that were scored, calibrated;
    reliability: before and after that, on validation; out_of_fold: whether the validation answers
    are those of the folds' models; mistakes and phrases: None where documents are not to be quoted.
    """

    labels: tuple[str, ...]
    hyperparameters: Mapping[str, Any]
    facts: Mapping[str, str]
    counts: Mapping[str, Indices]
    lengths: Indices
    training_labels: Ids
    sequence_length: int
    metrics: JobMetrics
    classes: Mapping[str, ClassReport]
    scored: Mapping[str, Scored]
    reliability: tuple[Reliability, Reliability]
    out_of_fold: bool = False
    mistakes: tuple[Mistake, ...] | None = None
    phrases: Mapping[str, tuple[Phrase, ...]] | None = None
    tuning: TuningResult | None = None

    @property
    def judged(self) -> str:
        """The part that the model is judged by: test where there is one."""
        return "test" if "test" in self.scored else "validation"

    @property
    def model(self) -> ModelMetrics:
        """How good the model is. Raises ``ValueError`` where it was not assessed."""
        if self.metrics.model is None:
            raise ValueError("a model that was not assessed has no report")
        return self.metrics.model

    def confusions(self) -> list[Confusion]:
        """Return the pairs of true class and answer that are confused most, in most documents."""
        matrix = self.classes[self.judged].confusion_matrix.copy()
        supports = matrix.sum(axis=1)
        np.fill_diagonal(matrix, 0)
        rows, columns = np.unravel_index(
            np.argsort(-matrix, axis=None, kind="stable")[:MOST_CONFUSIONS], matrix.shape
        )
        return [
            Confusion(self.labels[row], self.labels[column], int(count), int(supports[row]))
            for row, column in zip(rows, columns, strict=True)
            if (count := matrix[row, column])
        ]

    def of_classes(self, chosen: Indices) -> "Report":
        """Return a report whose figures and tables tell of the chosen classes, in this order.

        Documents of the others stay, with -1 for a label.
        """
        places = np.full(len(self.labels), -1, np.int32)
        places[chosen] = np.arange(len(chosen))
        return replace(
            self,
            labels=tuple(self.labels[index] for index in chosen),
            counts={part: counts[chosen] for part, counts in self.counts.items()},
            training_labels=places[self.training_labels],
            classes={part: _of_classes(each, chosen) for part, each in self.classes.items()},
            scored={
                part: Scored(places[each.labels], each.probabilities[:, chosen])
                for part, each in self.scored.items()
            },
        )


def most_frequent(counts: Indices) -> Indices:
    """Return the ``MOST_CLASSES`` classes with the most documents [classes], in label order."""
    return np.sort(np.argsort(-counts, kind="stable")[:MOST_CLASSES])


def _of_classes(report: ClassReport, chosen: Indices) -> ClassReport:
    return ClassReport(
        tuple(report.classes[index] for index in chosen),
        report.confusion_matrix[np.ix_(chosen, chosen)],
    )
