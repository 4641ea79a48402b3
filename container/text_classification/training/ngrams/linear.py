"""A linear model of sparse features: a support vector machine for each class against the others.

The inputs are weighted by how much more often a feature occurs in the class than elsewhere: the
logarithm of the ratio, to a power between 0, which leaves them as they are, and 1, the "NBSVM" of
Wang and Manning 2012 (Baselines and Bigrams: Simple, Good Sentiment and Topic Classification, ACL).
The weights are taken into the model, so it is linear in the features themselves.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from text_classification.kernels.arrays import Bools, Reals
from text_classification.machine.memory import free_memory
from text_classification.machine.processors import processor_count
from text_classification.machine.signals import StopRequest
from text_classification.training.forked import forked

# What a feature is taken to have occurred besides, in a class and elsewhere.
SMOOTHING = 1.0
TOLERANCE = 1e-3
# The memory that a fit takes for each number of the features: its own copy, and liblinear's.
BYTES_AN_ENTRY = 40


@dataclass(frozen=True)
class Linear:
    """Weights, float64 [features, classes], and biases, float64 [classes]."""

    weights: Reals
    biases: Reals

    def decide(self, features: sparse.csr_array) -> Reals:
        """Return a number for each document and class: float64 [documents, classes]."""
        decisions: Reals = features @ self.weights + self.biases
        return decisions


def fit_linear(
    features: sparse.csr_array,
    of_class: Sequence[Bools],
    *,
    power: float,
    cost: float,
    stop: StopRequest,
) -> Linear:
    """Return the model of documents.

    features: [documents, features]; of_class: bool [documents] for each class; power: that of the
    log-count ratios; cost: the C of the support vector machine. A class without documents is never
    decided for, one that has all of them always.

    scikit-learn's solver draws from one generator for the whole process, so classes that are fitted
    at the same time are fitted in processes of their own: the weights are the same, however many
    there are.
    Raises ``Stopped`` when a stop was asked for.
    """
    # With two classes one model tells both.
    fitted = of_class[1:] if len(of_class) == 2 else of_class  # noqa: PLR2004
    processes = _processes(features, len(fitted))
    fit = partial(_fit_each, features, power=power, cost=cost, stop=stop)
    if processes == 1:
        columns = fit(fitted)
    else:
        shares = [partial(fit, fitted[first::processes]) for first in range(processes)]
        dealt = [iter(share) for share in forked(shares, processes, stop)]
        columns = [next(dealt[index % processes]) for index in range(len(fitted))]
    weights = np.stack([column for column, _ in columns], axis=1)
    biases = np.array([bias for _, bias in columns])
    if len(fitted) == 1:
        weights, biases = np.hstack([-weights, weights]), np.concatenate([-biases, biases])
    return Linear(weights, biases)


def _processes(features: sparse.csr_array, classes: int) -> int:
    """Return how many processes fit classes side by side: as many as there is memory for."""
    room = free_memory() // max(BYTES_AN_ENTRY * features.nnz, 1)
    return int(max(1, min(processor_count(), classes, room)))


def _fit_each(
    features: sparse.csr_array,
    of_class: Sequence[Bools],
    *,
    power: float,
    cost: float,
    stop: StopRequest,
) -> list[tuple[Reals, float]]:
    return [_against_others(features, members, power, cost) for members in stop.checked(of_class)]


def _against_others(
    features: sparse.csr_array,
    of_class: Bools,
    power: float,
    cost: float,
) -> tuple[Reals, float]:
    """Return weights and bias of one class."""
    if not of_class.any() or of_class.all():
        return np.zeros(features.shape[1]), 1.0 if of_class.any() else -1.0
    scales = np.abs(_log_count_ratios(features, of_class)) ** power
    # Only the numbers are copied: the places stay those of all classes.
    data = features.data * scales[features.indices]
    # To the same length on average, so that a cost means the same at any power.
    length = np.sqrt((data**2).sum() / features.shape[0]) or 1.0
    data /= length
    weighted = sparse.csr_array((data, features.indices, features.indptr), shape=features.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # near enough
        model = LinearSVC(C=cost, tol=TOLERANCE, random_state=0).fit(weighted, of_class)
    return model.coef_[0] * scales / length, float(model.intercept_[0])


def _log_count_ratios(features: sparse.csr_array, of_class: Bools) -> Reals:
    """Return, for each feature, the logarithm of its share in a class over that elsewhere."""
    occurs = sparse.csr_array(
        (np.ones(features.nnz), features.indices, features.indptr), shape=features.shape
    )
    inside = SMOOTHING + occurs.T @ of_class.astype(float)
    outside = SMOOTHING + occurs.T @ (~of_class).astype(float)
    ratios: Reals = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    return ratios
