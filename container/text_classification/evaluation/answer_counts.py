"""How answers fell among labels: accuracy, precision, recall and F1 by scikit-learn's definitions.

They are counted here, and tests hold them against scikit-learn: its import takes two seconds, which
was two thirds of a small job, and each process of a study or of folds pays for it anew.
"""

from dataclasses import dataclass

import numpy as np

from text_classification.kernels.arrays import Ids, Indices, Reals


@dataclass(frozen=True)
class AnswerCounts:
    """Numbers of documents by class, int64 [classes] each.

    right: those labelled and answered with the class; labelled, answered: with the class at all.
    """

    right: Indices
    labelled: Indices
    answered: Indices

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return float(self.right.sum() / self.labelled.sum())

    @property
    def precision(self) -> Reals:
        """The share of right ones among the answers of a class, 0 where there are none."""
        return self.right / np.maximum(self.answered, 1)

    @property
    def recall(self) -> Reals:
        """The share of a class's documents that were answered with it, 0 where there are none."""
        return self.right / np.maximum(self.labelled, 1)

    @property
    def f1(self) -> Reals:
        """The harmonic mean of precision and recall, 0 for a class that does not occur."""
        return self.right / np.maximum((self.labelled + self.answered) / 2, 0.5)

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the classes that occur as a label or as an answer."""
        return float(self.f1[self.labelled + self.answered > 0].mean())

    @property
    def weighted_f1(self) -> float:
        """The mean F1 of the classes, each counting by its documents."""
        return float(self.f1 @ self.labelled / self.labelled.sum())


def count_answers(labels: Ids, answers: Ids | Indices, classes: int) -> AnswerCounts:
    """Count ``answers`` [n] to documents with ``labels`` [n], ids below ``classes``."""
    right = labels[labels == answers]
    return AnswerCounts(
        *(np.bincount(each, minlength=classes) for each in (right, labels, answers))
    )


def confusion_matrix(labels: Ids, answers: Ids | Indices, classes: int) -> Indices:
    """Return numbers of documents, int64 [label, answer]."""
    pairs = labels.astype(np.int64) * classes + answers
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
