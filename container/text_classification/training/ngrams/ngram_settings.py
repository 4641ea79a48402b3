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

from text_classification.evaluation.calibration import fit_shares, softmax
from text_classification.evaluation.metrics import summarize
from text_classification.kernels.arrays import Floats, Ids, Reals
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import Prepared
from text_classification.training.ngrams.ngram_features import Ngrams
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_models import Kind, Model, kinds

# The training documents that a pair or a character n-gram must occur in: what is tried.
FEWEST = (1, 2)
# With more tokens than this in training, words say enough, and their characters would take long.
MOST_SPELLED = 1_000_000
# The most features of all training documents together: bounds time and memory.
MOST_ENTRIES = 30_000_000
# The documents whose features tell how many all have; so many are learned from in any case.
SAMPLE = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting:
    """How the n-grams are found: see ``Ngrams``."""

    characters: bool
    fewest: int


@dataclass(frozen=True)
class NgramModels:
    """N-grams of training documents, and linear models of them."""

    ngrams: Ngrams
    models: tuple[Model, ...]

    def summed(self, shares: Sequence[float]) -> tuple[Floats, Reals]:
        """Return weights and biases of the one model that gives the sum, each in its share."""
        classes = len(self.models[0].linear.biases)
        weights = np.zeros((self.ngrams.blocks[-1].stop, classes), np.float32)
        biases = np.zeros(classes)
        for share, model in zip(shares, self.models, strict=True):
            weights[model.columns] += np.float32(share) * model.linear.weights
            biases += share * model.linear.biases
        return weights, biases


class Trials:
    """Models of several settings, each of the training documents of some splits.

    splits: documents to train on and held out.
    """

    def __init__(self, splits: Sequence[Prepared], stop: StopRequest, limits: NgramLimits) -> None:
        self._splits = splits
        self._stop = stop
        self._limits = limits
        self._labels = np.concatenate([_held_out(split).labels for split in splits])
        self._characters = all(count_tokens(split.training) <= MOST_SPELLED for split in splits)

    def best(self) -> tuple[Setting, list[list[Reals]]]:
        """Return the setting with the smallest loss, and what its models decide.

        That is a list for each model, of an array for each split's held-out documents. The loss is
        that of their sum, each in its share: few documents tell by it what they cannot by accuracy.
        Raises ``Stopped`` when a stop was asked for.
        """
        settings = [Setting(self._characters, fewest) for fewest in FEWEST]
        decided = [self._decide(setting) for setting in settings]
        losses = [self._loss(decisions) for decisions in decided]
        best = int(np.argmin(losses))
        log.info("n-grams: %s, loss %.4f held out", settings[best], losses[best])
        return settings[best], decided[best]

    def _decide(self, setting: Setting) -> list[list[Reals]]:
        features = [_features(split, setting, self._limits) for split in self._splits]
        return [
            [each.fit(kind, self._stop).decide(each.held_out) for each in features]
            for kind in kinds(characters=setting.characters)
        ]

    def _loss(self, decisions: list[list[Reals]]) -> float:
        parts = [np.concatenate(each) for each in decisions]
        shares, offsets = fit_shares(self._labels, parts)
        logits = sum(share * part for share, part in zip(shares, parts, strict=True)) + offsets
        return summarize(self._labels, softmax(logits)).loss


@dataclass(frozen=True)
class _Features:
    """The features of documents to learn from, with their labels, and of others held out."""

    ngrams: Ngrams
    training: sparse.csr_array
    labels: Ids
    classes: int
    held_out: sparse.csr_array

    def fit(self, kind: Kind, stop: StopRequest) -> Model:
        return kind.fit(self.ngrams, self.training, self.labels, self.classes, stop)


def fit_ngrams(
    prepared: Prepared, setting: Setting, stop: StopRequest, limits: NgramLimits
) -> NgramModels:
    """Return the n-grams of the training documents, and the models of them.

    Raises ``Stopped`` when a stop was asked for.
    """
    features = _features(replace(prepared, validation=None), setting, limits)
    models = [features.fit(kind, stop) for kind in kinds(characters=setting.characters)]
    return NgramModels(features.ngrams, tuple(models))


def _features(prepared: Prepared, setting: Setting, limits: NgramLimits) -> _Features:
    training = prepared.training
    training = training.thinned(int(len(training) * limits.tokens / max(count_tokens(training), 1)))
    numbers = training.corpus.numbers
    if numbers is None:
        raise ValueError("the documents are not in provisional ids")
    ngrams = Ngrams(
        prepared.tokens,
        numbers,
        training,
        fewest=setting.fewest,
        characters=setting.characters,
        most=limits.of_a_kind,
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


def count_tokens(part: Part) -> int:
    """Return the tokens of all documents of a part."""
    return int(part.corpus.lengths[part.documents].sum())


def _held_out(split: Prepared) -> Part:
    if split.validation is None:
        raise ValueError("no document is held out")
    return split.validation
