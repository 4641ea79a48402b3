"""A linear model of sparse features: a support vector machine for each class against the others.

The inputs are weighted by how much more often a feature occurs in the class than elsewhere: the
logarithm of the ratio, to a power between 0, which leaves them as they are, and 1, the "NBSVM" of
Wang and Manning 2012 (Baselines and Bigrams: Simple, Good Sentiment and Topic Classification, ACL).
The weights are taken into the model, so it is linear in the features themselves.

The model is that of scikit-learn's LinearSVC, which a test holds it to. But classes are trained
together, some of them a thread, and the result does not depend on the number of threads. Documents
may come in blocks, of which each is learned from once: block minimization (Yu, Hsieh, Chang and Lin
2010, Large Linear Classification When Data Cannot Fit in Memory, KDD) with a single round.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from text_classification.kernels.arrays import Floats, Ids, Indices, Reals
from text_classification.kernels.linear_svm import (
    MOST_CLASSES,
    SvmSlice,
    count_classes,
    rows,
)
from text_classification.machine.processors import processor_count
from text_classification.machine.signals import StopRequest

# The C of the support vector machines: others were no better, whatever chose between them.
COST = 1.0
# What a feature is taken to have occurred besides, in a class and elsewhere.
SMOOTHING = 1.0
# The weights are near enough once no document asks for a larger step, as in LIBLINEAR; a tenth of
# that takes twice the passes and changes no score.
TOLERANCE = 0.1
MOST_PASSES = 300
# Of so many documents, so few passes come to the same scores.
MANY_DOCUMENTS, PASSES_OF_MANY = 50_000, 6
# After each pass over all documents come so many over those alone that still moved the weights.
SHORT_PASSES = 4
# Features counted at a time: NumPy makes copies of them, several times as large.
COUNTED_TOGETHER = 1 << 21
SEED = 0


@dataclass(frozen=True)
class Linear:
    """Weights, float32 [features, some of the classes] each, and biases, float64 [classes]."""

    slices: tuple[Floats, ...]
    biases: Reals

    def decide(self, features: sparse.csr_array) -> Floats:
        """Return a number for each document and class: float32 [documents, classes]."""
        decisions = np.concatenate([features @ weights for weights in self.slices], axis=1)
        decisions += self.biases.astype(np.float32)
        return decisions


@dataclass(frozen=True)
class Block:
    """Documents to learn from: features [documents, features], each of length 1, and labels."""

    features: sparse.csr_array
    labels: Ids

    @property
    def columns(self) -> Ids:
        """The features that each document has, one document behind the other."""
        columns: Ids = self.features.indices.astype(np.int32, copy=False)
        return columns

    @property
    def values(self) -> Floats:
        """How much of each it has."""
        values: Floats = self.features.data.astype(np.float32, copy=False)
        return values

    @property
    def offsets(self) -> Indices:
        """Where the features of each document begin, int64 [documents + 1]."""
        offsets: Indices = self.features.indptr.astype(np.int64, copy=False)
        return offsets


class LinearFit:
    """A linear model on its way: told of all documents first, then taught by them.

    width: the number of features; power: that of the log-count ratios. A class without documents is
    never decided for, one that has all of them always.
    """

    def __init__(self, width: int, classes: int, *, power: float) -> None:
        self._classes = classes
        # With two classes one model tells both.
        fitted = np.arange(1 if classes == 2 else 0, classes)  # noqa: PLR2004
        self._slices = [_Slice(width, each, power) for each in _slices(fitted)]
        self._sizes = np.zeros(classes, np.int64)
        self._ratios = _Ratios(width) if power else None

    def count(self, block: Block) -> None:
        """Take note of documents that are learned from later."""
        self._sizes += np.bincount(block.labels, minlength=self._classes)
        if self._ratios:
            self._ratios.count(block)
            for each in self._slices:
                each.count(block)

    def lessons(self, block: Block, stop: StopRequest) -> list[Callable[[], None]]:
        """Return what learns from documents: functions that may be called side by side."""
        return [partial(each.learn, block, self._ratios, stop) for each in self._slices]

    def model(self) -> Linear:
        """Return the model of what was learned."""
        weights = tuple(each.weights for each in self._slices)
        biases = np.concatenate([each.biases for each in self._slices]).astype(float)
        if len(biases) == 1:
            weights = (np.hstack([-weights[0], weights[0]]),)
            biases = np.concatenate([-biases, biases])
        self._settle_extremes(weights, biases)
        return Linear(weights, biases)

    def _settle_extremes(self, weights: tuple[Floats, ...], biases: Reals) -> None:
        first = 0
        for each in weights:
            own = slice(first, first := first + each.shape[1])
            for size, decision in ((0, -1.0), (self._sizes.sum(), 1.0)):
                chosen = self._sizes[own] == size
                each[:, chosen] = 0
                biases[own][chosen] = decision


def fit_linear(
    features: sparse.csr_array, labels: Ids, classes: int, *, power: float, stop: StopRequest
) -> Linear:
    """Return the model of documents in one block; see ``LinearFit``.

    Raises ``Stopped`` when a stop was asked for.
    """
    fit, block = LinearFit(features.shape[1], classes, power=power), Block(features, labels)
    fit.count(block)
    side_by_side(fit.lessons(block, stop))
    return fit.model()


def side_by_side(lessons: Iterable[Callable[[], None]]) -> None:
    """Call functions, as many at a time as there are processors."""
    # The kernel lets go of the interpreter while it computes.
    with ThreadPoolExecutor(processor_count()) as threads:
        for done in [threads.submit(each) for each in lessons]:
            done.result()


def _slices(classes: Indices) -> list[Indices]:
    """Return the classes that are trained together: at least two lots, that two threads share."""
    lots = max(-(-len(classes) // MOST_CLASSES), min(len(classes), 2))
    return np.array_split(classes, lots)


class _Ratios:
    """What the log-count ratios of all classes are counted from.

    frequencies: float32 [features], the documents that have each; squares: float64 [features], the
    sums of squared values.
    """

    def __init__(self, width: int) -> None:
        # Exact up to 16 million documents.
        self.frequencies = np.zeros(width, np.float32)
        self.squares = np.zeros(width)
        self.documents = 0

    def count(self, block: Block) -> None:
        width = len(self.squares)
        for first in range(0, len(block.columns), COUNTED_TOGETHER):
            some = slice(first, first + COUNTED_TOGETHER)
            columns, values = block.columns[some], block.values[some]
            self.frequencies += np.bincount(columns, minlength=width).astype(np.float32)
            self.squares += np.bincount(columns, values**2, minlength=width)
        self.documents += len(block.labels)


class _Slice:
    """Some classes that are trained together."""

    def __init__(self, width: int, classes: Indices, power: float) -> None:
        self._first, self._power = np.int32(classes[0]), power
        self.weights = rows(width, len(classes))
        self.biases: Floats = np.zeros(len(classes), np.float32)
        # Counts at first, scales from the first lesson on: [features, classes].
        self._scales = rows(*self.weights.shape) if power else None
        self._is_scaled = False

    def count(self, block: Block) -> None:
        if self._scales is not None:
            labels = block.labels - self._first
            count_classes(block.columns, block.offsets, labels, self._scales)

    def learn(self, block: Block, ratios: _Ratios | None, stop: StopRequest) -> None:
        if ratios and self._scales is not None and not self._is_scaled:
            self._scale(self._scales, ratios)
            self._is_scaled = True
        machines = SvmSlice(
            block.values,
            block.columns,
            block.offsets,
            block.labels - self._first,
            self.weights.shape,
            cost=COST,
            scales=self._scales,
            start=(self.weights, self.biases),
        )
        _settle(machines, stop)

    def _scale(self, scales: Floats, ratios: _Ratios) -> None:
        """Turn counts into scales: by what the squares of values are multiplied."""
        outside = _log_shares(ratios.frequencies[:, None] - scales)
        _log_shares(scales)
        scales -= outside
        np.abs(scales, out=scales)
        np.power(scales, np.float32(2 * self._power), out=scales)
        # To the same length on average, so that a cost means the same at any power. Not by BLAS,
        # whose sums depend on the number of threads.
        lengths = np.einsum("f,fc->c", ratios.squares, scales) / ratios.documents
        scales /= np.where(lengths > 0, lengths, 1)


def _log_shares(counts: Floats) -> Floats:
    """Return the logarithm of each feature's share, in place: there may be millions of features."""
    counts += np.float32(SMOOTHING)
    counts /= counts.sum(axis=0, dtype=float)
    return np.log(counts, out=counts)


def _settle(machines: SvmSlice, stop: StopRequest) -> None:
    """Go over the documents until no step matters any more, but of many not for long."""
    generator = np.random.default_rng(SEED)
    everything = np.arange(len(machines.labels), dtype=np.int32)
    order, short = everything, 0
    most = MOST_PASSES if len(everything) < MANY_DOCUMENTS else PASSES_OF_MANY
    for _ in range(most):
        stop.check()
        moved, violation = machines.descend(generator.permutation(order))
        settled = violation < TOLERANCE
        if settled and order is everything:
            return
        short = 0 if settled or short == SHORT_PASSES else short + 1
        order = moved if short else everything
