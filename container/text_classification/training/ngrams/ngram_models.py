"""What each of the linear models is made of: some of the features, as they are or weighted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

from scipy import sparse

from text_classification.kernels.arrays import Floats
from text_classification.machine.signals import StopRequest
from text_classification.training.ngrams.linear_model import Block, Linear, LinearFit
from text_classification.training.ngrams.ngram_features import Ngrams


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


def kinds(*, characters: bool) -> tuple[Kind, ...]:
    """Return the models that are made, without or with character n-grams."""
    plain = Kind("all", 0.0), Kind("words", 1.0)
    return (*plain, Kind("characters", 1.0)) if characters else plain


def _chosen(features: sparse.csr_array, columns: slice) -> sparse.csr_array:
    # A copy of all would be large.
    return features if columns == slice(0, features.shape[1]) else features[:, columns]
