"""The kernel of linear_svm.c: support vector machines of several classes, trained together."""

import ctypes

import numpy as np

from text_classification.kernels import linear_svm_reference as reference
from text_classification.kernels.arrays import Floats, Ids, Indices, aligned
from text_classification.kernels.library import address, check_indices, library, pointer

# The most classes that are trained together; see MOST_CLASSES in linear_svm.c.
MOST_CLASSES = 16


class _Slice(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("values", "features", "offsets", "labels")),
        *((name, ctypes.c_void_p) for name in ("scales", "weights", "biases", "duals")),
        ("classes", ctypes.c_int64),
        ("slack", ctypes.c_float),
    )


class SvmSlice:
    """Some classes against all others, on the way to the best weights.

    weights: float32 [features, classes]; biases: float32 [classes]; duals: float32
    [documents, classes]; all of them 0 at first, and changed by ``descend``.
    """

    def __init__(  # noqa: PLR0913 - documents, and how they are learned from
        self,
        values: Floats,
        features: Ids,
        offsets: Indices,
        labels: Ids,
        shape: tuple[int, int],
        *,
        cost: float,
        scales: Floats | None = None,
    ) -> None:
        """Take documents: document d has ``features[offsets[d]:offsets[d + 1]]``, and their values.

        labels: the class of each document in this slice, or any other number; shape: features and
        classes; cost: the C of a support vector machine; scales: float32 [features, classes], by
        which the squares of a feature's values are multiplied in a class.
        Raises ``ValueError`` where these do not fit together.
        """
        documents, (size, classes) = len(offsets) - 1, shape
        if not 0 < classes <= MOST_CLASSES:
            raise ValueError(f"a slice has 1 to {MOST_CLASSES} classes, not {classes}")
        whole = documents >= 0 and offsets[0] == 0 and (np.diff(offsets) >= 0).all()
        if not whole or not len(values) == len(features) == offsets[-1]:
            raise ValueError("the offsets of documents do not fit their features")
        if len(labels) != documents or (scales is not None and scales.shape != shape):
            raise ValueError("labels or scales do not fit the documents")
        check_indices(features, size)
        self.values, self.features, self.offsets = values, features, offsets
        self.labels, self.scales = labels, scales
        self.slack = 1 / (2 * cost)
        self.weights: Floats = aligned(shape, np.float32)
        self.weights.fill(0)
        self.biases: Floats = np.zeros(classes, np.float32)
        self.duals: Floats = np.zeros((documents, classes), np.float32)
        self._described = _Slice(
            pointer(values, np.float32),
            pointer(features, np.int32),
            pointer(offsets, np.int64),
            pointer(labels, np.int32),
            None if scales is None else pointer(scales, np.float32),
            *map(address, (self.weights, self.biases, self.duals)),
            classes,
            self.slack,
        )

    def descend(self, order: Ids) -> tuple[Ids, float]:
        """Take a step for each document, one after the other.

        order: int32, the documents. Returns those whose step was more than rounding, and the
        largest gradient that there was to follow.
        """
        check_indices(order, len(self.labels))
        compiled = library()
        if compiled is None:
            return reference.descend(self, order)
        moved, violations = np.empty_like(order), np.zeros(len(self.biases), np.float32)
        arrays = pointer(order, np.int32), len(order), *map(address, (moved, violations))
        count = compiled.svm_pass(ctypes.byref(self._described), *arrays)
        return moved[:count], float(violations.max())
