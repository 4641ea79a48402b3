"""What each of the linear models is made of: some of the features, as they are or weighted."""

from dataclasses import dataclass
from typing import Literal, assert_never

import numpy as np
from scipy import sparse

from text_classification.kernels.arrays import Ids, Reals
from text_classification.machine.signals import StopRequest
from text_classification.training.ngrams.linear_model import Linear, fit_linear
from text_classification.training.ngrams.ngram_features import Ngrams


@dataclass(frozen=True)
class Model:
    """A linear model of some columns of the features."""

    columns: slice
    linear: Linear

    def decide(self, features: sparse.csr_array) -> Reals:
        """Return a number for each document and class: float64 [documents, classes].

        features: [documents, features], all of them.
        """
        return self.linear.decide(_chosen(features, self.columns))


@dataclass(frozen=True)
class Kind:
    """The features that a model is made of, and the power of the log-count ratios before them."""

    features: Literal["all", "words", "characters"]
    power: float

    def fit(
        self,
        ngrams: Ngrams,
        features: sparse.csr_array,
        labels: Ids,
        classes: int,
        stop: StopRequest,
    ) -> Model:
        """Return the model of documents; see ``fit_linear``.

        features: [documents, features] of ``ngrams``, all of them.
        Raises ``Stopped`` when a stop was asked for.
        """
        columns = self._columns(ngrams)
        own = _chosen(features, columns)
        if own.shape[1] == 0:  # numbers, say, have no character n-grams
            nothing = np.zeros((0, classes), np.float32)
            return Model(columns, Linear(nothing, np.zeros(classes)))
        linear = fit_linear(own, labels, classes, power=self.power, stop=stop)
        return Model(columns, linear)

    def _columns(self, ngrams: Ngrams) -> slice:
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


def kinds(*, characters: bool) -> tuple[Kind, ...]:
    """Return the models that are made, without or with character n-grams."""
    plain = Kind("all", 0.0), Kind("words", 1.0)
    return (*plain, Kind("characters", 1.0)) if characters else plain


def _chosen(features: sparse.csr_array, columns: slice) -> sparse.csr_array:
    # A copy of all would be large.
    return features if columns == slice(0, features.shape[1]) else features[:, columns]
