"""What linear_svm.c computes, in a few lines of NumPy; for where no compiler was found."""

from typing import TYPE_CHECKING

import numpy as np

from text_classification.kernels.arrays import Floats, Ids, Indices

if TYPE_CHECKING:
    from text_classification.kernels.linear_svm import SvmSlice

# As in linear_svm.c.
NOTHING = 1e-6


def descend(machines: "SvmSlice", order: Ids) -> tuple[Ids, float]:
    """Take a step for each document, one after the other; see ``SvmSlice.descend``."""
    numbers = np.arange(len(machines.biases))
    moved, worst = [], 0.0
    for document in order.tolist():
        own = slice(*machines.offsets[document : document + 2].tolist())
        features, values = machines.features[own], machines.values[own]
        signs = np.where(numbers == machines.labels[document], np.float32(1), np.float32(-1))
        scales = np.float32(1) if machines.scales is None else machines.scales[features]
        dual = machines.duals[document]
        scores = machines.biases + values @ machines.weights[features]
        gradient = signs * scores - 1 + np.float32(machines.slack) * dual
        violation = np.where((dual == 0) & (gradient > 0), 0, np.abs(gradient))
        worst = max(worst, float(violation.max()))
        squares = (values[:, None] ** 2 * scales).sum(axis=0)
        target = np.maximum(dual - gradient / (1 + np.float32(machines.slack) + squares), 0)
        steps = signs * np.where(violation > NOTHING, target - dual, 0)
        if steps.any():
            machines.duals[document] += signs * steps
            machines.biases[:] += steps
            # A document has each feature once.
            machines.weights[features] += values[:, None] * scales * steps
            moved.append(document)
    return np.array(moved, np.int32), worst


def count_classes(features: Ids, offsets: Indices, labels: Ids, counts: Floats) -> None:
    """Add how many documents of each class have each feature; see ``linear_svm``."""
    for document, label in enumerate(labels.tolist()):
        if 0 <= label < counts.shape[1]:
            counts[features[offsets[document] : offsets[document + 1]], label] += 1
