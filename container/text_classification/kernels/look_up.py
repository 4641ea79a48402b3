"""The kernels of look_up.c: features and scores of documents from the tables of a served model."""

import ctypes
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.kernels import reference
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.kernels.convolution import check_convolutions, check_documents, unsound
from text_classification.kernels.library import address, library_for, pointer

# Rows of tables: quantized numbers, or the numbers themselves.
Cells = npt.NDArray[np.int8] | Floats


class _Tables(ctypes.Structure):
    """A model as look_up.c reads it."""

    _fields_ = (
        ("table", ctypes.c_void_p),
        ("rows", ctypes.c_int64),
        ("widths", ctypes.c_void_p),
        *((name, ctypes.c_int64) for name in ("count", "widest", "filters")),
        *((name, ctypes.c_void_p) for name in ("scales", "biases", "dense", "bias")),
        ("classes", ctypes.c_int64),
    )


class LookUp:
    """A served model's tables, checked and laid down for C once, so that a document is one call.

    It is not changed by use, so threads and processes may share it.
    """

    def __init__(
        self,
        table: Cells,
        widths: Sequence[int],
        scales: Floats,
        biases: Floats,
        *,
        dense: Floats,
        bias: Floats,
    ) -> None:
        """Take the arrays of a model, the first ones as ``reference.look_up`` has them.

        dense: float32 [features, classes]; bias: [classes]. Raises ``ValueError`` where they do
        not fit together.
        """
        filters = len(scales) // len(widths)
        check_convolutions(table.shape[1], widths, filters)
        if (
            scales.shape != (len(widths) * filters,)
            or biases.shape != scales.shape
            or dense.shape != (*scales.shape, *bias.shape)
        ):
            raise ValueError("the tables' parts do not have the shapes of one model")
        self._parts = table, tuple(widths), scales, biases
        self._dense, self._bias = dense, bias
        self._kind = np.int8 if table.dtype == np.int8 else np.float32
        # Kept with the others: C reads them wherever they are.
        self._sizes, self._shares = np.array(widths, np.int32), np.ascontiguousarray(dense.T)
        self._tables = _Tables(
            pointer(table, self._kind),
            len(table),
            pointer(self._sizes, np.int32),
            len(widths),
            max(widths),
            filters,
            *(pointer(each, np.float32) for each in (scales, biases, self._shares, bias)),
            len(bias),
        )
        self._tables_at = ctypes.addressof(self._tables)
        self._name = "look_up_int8" if self._kind is np.int8 else "look_up_float32"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy by laying down anew: the addresses are those of this object's arrays."""
        return partial(LookUp, dense=self._dense, bias=self._bias), self._parts

    def features(self, rest: Cells, ids: Ids, offsets: Indices) -> Floats:
        """Return the features of documents: float32 [documents, features]; see ``reference``."""
        return self._look_up(rest, ids, offsets, scoring=False)

    def scores(self, rest: Cells, ids: Ids, offsets: Indices) -> Floats:
        """Return the softmax of the logits of documents: float32 [documents, classes]."""
        return self._look_up(rest, ids, offsets, scoring=True)

    def _look_up(self, rest: Cells, ids: Ids, offsets: Indices, *, scoring: bool) -> Floats:
        table, widths, scales, biases = self._parts
        size = len(table) + len(rest)
        if len(rest) and rest.shape[1] != table.shape[1]:
            raise ValueError("the rest does not have the columns of the table")
        numbers = len(ids) * table.shape[1] + len(offsets) * self._dense.size
        compiled = library_for(numbers)
        if compiled is None:
            check_documents(ids, offsets, widths, size)
            features = reference.look_up(table, rest, ids, offsets, widths, scales, biases)
            return reference.softmax(features @ self._dense, self._bias) if scoring else features
        documents = len(offsets) - 1
        results = np.empty((max(0, documents), len(self._bias if scoring else scales)), np.float32)
        sound = documents >= 0 and getattr(compiled, self._name)(
            self._tables_at,
            pointer(rest, self._kind) if len(rest) else None,
            len(rest),
            pointer(ids, np.int32),
            len(ids),
            pointer(offsets, np.int64),
            documents,
            scoring,
            address(results),
        )
        if not sound:
            raise unsound(size)
        return results
