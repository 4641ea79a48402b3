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
        *((name, ctypes.c_void_p) for name in ("scales", "weights", "biases", "duals", "lengths")),
        *((name, ctypes.c_int64) for name in ("documents", "classes", "stride")),
        ("slack", ctypes.c_float),
    )


def rows(features: int, classes: int) -> Floats:
    """Return numbers of features and classes, float32 [features, classes], all of them 0.

    No row lies across two lines of the cache.
    """
    found = aligned((features, _stride(classes)), np.float32)
    found.fill(0)
    return found[:, :classes]


def count_classes(features: Ids, offsets: Indices, labels: Ids, counts: Floats) -> None:
    """Add how many documents of each class have each feature.

    features, offsets, labels: as of a slice; counts: float32 [features, classes], of ``rows``.
    Raises ``ValueError`` where these do not fit together.
    """
    _check_documents(features, offsets, labels)
    check_indices(features, len(counts))
    compiled = library()
    if compiled is None:
        reference.count_classes(features, offsets, labels, counts)
        return
    arrays = (features, np.int32), (offsets, np.int64), (labels, np.int32)
    sizes = len(labels), counts.shape[1], _stride(counts.shape[1])
    compiled.count_classes(*(pointer(*each) for each in arrays), *sizes, _rows_at(counts))


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
        start: tuple[Floats, Floats] | None = None,
    ) -> None:
        """Take documents: document d has ``features[offsets[d]:offsets[d + 1]]``, and their values.

        labels: the class of each document in this slice, or any other number; shape: features and
        classes; cost: the C of a support vector machine; scales: float32 [features, classes], of
        ``rows``, by which the squares of a feature's values are multiplied in a class; start:
        weights, of ``rows``, and biases that other documents have led to, and which these change.
        Raises ``ValueError`` where these do not fit together.
        """
        documents, (size, classes) = len(offsets) - 1, shape
        if not 0 < classes <= MOST_CLASSES:
            raise ValueError(f"a slice has 1 to {MOST_CLASSES} classes, not {classes}")
        _check_documents(features, offsets, labels)
        if len(values) != len(features) or (scales is not None and scales.shape != shape):
            raise ValueError("values or scales do not fit the features")
        check_indices(features, size)
        self.values, self.features, self.offsets = values, features, offsets
        self.labels, self.scales = labels, scales
        self.slack = 1 / (2 * cost)
        self.weights, self.biases = start or (rows(*shape), np.zeros(classes, np.float32))
        if self.weights.shape != shape or self.biases.shape != (classes,):
            raise ValueError("the weights to start from do not fit the features")
        self.duals: Floats = np.zeros((documents, classes), np.float32)
        self._lengths: Floats = np.empty((documents, classes), np.float32)
        self._described = _Slice(
            pointer(values, np.float32),
            pointer(features, np.int32),
            pointer(offsets, np.int64),
            pointer(labels, np.int32),
            None if scales is None else _rows_at(scales),
            _rows_at(self.weights),
            *(pointer(each, np.float32) for each in (self.biases, self.duals, self._lengths)),
            documents,
            classes,
            _stride(classes),
            self.slack,
        )
        compiled = library()
        if compiled:
            compiled.svm_lengths(ctypes.byref(self._described))

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


def _check_documents(features: Ids, offsets: Indices, labels: Ids) -> None:
    whole = len(offsets) > 0 and offsets[0] == 0 and (np.diff(offsets) >= 0).all()
    if not whole or len(features) != offsets[-1]:
        raise ValueError("the offsets of documents do not fit their features")
    if len(labels) != len(offsets) - 1:
        raise ValueError("the labels do not fit the documents")


def _stride(classes: int) -> int:
    """Return how far the rows of so many classes are apart: a power of two."""
    return 1 << (classes - 1).bit_length()


def _rows_at(array: Floats) -> int:
    """Return the address of numbers that ``rows`` has made room for."""
    size = array.itemsize
    if array.dtype != np.float32 or array.strides != (size * _stride(array.shape[1]), size):
        raise ValueError("an array is not laid out in rows of float32")
    return array.ctypes.data
