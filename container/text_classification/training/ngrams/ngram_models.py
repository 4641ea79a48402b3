"""What each of the linear models is made of: some of the features, as they are or weighted.

One is of documents' vectors: words are given theirs, and its weights become those of words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np
from scipy import sparse

from text_classification.kernels.arrays import Floats
from text_classification.machine.signals import StopRequest
from text_classification.training.ngrams.linear_model import Block, Linear, LinearFit
from text_classification.training.ngrams.ngram_features import Ngrams

# A model of vectors learns from so many documents at most: it has but a hundred numbers a class.
MOST_BY_VECTORS = 20_000


@dataclass(frozen=True)
class Model:
    """A linear model of some columns of the features."""

    columns: slice
    linear: Linear

    def decide(self, features: sparse.csr_array) -> Floats:
        """Return a number for each document and class: float32 [documents, classes].

        features: [documents, features], all of them.
        """
        return self.linear.decide(_chosen(features, self.columns))


@dataclass(frozen=True)
class Kind:
    """The features that a model is made of, and the power of the log-count ratios before them."""

    features: Literal["all", "words", "characters"]
    power: float

    def columns(self, ngrams: Ngrams) -> slice:
        """Return where the features stand among all."""
        words, pairs, characters = ngrams.blocks
        match self.features:
            case "all":
                return slice(words.start, characters.stop)
            case "words":
                return slice(words.start, pairs.stop)
            case "characters":
                return characters
            case _:
                assert_never(self.features)


class ModelFit:
    """A model on its way: see ``LinearFit``. The blocks are of all features."""

    def __init__(self, kind: Kind, ngrams: Ngrams, classes: int) -> None:
        self._columns = kind.columns(ngrams)
        # There may be none: numbers, say, have no character n-grams.
        self._width = self._columns.stop - self._columns.start
        self._fit = LinearFit(self._width, classes, power=kind.power)

    def count(self, block: Block) -> None:
        """Take note of documents that are learned from later."""
        self._fit.count(self._own(block))

    def lessons(self, block: Block, stop: StopRequest) -> list[Callable[[], None]]:
        """Return what learns from documents: functions that may be called side by side."""
        return self._fit.lessons(self._own(block), stop) if self._width else []

    def model(self) -> Model:
        """Return the model of what was learned."""
        return Model(self._columns, self._fit.model())

    def _own(self, block: Block) -> Block:
        return Block(_chosen(block.features, self._columns), block.labels)


class VectorFit:
    """A model of documents' vectors on its way, as ``ModelFit`` is one of n-grams."""

    def __init__(self, ngrams: Ngrams, classes: int) -> None:
        self._columns = ngrams.blocks[0]
        self._vectors = ngrams.vectors.rows
        self._fit = LinearFit(self._vectors.shape[1], classes, power=0.0)
        self._scale = np.float32(0)
        self._left = MOST_BY_VECTORS

    def count(self, block: Block) -> None:
        """Take note of documents that are learned from later."""
        if not self._scale:
            # The first block's vectors have length 1 on average, as all other features do.
            squares = float((self._of(block.features) ** 2).sum()) / max(len(block.labels), 1)
            self._scale = np.float32(1 / np.sqrt(squares) if squares else 1)
        self._fit.count(Block(block.features[:, :0], block.labels))

    def lessons(self, block: Block, stop: StopRequest) -> list[Callable[[], None]]:
        """Return what learns from documents: functions that may be called side by side."""
        chosen, self._left = slice(self._left), max(self._left - len(block.labels), 0)
        labels = block.labels[chosen]
        if not len(labels):
            return []
        vectors = sparse.csr_array(self._of(block.features[chosen]) * self._scale)
        return self._fit.lessons(Block(vectors, labels), stop)

    def model(self) -> Model:
        """Return the model of what was learned, as one of words."""
        learned = self._fit.model()
        slices = tuple(
            (self._vectors @ (each * self._scale)).astype(np.float32) for each in learned.slices
        )
        return Model(self._columns, Linear(slices, learned.biases))

    def _of(self, features: sparse.csr_array) -> Floats:
        vectors: Floats = features[:, self._columns] @ self._vectors
        return vectors


Fit = ModelFit | VectorFit


def fits_of(ngrams: Ngrams, classes: int, *, characters: bool) -> list[Fit]:
    """Return the models that are to be made of n-grams."""
    fits: list[Fit] = [ModelFit(kind, ngrams, classes) for kind in kinds(characters=characters)]
    return [*fits, VectorFit(ngrams, classes)] if ngrams.vectors.rows.size else fits


def names_of_models(*, characters: bool, vectors: bool) -> list[str]:
    """Return what the models are made of, in the order of ``fits_of``."""
    texts = {"all": "all n-grams", "words": "words and pairs", "characters": "characters"}
    names = [texts[kind.features] for kind in kinds(characters=characters)]
    return [*names, "vectors"] if vectors else names


def kinds(*, characters: bool) -> tuple[Kind, ...]:
    """Return the models of n-grams that are made, without or with those of characters."""
    plain = Kind("all", 0.0), Kind("words", 1.0)
    return (*plain, Kind("characters", 1.0)) if characters else plain


def _chosen(features: sparse.csr_array, columns: slice) -> sparse.csr_array:
    # A copy of all would be large.
    return features if columns == slice(0, features.shape[1]) else features[:, columns]
