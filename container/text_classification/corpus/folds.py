"""Folds: which documents are held out of training together, so that each is held out once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Ids, Indices

# The fold of a document that is always trained on.
NEVER = -1


@dataclass(frozen=True)
class Folds:
    """The fold that holds out each document.

    of: int32 [documents], in 0 ... count - 1, or ``NEVER``. judged: bool [documents], those that
    the model of their fold answers.
    """

    of: Ids
    count: int
    judged: npt.NDArray[np.bool_]

    @property
    def documents(self) -> Indices:
        """The documents that are held out and answered in any fold, in rising order."""
        return np.flatnonzero(self.judged)

    def training(self, fold: int) -> Indices:
        """Return the documents that a fold trains on, in rising order."""
        return np.flatnonzero(self.of != fold)

    def held_out(self, fold: int) -> Indices:
        """Return the documents that a fold holds out and answers, in rising order."""
        return np.flatnonzero((self.of == fold) & self.judged)

    def gather(self, answers: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return rows for ``documents`` from those of each fold's held-out documents, in order."""
        order = np.concatenate([self.held_out(fold) for fold in range(self.count)])
        return np.concatenate(answers)[np.argsort(order)]


def stratified_folds(labels: Ids, count: int, seed: int, most_judged: int | None = None) -> Folds:
    """Deal the documents of each class to ``count`` folds at random; labels: int32 [documents].

    The folds' sizes, and the documents that a class has in each, differ by one at most. The only
    document of a class is never held out: without it no model could know the class. So in every
    fold there is something to learn of each class. Of all that are held out ``most_judged`` are
    answered, or every one.
    Raises ``ValueError`` when fewer documents than folds can be held out.
    """
    counts = np.bincount(labels)
    several = np.flatnonzero(counts[labels] > 1)
    if len(several) < count:
        raise ValueError(f"{len(several)} documents can be held out, fewer than {count} folds")
    shuffled = np.random.default_rng(seed).permutation(several)
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    of = np.full(len(labels), NEVER, np.int32)
    # Dealt round and round, the classes one after the other.
    of[by_class] = np.arange(len(by_class)) % count
    judged = np.zeros(len(labels), bool)
    judged[shuffled[:most_judged]] = True
    return Folds(of, count, judged)
