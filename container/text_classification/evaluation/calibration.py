"""Whether probabilities mean what they say, and a temperature that makes them.

Guo, Pleiss, Sun and Weinberger 2017, On Calibration of Modern Neural Networks (ICML).
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from text_classification.kernels.arrays import Floats, Ids

# Probabilities are kept away from 0, where the logarithm has no value.
SMALLEST_PROBABILITY = 1e-12
BINS = 15
# A model is never taken to be a hundred times too sure or too unsure of itself.
COLDEST, HOTTEST = 0.01, 100.0


def calibration_error(labels: Ids, probabilities: Floats) -> float:
    """Return the expected calibration error of ``probabilities`` [n, classes], in [0, 1].

    Answers are put into 15 bins by their confidence; it is the mean distance between confidence
    and accuracy, each bin counting by its answers.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(labels))


def fit_temperature(labels: Ids, probabilities: Floats) -> float:
    """Return the temperature at which ``probabilities`` [n, classes] have the smallest loss.

    The labels are smoothed a little, as Platt 1999 does (Probabilistic Outputs for Support Vector
    Machines): where a model makes no mistake, the plain loss has no minimum.
    """
    logits = _logits(probabilities)
    targets = _smoothed(labels, probabilities.shape[1])

    def loss(logarithm: float) -> float:
        scaled = logits / np.exp(logarithm)
        scaled -= scaled.max(axis=1, keepdims=True)
        logarithms = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-(targets * logarithms).sum() / len(labels))

    bounds = np.log(COLDEST), np.log(HOTTEST)
    found = minimize_scalar(loss, bounds=bounds, method="bounded")
    # As they are, if that is no worse: the search ends beside the minimum, not in it.
    return float(np.exp(found.x)) if found.fun < loss(0.0) else 1.0


def tempered(probabilities: Floats, temperature: float) -> Floats:
    """Return the probabilities [n, classes] of the same logits divided by ``temperature``."""
    scaled = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)) / np.float32(temperature)
    scaled -= scaled.max(axis=1, keepdims=True)
    exponentials: Floats = np.exp(scaled)
    exponentials /= exponentials.sum(axis=1, keepdims=True)
    return exponentials


def _smoothed(labels: Ids, classes: int) -> npt.NDArray[np.float64]:
    """Return a row of probabilities for each label, which keeps one in n + 2 for the others."""
    rest = 1 / (len(labels) + 2)
    targets = np.full((len(labels), classes), rest / max(classes - 1, 1))
    targets[np.arange(len(labels)), labels] = 1 - rest
    return targets


def _logits(probabilities: Floats) -> npt.NDArray[np.float64]:
    """Return logits, but for a constant in each row, which no softmax notices."""
    return np.log(np.maximum(probabilities.astype(np.float64), SMALLEST_PROBABILITY))
