"""Calibration of probabilities: its error, and the temperature that reduces it.

Guo, Pleiss, Sun and Weinberger 2017, On Calibration of Modern Neural Networks (ICML).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.kernels.arrays import Floats, Ids, Indices, Reals

# Numbers that are computed with at a time: copies of all answers may be gigabytes.
PIECE = 1 << 20
# Probabilities are kept away from 0, where a loss has no value.
SMALLEST_PROBABILITY = 1e-12
BINS = 15
# A model is never taken to be a hundred times too sure or too unsure of itself.
COLDEST, HOTTEST = 0.01, 100.0
# What is added to the logits of a class is taken to lie within some 0.2 of 0: this many times its
# square counts beside the loss of all documents.
OFFSET_PENALTY = 10.0


@dataclass(frozen=True)
class Reliability:
    """Answers in 15 bins by their confidence; float64 [15] each, NaN where a bin is empty.

    documents: how many; confidence: their mean; accuracy: the share of right ones.
    """

    documents: Indices
    confidence: Reals
    accuracy: Reals

    @property
    def error(self) -> float:
        """The expected calibration error, in [0, 1].

        It is the mean distance between confidence and accuracy, each bin counting by its answers.
        """
        gaps = np.abs(self.confidence - self.accuracy) * self.documents
        return float(np.nansum(gaps) / self.documents.sum())


def reliability(labels: Ids, probabilities: Floats) -> Reliability:
    """Return how often the answers of ``probabilities`` [n, classes] are right, by confidence."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    documents = np.bincount(bins, minlength=BINS)
    sums = (np.bincount(bins, weights=each, minlength=BINS) for each in (confidence, right))
    divisor = np.where(documents, documents, np.nan)
    return Reliability(documents, *(each / divisor for each in sums))


def calibration_error(labels: Ids, probabilities: Floats) -> float:
    """Return the expected calibration error of ``probabilities`` [n, classes], in [0, 1]."""
    return reliability(labels, probabilities).error


def fit_temperature(labels: Ids, probabilities: Floats) -> float:
    """Return the temperature at which ``probabilities`` [n, classes] have the smallest loss.

    The labels are smoothed a little, as Platt 1999 does (Probabilistic Outputs for Support Vector
    Machines): where a model makes no mistake, the plain loss has no minimum.
    """
    # Imported here: processes that train a fold or a trial calibrate nothing.
    from scipy.optimize import minimize_scalar  # noqa: PLC0415

    documents, classes = probabilities.shape
    parts = [(labels[rows], logits_of(probabilities[rows])) for rows in _pieces(probabilities)]

    def loss(logarithm: float) -> float:
        temperature = np.exp(logarithm)
        sums = [
            (_smoothed(own, classes, documents) * log_softmax(logits / temperature)).sum()
            for own, logits in parts
        ]
        return float(-sum(sums) / documents)

    bounds = np.log(COLDEST), np.log(HOTTEST)
    found = minimize_scalar(loss, bounds=bounds, method="bounded")
    # As they are, if that is no worse: the search ends beside the minimum, not in it.
    return float(np.exp(found.x)) if found.fun < loss(0.0) else 1.0


def fit_shares(labels: Ids, parts: Sequence[Reals]) -> tuple[list[float], Reals]:
    """Return how logits are summed so that the loss is the smallest.

    That is how many times each part counts, and what is added for each class, float64 [classes]:
    Platt's scaling of several parts and classes at once. What is added stays small unless many
    documents speak for it. parts: float64 [n, classes] each. The labels are smoothed as for a
    temperature.
    """
    from scipy.optimize import minimize  # noqa: PLC0415

    documents, classes = parts[0].shape
    targets = _smoothed(labels, classes, documents)

    def loss(values: Reals) -> tuple[float, Reals]:
        shares, offsets = np.exp(values[: len(parts)]), values[len(parts) :]
        weighted = [share * part for share, part in zip(shares, parts, strict=True)]
        logarithms = log_softmax(sum(weighted) + offsets)
        penalty = OFFSET_PENALTY * float((offsets**2).sum())
        gradient = np.exp(logarithms) - targets  # of the logits, [n, classes]
        slopes = [float((gradient * each).sum()) for each in weighted]
        found = np.concatenate([slopes, gradient.sum(axis=0) + 2 * OFFSET_PENALTY * offsets])
        return (penalty - float((targets * logarithms).sum())) / documents, found / documents

    bounds = [(np.log(COLDEST), np.log(HOTTEST))] * len(parts) + [(None, None)] * classes
    start = np.zeros(len(parts) + classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return [float(share) for share in np.exp(found[: len(parts)])], found[len(parts) :]


def softmax(logits: Reals) -> Floats:
    """Return probabilities, float32 [n, classes]."""
    return np.exp(log_softmax(logits)).astype(np.float32)


def log_softmax(logits: Reals) -> Reals:
    """Return the logarithms of probabilities, float64 [n, classes]."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms: Reals = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logarithms


def tempered(probabilities: Floats, temperature: float) -> Floats:
    """Return the probabilities [n, classes] of the same logits divided by ``temperature``."""
    answers = np.empty_like(probabilities)
    for rows in _pieces(probabilities):
        answers[rows] = softmax(logits_of(probabilities[rows]) / temperature)
    return answers


def _pieces(answers: Floats) -> list[slice]:
    """Return the documents of answers [n, classes] in pieces of about ``PIECE`` numbers."""
    documents, classes = answers.shape
    size = max(1, PIECE // classes)
    return [slice(first, first + size) for first in range(0, documents, size)]


def _smoothed(labels: Ids, classes: int, documents: int) -> Reals:
    """Return a row of probabilities for each label, which keeps one in n + 2 for the others.

    documents: n, of which these may be some.
    """
    rest = 1 / (documents + 2)
    targets = np.full((len(labels), classes), rest / max(classes - 1, 1))
    targets[np.arange(len(labels)), labels] = 1 - rest
    return targets


def logits_of(probabilities: Floats) -> Reals:
    """Return logits, but for a constant in each row, which no softmax notices."""
    # Not what a loss may be made of: a hot temperature brings very small ones back.
    return np.log(np.maximum(probabilities.astype(np.float64), np.finfo(np.float32).tiny))
