"""A linear model of sparse features: a support vector machine for each class against the others.

The inputs are weighted by how much more often a feature occurs in the class than elsewhere: the
logarithm of the ratio, to a power between 0, which leaves them as they are, and 1, the "NBSVM" of
Wang and Manning 2012 (Baselines and Bigrams: Simple, Good Sentiment and Topic Classification, ACL).
The weights are taken into the model, so it is linear in the features themselves.

The model is that of scikit-learn's LinearSVC, which a test holds it to. But classes are trained
together, some of them a thread, and the result does not depend on the number of threads.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from text_classification.kernels.arrays import Floats, Ids, Indices, Reals
from text_classification.kernels.linear_svm import MOST_CLASSES, SvmSlice
from text_classification.machine.processors import processor_count
from text_classification.machine.signals import StopRequest

# The C of the support vector machines: others were no better, whatever chose between them.
COST = 1.0
# What a feature is taken to have occurred besides, in a class and elsewhere.
SMOOTHING = 1.0
# The weights are near enough once no document asks for a larger step; a hundredth of that changes
# no answer. Nearly all models need fewer than 30 passes.
TOLERANCE = 1e-2
MOST_PASSES = 300
# After each pass over all documents come so many over those alone that still moved the weights.
SHORT_PASSES = 4
SEED = 0


@dataclass(frozen=True)
class Linear:
    """Weights, float32 [features, classes], and biases, float64 [classes]."""

    weights: Floats
    biases: Reals

    def decide(self, features: sparse.csr_array) -> Reals:
        """Return a number for each document and class: float64 [documents, classes]."""
        decisions: Reals = features @ self.weights + self.biases
        return decisions


def fit_linear(
    features: sparse.csr_array,
    labels: Ids,
    classes: int,
    *,
    power: float,
    stop: StopRequest,
) -> Linear:
    """Return the model of documents.

    features: [documents, features], each document of length 1; labels: int32 [documents], in
    [0, classes); power: that of the log-count ratios. A class without documents is never decided
    for, one that has all of them always.
    Raises ``Stopped`` when a stop was asked for.
    """
    documents = _Documents.of(features, labels)
    ratios = _Ratios.of(features, documents) if power else None
    # With two classes one model tells both.
    fitted = np.arange(1 if classes == 2 else 0, classes)  # noqa: PLR2004
    weights = np.empty((features.shape[1], len(fitted)), np.float32)
    biases = np.empty(len(fitted))

    def fit(chosen: Indices) -> None:
        columns = slice(chosen[0] - fitted[0], chosen[-1] + 1 - fitted[0])
        scales = ratios.scales(chosen, power) if ratios else None
        weights[:, columns], biases[columns] = documents.fit(chosen, scales, stop)

    # The kernel lets go of the interpreter while it computes.
    with ThreadPoolExecutor(processor_count()) as threads:
        list(threads.map(fit, _slices(fitted)))
    if len(fitted) == 1:
        weights, biases = np.hstack([-weights, weights]), np.concatenate([-biases, biases])
    return Linear(weights, biases)


def _slices(classes: Indices) -> list[Indices]:
    """Return the classes that are trained together: at least two lots, that two threads share."""
    lots = max(-(-len(classes) // MOST_CLASSES), min(len(classes), 2))
    return np.array_split(classes, lots)


@dataclass(frozen=True)
class _Documents:
    """Documents as the kernel reads them; width: the number of features."""

    values: Floats
    features: Ids
    offsets: Indices
    labels: Ids
    width: int

    @classmethod
    def of(cls, features: sparse.csr_array, labels: Ids) -> "_Documents":
        return cls(
            features.data.astype(np.float32),
            features.indices.astype(np.int32),
            features.indptr.astype(np.int64),
            labels.astype(np.int32),
            features.shape[1],
        )

    def fit(
        self, classes: Indices, scales: Floats | None, stop: StopRequest
    ) -> tuple[Floats, Reals]:
        """Return weights [features, classes] and biases [classes] of classes in a row."""
        machines = SvmSlice(
            self.values,
            self.features,
            self.offsets,
            self.labels - np.int32(classes[0]),
            (self.width, len(classes)),
            cost=COST,
            scales=scales,
        )
        _settle(machines, stop)
        weights, biases = machines.weights, machines.biases.astype(float)
        sizes = np.bincount(self.labels, minlength=classes[-1] + 1)[classes]
        for size, decision in ((0, -1.0), (len(self.labels), 1.0)):
            weights[:, sizes == size] = 0
            biases[sizes == size] = decision
        return weights, biases


@dataclass(frozen=True)
class _Ratios:
    """What the log-count ratios of features are counted from.

    occurrences: [documents, features], 1 where a document has the feature; squares: float64
    [features], the sums of squared values.
    """

    occurrences: sparse.csr_array
    frequencies: Floats
    squares: Reals
    labels: Ids

    @classmethod
    def of(cls, features: sparse.csr_array, documents: _Documents) -> "_Ratios":
        # Exact up to 16 million documents.
        ones = np.ones(len(documents.values), np.float32)
        numbers, width = documents.features, documents.width
        return cls(
            sparse.csr_array((ones, features.indices, features.indptr), shape=features.shape),
            np.bincount(numbers, minlength=width).astype(np.float32),
            np.bincount(numbers, documents.values**2, minlength=width).astype(float),
            documents.labels,
        )

    def scales(self, classes: Indices, power: float) -> Floats:
        """Return by what the squares of values are multiplied: [features, classes]."""
        scales = np.abs(self._log_count_ratios(classes)) ** np.float32(2 * power)
        # To the same length on average, so that a cost means the same at any power. Not by BLAS,
        # whose sums depend on the number of threads.
        lengths = np.einsum("f,fc->c", self.squares, scales) / len(self.labels)
        scales /= np.where(lengths > 0, lengths, 1)
        return scales

    def _log_count_ratios(self, classes: Indices) -> Floats:
        """Return the logarithm of a feature's share in a class over that elsewhere."""
        members = (self.labels[:, None] == classes).astype(np.float32)
        inside: Floats = self.occurrences.T @ members
        outside = self.frequencies[:, None] - inside
        inside = _log_shares(inside)
        inside -= _log_shares(outside)
        return inside


def _log_shares(counts: Floats) -> Floats:
    """Return the logarithm of each feature's share, in place: there may be millions of features."""
    counts += np.float32(SMOOTHING)
    counts /= counts.sum(axis=0, dtype=float)
    return np.log(counts, out=counts)


def _settle(machines: SvmSlice, stop: StopRequest) -> None:
    """Go over the documents until none of them asks for a step that matters."""
    generator = np.random.default_rng(SEED)
    everything = np.arange(len(machines.labels), dtype=np.int32)
    order, short = everything, 0
    for _ in range(MOST_PASSES):
        stop.check()
        moved, violation = machines.descend(generator.permutation(order))
        settled = violation < TOLERANCE
        if settled and order is everything:
            return
        short = 0 if settled or short == SHORT_PASSES else short + 1
        order = moved if short else everything
