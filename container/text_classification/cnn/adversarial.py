"""Adversarial training: a step's documents are learned from twice.

Miyato, Dai and Goodfellow 2017, Adversarial Training Methods for Semi-Supervised Text
Classification (ICLR). The second time the vectors of their tokens are moved in the direction in
which the loss grows the fastest. A token of several documents is moved once, the same for all: so
what is moved are rows of the embedding, and a step costs no more than two. The move is measured by
the vectors themselves, since pretrained ones are long and drawn ones are short.
"""

from dataclasses import dataclass

import numpy as np

from text_classification.kernels.arrays import Floats

# Where nothing changes the loss there is no direction.
TINY = 1e-12


@dataclass(frozen=True)
class Gradients:
    """The gradients of a batch's mean loss.

    embedded: float32 [U, D], of the rows of the batch's distinct tokens; own: of all other arrays.
    """

    embedded: Floats
    own: dict[str, Floats]

    def mean(self, other: "Gradients") -> "Gradients":
        """Return the gradients of the mean of two losses."""
        half = np.float32(0.5)
        own = {name: half * (array + other.own[name]) for name, array in self.own.items()}
        return Gradients(half * (self.embedded + other.embedded), own)


def moved(embedded: Floats, gradient: Floats, size: float, documents: int) -> Floats:
    """Return the rows of U tokens, moved to where the loss is larger: float32 [U, D].

    size: how far, for each document, in lengths of a row.
    """
    length = np.sqrt(_square(embedded) / len(embedded))
    step = size * length * np.sqrt(documents) / max(np.sqrt(_square(gradient)), TINY)
    return embedded + np.float32(step) * gradient


def _square(array: Floats) -> float:
    # Not by BLAS, whose sum depends on the number of threads.
    return float(np.square(array).sum(dtype=np.float64))
