"""How much a training document counts, by its class."""

import numpy as np

from text_classification.kernels.arrays import Floats, Ids


def balanced_weights(labels: Ids, classes: int) -> Floats:
    """Return n / (classes * count) for each class, so that all weigh the same: float32 [C].

    labels: int32 [n], those of the training documents; the mean over them is 1.

    >>> balanced_weights(np.array([0, 0, 0, 1], np.int32), 2).round(3).tolist()
    [0.667, 2.0]
    """
    counts = np.bincount(labels, minlength=classes)
    # A class without documents is never asked for.
    return (len(labels) / (classes * np.maximum(counts, 1))).astype(np.float32)
