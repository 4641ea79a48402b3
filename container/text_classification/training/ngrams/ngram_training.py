"""N-grams of documents and linear models of them, learned block by block.

One is made of all features as they are, one of words and their pairs weighted by log-count ratios,
and one of character n-grams weighted alike; where words have pretrained vectors, one of these. They
err on different documents, and since all are linear their sum is one model again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.kernels.arrays import Floats, Reals
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.ngrams.linear_model import Block, side_by_side
from text_classification.training.ngrams.ngram_features import Ngrams
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_models import Fit, Model, fits_of
from text_classification.training.ngrams.word_vectors import WordVectors

# The most features of the documents that are in memory at a time.
MOST_ENTRIES = 30_000_000
# The documents whose features tell how many all have.
SAMPLE = 1000
SEED = 0


@dataclass(frozen=True)
class Setting:
    """How the n-grams are found: see ``Ngrams``."""

    characters: bool
    fewest: int

    def __str__(self) -> str:
        """Return it as the log has it."""
        kinds = "pairs and characters" if self.characters else "pairs"
        return f"words, and {kinds} found in at least {self.fewest} training document(s)"


@dataclass(frozen=True)
class NgramModels:
    """N-grams of training documents, and linear models of them."""

    ngrams: Ngrams
    models: tuple[Model, ...]

    def decide(self, part: Part) -> list[Floats]:
        """Return what each model decides: float32 [documents, classes]."""
        features = self.ngrams.matrix(part)
        return [model.decide(features) for model in self.models]

    def summed(self, shares: Sequence[float]) -> tuple[Floats, Reals]:
        """Return weights and biases of the one model that gives the sum, each in its share."""
        classes = len(self.models[0].linear.biases)
        weights = np.zeros((self.ngrams.blocks[-1].stop, classes), np.float32)
        biases = np.zeros(classes)
        for share, model in zip(shares, self.models, strict=True):
            first = 0
            for each in model.linear.slices:
                own = slice(first, first := first + each.shape[1])
                weights[model.columns, own] += np.float32(share) * each
            biases += share * model.linear.biases
        return weights, biases


def fit_ngrams(
    prepared: TrainingData,
    training: Part,
    setting: Setting,
    *,
    limits: NgramLimits,
    stop: StopRequest,
) -> NgramModels:
    """Return the n-grams of training documents, all or a part of those prepared, and their models.

    Raises ``Stopped`` when a stop was asked for.
    """
    if training.corpus.numbers is None:
        raise ValueError("the documents are not in provisional ids")
    ngrams = Ngrams(
        prepared.tokens,
        training.corpus.numbers,
        training,
        fewest=setting.fewest,
        characters=setting.characters,
        vectors=WordVectors.of(prepared),
        limits=limits,
    )
    fits = fits_of(ngrams, len(prepared.labels), characters=setting.characters)
    blocks = Blocks(ngrams, training)
    # Given to functions, so that a block is gone before the next is made.
    for number in stop.checked(range(len(blocks))):
        _count(fits, blocks[number])
    for number in range(len(blocks)):
        _learn(fits, blocks[number], stop)
    return NgramModels(ngrams, tuple(fit.model() for fit in fits))


def _count(fits: Sequence[Fit], block: Block) -> None:
    for fit in fits:
        fit.count(block)


def _learn(fits: Sequence[Fit], block: Block, stop: StopRequest) -> None:
    side_by_side(lesson for fit in fits for lesson in fit.lessons(block, stop))


class Blocks:
    """Documents in blocks, each of which has some drawn from everywhere: as features in memory.

    A single block is made once; one of several is made anew whenever it is asked for.
    """

    def __init__(self, ngrams: Ngrams, training: Part) -> None:
        self._ngrams, self._training = ngrams, training
        sample = training.thinned(SAMPLE)
        entries = ngrams.matrix(sample).nnz / max(len(sample), 1) * len(training)
        self._count = max(int(np.ceil(entries / MOST_ENTRIES)), 1)
        # The number of each document's block.
        numbers = np.arange(self._count, dtype=np.min_scalar_type(self._count))
        self._of = np.resize(numbers, len(training))
        np.random.default_rng(SEED).shuffle(self._of)
        self._only: Block | None = None

    def __len__(self) -> int:
        """Return the number of blocks."""
        return self._count

    def __getitem__(self, number: int) -> Block:
        """Return a block. Raises ``IndexError`` where there are no more."""
        if number >= self._count:
            raise IndexError(number)
        if self._only:
            return self._only
        part = self._training.chosen(np.flatnonzero(self._of == number))
        block = Block(self._ngrams.matrix(part), part.labels)
        if len(self) == 1:
            self._only = block
        return block
