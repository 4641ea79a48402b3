"""Linear models of n-grams, made as suits held-out documents best.

One is made of all features as they are, one of words and their pairs weighted by log-count ratios,
and one of character n-grams weighted alike: they err on different documents, and since all are
linear their sum is one model again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from text_classification.contract.signals import StopRequest
from text_classification.kernels.arrays import Ids, Reals
from text_classification.training.loop import Part
from text_classification.training.ngrams.features import Ngrams
from text_classification.training.ngrams.kinds import Kind, Model, kinds
from text_classification.training.preparation import Prepared

COSTS = (1.0, 0.3, 3.0)
# With more tokens than this in training, words say enough, and their characters would take long.
MOST_SPELLED = 1_000_000
# The most features of all training documents together: bounds time and memory.
MOST_ENTRIES = 30_000_000
# The documents whose features tell how many all have; so many are learned from in any case.
SAMPLE = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting:
    """How the models are made: see ``Ngrams``, and ``fit_linear`` for the cost of each.

    characters: whether one is made of character n-grams.
    """

    characters: bool
    fewest: int = 1
    costs: tuple[float, ...] = ()


@dataclass(frozen=True)
class NgramModels:
    """N-grams of training documents, and linear models of them."""

    ngrams: Ngrams
    models: tuple[Model, ...]

    def summed(self, shares: Sequence[float]) -> tuple[Reals, Reals]:
        """Return weights and biases of the one model that gives the sum, each in its share."""
        classes = len(self.models[0].linear.biases)
        weights, biases = np.zeros((self.ngrams.blocks[-1].stop, classes)), np.zeros(classes)
        for share, model in zip(shares, self.models, strict=True):
            weights[model.columns] += share * model.linear.weights
            biases += share * model.linear.biases
        return weights, biases


class Trials:
    """Models of several settings, each of the training documents of some splits.

    splits: documents to train on and held out.
    """

    def __init__(self, splits: Sequence[Prepared], stop: StopRequest) -> None:
        self._splits = splits
        self._stop = stop
        self._labels = np.concatenate([_held_out(split).labels for split in splits])
        self._characters = all(_tokens(split.training) <= MOST_SPELLED for split in splits)
        self._kinds = kinds(characters=self._characters)

    def best(self) -> tuple[Setting, list[list[Reals]]]:
        """Return the setting with the best accuracy, and what its models decide.

        That is a list for each model, of an array for each split's held-out documents. The cost of
        each model is chosen for itself. Raises ``Stopped`` when a stop was asked for.
        """
        setting, decisions = self._with_costs(Setting(self._characters))
        rarer_left_out = replace(setting, fewest=2)
        features = self._features(rarer_left_out)
        others = [
            self._decide(features, kind, cost)
            for kind, cost in zip(self._kinds, rarer_left_out.costs, strict=True)
        ]
        if self._accuracy(*others) > self._accuracy(*decisions):
            setting, decisions = rarer_left_out, others
        log.info("n-grams: %s, accuracy %.4f held out", setting, self._accuracy(*decisions))
        return setting, decisions

    def _with_costs(self, setting: Setting) -> tuple[Setting, list[list[Reals]]]:
        features, costs, decisions = self._features(setting), [], []
        for kind in self._kinds:
            tried = {cost: self._decide(features, kind, cost) for cost in COSTS}
            best = max(tried, key=lambda cost: self._accuracy(tried[cost]))
            costs.append(best)
            decisions.append(tried[best])
        return replace(setting, costs=tuple(costs)), decisions

    def _features(self, setting: Setting) -> list["_Features"]:
        return [_features(split, setting) for split in self._splits]

    def _decide(self, features: list["_Features"], kind: Kind, cost: float) -> list[Reals]:
        return [each.fit(kind, cost, self._stop).decide(each.held_out) for each in features]

    def _accuracy(self, *decisions: list[Reals]) -> float:
        """Return the accuracy of the sum of some models' decisions."""
        total = sum(np.concatenate(each) for each in decisions)
        return float((np.asarray(total).argmax(axis=1) == self._labels).mean())


@dataclass(frozen=True)
class _Features:
    """The features of documents to learn from, with their labels, and of others held out."""

    ngrams: Ngrams
    training: sparse.csr_array
    labels: Ids
    classes: int
    held_out: sparse.csr_array

    def fit(self, kind: Kind, cost: float, stop: StopRequest) -> Model:
        of_class = [self.labels == index for index in range(self.classes)]
        return kind.fit(self.ngrams, self.training, of_class, cost=cost, stop=stop)


def fit_ngrams(prepared: Prepared, setting: Setting, stop: StopRequest) -> NgramModels:
    """Return the n-grams of the training documents, and the models of them.

    Raises ``Stopped`` when a stop was asked for.
    """
    features = _features(replace(prepared, validation=None), setting)
    models = [
        features.fit(kind, cost, stop)
        for kind, cost in zip(kinds(characters=setting.characters), setting.costs, strict=True)
    ]
    return NgramModels(features.ngrams, tuple(models))


def _features(prepared: Prepared, setting: Setting) -> _Features:
    training = prepared.training
    numbers = training.corpus.numbers
    if numbers is None:
        raise ValueError("the documents are not in provisional ids")
    ngrams = Ngrams(
        prepared.tokens,
        numbers,
        training,
        fewest=setting.fewest,
        characters=setting.characters,
    )
    # As many documents as a sample says that there is room for.
    sample = training.thinned(SAMPLE)
    entries = max(ngrams.matrix(sample).nnz / len(sample), 1)
    learned = training.thinned(max(int(MOST_ENTRIES / entries), SAMPLE))
    held_out = prepared.validation or training.thinned(0)
    return _Features(
        ngrams,
        ngrams.matrix(learned),
        learned.labels,
        len(prepared.labels),
        ngrams.matrix(held_out),
    )


def _tokens(part: Part) -> int:
    return int(part.corpus.lengths[part.documents].sum())


def _held_out(split: Prepared) -> Part:
    if split.validation is None:
        raise ValueError("no document is held out")
    return split.validation
