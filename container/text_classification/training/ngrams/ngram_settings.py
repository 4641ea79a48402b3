"""How the n-grams of a job are made: as suits held-out documents best."""

import logging
from collections.abc import Sequence

import numpy as np

from text_classification.evaluation.calibration import fit_shares, softmax
from text_classification.evaluation.metrics import summarize
from text_classification.kernels.arrays import Floats
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_training import Setting, fit_ngrams

# The training documents that a pair or a character n-gram must occur in: what is tried.
FEWEST = (1, 2)
# With more tokens than this in training, words say enough, and their characters would take long.
MOST_SPELLED = 1_000_000
# What is tried is tried on so many documents, and held against as many.
PART = 20_000

log = logging.getLogger(__name__)


def is_large(split: TrainingData) -> bool:
    """Tell whether settings are chosen on a part of the documents alone."""
    return len(split.training) > PART


class Trials:
    """Models of several settings, each of the training documents of some splits.

    splits: documents to train on and held out; of a large one, at most ``PART`` of either are
    tried on.
    """

    def __init__(
        self, splits: Sequence[TrainingData], stop: StopRequest, limits: NgramLimits
    ) -> None:
        self._splits = splits
        self._parts = [tried_on(split) for split in splits]
        self._stop = stop
        self._limits = limits
        self._settings = _settings(splits)

    def best(self) -> tuple[Setting, list[list[Floats]]]:
        """Return the setting with the smallest loss, and what its models decide.

        That is a list for each model, of an array for each split's held-out documents; nothing
        where there is but one setting. The loss is that of their sum, each in its share: few
        documents tell by it what they cannot by accuracy.
        Raises ``Stopped`` when a stop was asked for.
        """
        if len(self._settings) == 1:
            return self._settings[0], []
        decided = [self._decide(setting) for setting in self._settings]
        losses = [self._loss(decisions) for decisions in decided]
        best = int(np.argmin(losses))
        log.info("n-grams: %s, validation loss %.4f", self._settings[best], losses[best])
        return self._settings[best], decided[best]

    def _decide(self, setting: Setting) -> list[list[Floats]]:
        answers = [
            fit_ngrams(split, training, setting, limits=self._limits, stop=self._stop).decide(
                others
            )
            for split, (training, others) in zip(self._splits, self._parts, strict=True)
        ]
        return [list(each) for each in zip(*answers, strict=True)]

    def _loss(self, decisions: list[list[Floats]]) -> float:
        parts = [np.concatenate(each).astype(float) for each in decisions]
        labels = np.concatenate([others.labels for _, others in self._parts])
        shares, offsets = fit_shares(labels, parts)
        logits = sum(share * part for share, part in zip(shares, parts, strict=True)) + offsets
        return summarize(labels, softmax(logits)).loss


def _settings(splits: Sequence[TrainingData]) -> list[Setting]:
    """Return what is worth a trial."""
    characters = all(count_tokens(split.training) <= MOST_SPELLED for split in splits)
    if not characters and any(map(is_large, splits)):
        # A part of so much text has the pairs that are kept too rarely to tell.
        return [Setting(characters, max(FEWEST))]
    return [Setting(characters, fewest) for fewest in FEWEST]


def tried_on(split: TrainingData) -> tuple[Part, Part]:
    """Return the documents of a split that are learned from in a trial, and those held out."""
    if is_large(split):
        return split.training.thinned(PART), split.held_out.thinned(PART)
    return split.training, split.held_out


def count_tokens(part: Part) -> int:
    """Return the tokens of all documents of a part."""
    return int(part.corpus.lengths[part.documents].sum())
