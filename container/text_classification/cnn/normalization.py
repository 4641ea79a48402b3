"""Batch normalisation of the pooled features (Ioffe and Szegedy 2015), as Keras computes it.

In training the features of a batch get mean 0 and variance 1, then a factor and an offset that are
learned. For answers, moving averages take the batch's place: each feature is multiplied by a number
and moved by another, which the dense layer behind it can do as well. So trained weights have it
folded into that layer, and whatever reads them needs to know nothing of it.
"""

import numpy as np

from text_classification.cnn.base_configuration import Weights
from text_classification.kernels.arrays import Floats, State

# How much of a moving average stays at each step, and what is added to a variance.
MOMENTUM = 0.9
EPSILON = 1e-3
# The variance with which features stay as they are: where training starts.
NEUTRAL_VARIANCE = 1 - EPSILON


def fold(weights: Weights, gamma: Floats, beta: Floats, mean: Floats, variance: Floats) -> Weights:
    """Return weights whose dense layer does what it did behind a normalisation, each [features]."""
    kernel = weights["dense.kernel"]
    factor = gamma / np.sqrt(variance + np.float32(EPSILON))
    return {
        **weights,
        "dense.kernel": kernel * factor[:, None],
        "dense.bias": weights["dense.bias"] + (beta - mean * factor) @ kernel,
    }


class Normalization:
    """The normalisation of a model in training, in NumPy; every array is float32 [features].

    learned: the factor and the offset; averages: what stands for the batch in answers.
    """

    def __init__(self, features: int) -> None:
        self.learned: Weights = {
            "normalization.gamma": np.ones(features, np.float32),
            "normalization.beta": np.zeros(features, np.float32),
        }
        self.averages: Weights = {
            "normalization.mean": np.zeros(features, np.float32),
            "normalization.variance": np.full(features, NEUTRAL_VARIANCE, np.float32),
        }
        self._batch = self._deviation = np.empty(0, np.float32)

    def train(self, features: Floats) -> Floats:
        """Return a batch normalised by itself, [B, features], and let the averages move."""
        mean, variance = features.mean(axis=0), features.var(axis=0)
        for name, now in zip(self.averages, (mean, variance), strict=True):
            self.averages[name] += (now - self.averages[name]) * np.float32(1 - MOMENTUM)
        self._deviation = np.sqrt(variance + np.float32(EPSILON))
        self._batch = (features - mean) / self._deviation
        gamma, beta = self.learned.values()
        return self._batch * gamma + beta

    def gradients(self, gradient: Floats) -> tuple[Floats, Weights]:
        """Return the gradients of the batch's features and of what is learned.

        gradient: [B, features], that of what ``train`` last returned.
        """
        gamma, beta = self.learned
        learned = {gamma: (gradient * self._batch).sum(axis=0), beta: gradient.sum(axis=0)}
        inward = gradient - (learned[beta] + self._batch * learned[gamma]) / len(gradient)
        return inward * (self.learned[gamma] / self._deviation), learned

    def folded(self, weights: Weights) -> Weights:
        """Return weights with this folded into the dense layer."""
        return fold(weights, *self.learned.values(), *self.averages.values())

    def get_state(self) -> State:
        """Return copies of all arrays."""
        return {
            name: array.copy() for name, array in (*self.learned.items(), *self.averages.items())
        }

    def set_state(self, state: State) -> None:
        """Go on from arrays that ``get_state`` returned."""
        for arrays in (self.learned, self.averages):
            for name in arrays:
                arrays[name] = state[name].copy()
