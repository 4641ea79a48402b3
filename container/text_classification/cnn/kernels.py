"""The compiled kernels on NumPy arrays: no copies, no interpreter lock, all cores.

Where the package was built without a compiler the twins do the same, slower. Each function
checks types, shapes and ids before C sees them, and raises ``ValueError``.
"""

import ctypes
import logging
from collections.abc import Sequence
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.cnn import twins
from text_classification.cnn.configuration import Floats
from text_classification.cnn.parallel import each_part
from text_classification.corpus.encoded import Ids, Indices

# The most rows that a window may have; see WIDEST in kernels.c.
WIDEST = 64

log = logging.getLogger(__name__)

_INT, _FLOAT, _ARRAY = ctypes.c_int64, ctypes.c_float, ctypes.c_void_p
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "distinct_ids": (_ARRAY, _INT, _ARRAY, _ARRAY, _ARRAY),
    "pool_forward": (*(_ARRAY,) * 3, _INT, _INT, _ARRAY, _INT, _INT, *(_ARRAY,) * 3),
    "pool_backward": (
        *(_ARRAY,) * 4,
        _INT,
        _ARRAY,
        _INT,
        _INT,
        *(_ARRAY,) * 2,
        *(_INT,) * 3,
        *(_ARRAY,) * 2,
    ),
    "adam_rows": (*(_ARRAY,) * 5, *(_INT,) * 3, *(_FLOAT,) * 4),
}


def library_paths() -> list[Path]:
    """Return where this interpreter's build of the package puts the compiled kernels."""
    return [Path(__file__).with_name(f"_kernels{suffix}") for suffix in EXTENSION_SUFFIXES]


@cache
def library() -> ctypes.CDLL | None:
    """Return the compiled kernels, or None, told once, where there are none."""
    for path in library_paths():
        if path.is_file():
            compiled = ctypes.CDLL(str(path))
            for name, arguments in _SIGNATURES.items():
                function = getattr(compiled, name)
                function.argtypes = arguments
                function.restype = _INT if name == "distinct_ids" else None
            return compiled
    log.warning("the kernels are not compiled here: NumPy does their work, slower")
    return None


def distinct_ids(ids: Ids, table: Ids) -> tuple[Ids, Ids]:
    """Return the distinct ids, int32 [distinct], and the number of each id among them, [n].

    table: int32 [vocabulary], all -1, and left so; it makes the time independent of its size.
    """
    compiled = library()
    _check_indices(ids, len(table))
    if compiled is None:
        return twins.distinct_ids(ids)
    found, positions = np.empty_like(ids), np.empty_like(ids)
    count = compiled.distinct_ids(
        _pointer(ids, np.int32),
        len(ids),
        _pointer(table, np.int32),
        *map(_address, (found, positions)),
    )
    return found[:count], positions


def pool_forward(
    projected: Floats,
    positions: Ids,
    offsets: Indices,
    widths: Sequence[int],
    filters: int,
    *,
    threads: int,
) -> tuple[Floats, Ids]:
    """Return the maximum over time of every filter and where it was; see ``twins``."""
    _check_convolutions(projected.shape[1], widths, filters)
    _check_documents(positions, offsets, widths, len(projected))
    compiled = library()
    if compiled is None:
        return twins.pool_forward(projected, positions, offsets, widths, filters)
    documents = len(offsets) - 1
    best = np.empty((documents, len(widths) * filters), np.float32)
    where = np.empty(best.shape, np.int32)
    sizes = np.array(widths, np.int32)
    arrays = (
        _pointer(projected, np.float32),
        _pointer(positions, np.int32),
        _pointer(offsets, np.int64),
    )

    def work(first: int, last: int) -> None:
        sums = np.empty(filters, np.float32)
        results = map(_address, (best, where, sums))
        compiled.pool_forward(*arrays, first, last, _address(sizes), len(sizes), filters, *results)

    each_part(work, documents, threads)
    return best, where


def pool_backward(
    gradient: Floats,
    where: Ids,
    positions: Ids,
    offsets: Indices,
    widths: Sequence[int],
    embedded: Floats,
    kernels: Floats,
    *,
    threads: int,
) -> tuple[Floats, Floats]:
    """Return the gradients of the embedded tokens and of the kernels; see ``twins``."""
    documents, size = len(offsets) - 1, embedded.shape[1]
    filters = gradient.shape[1] // len(widths)
    _check_convolutions(len(kernels), widths, filters)
    _check_documents(positions, offsets, widths, len(embedded))
    if gradient.shape != where.shape or len(gradient) != documents or kernels.shape[1] != size:
        raise ValueError("the gradient does not have the shape of the forward pass")
    compiled = library()
    if compiled is None:
        return twins.pool_backward(gradient, where, positions, offsets, widths, embedded, kernels)
    results = np.zeros_like(embedded), np.zeros_like(kernels)
    sizes = np.array(widths, np.int32)
    inputs = (
        _pointer(gradient, np.float32),
        _pointer(where, np.int32),
        _pointer(positions, np.int32),
        _pointer(offsets, np.int64),
    )
    operands = _pointer(embedded, np.float32), _pointer(kernels, np.float32)
    shape = documents, _address(sizes), len(sizes), filters

    def work(first: int, last: int) -> None:
        compiled.pool_backward(
            *inputs, *shape, *operands, size, first, last, *map(_address, results)
        )

    each_part(work, size, threads)
    return results


def adam_rows(
    weights: Floats,
    mean: Floats,
    square: Floats,
    gradient: Floats,
    ids: Ids,
    rate: float,
    mean_share: float,
    square_share: float,
    epsilon: float,
    *,
    threads: int,
) -> None:
    """Update rows of weights and moments in place by Adam; see ``twins``."""
    _check_indices(ids, len(weights))
    if not weights.shape == mean.shape == square.shape or gradient.shape != (
        len(ids),
        weights.shape[1],
    ):
        raise ValueError("weights, moments and gradient do not fit together")
    compiled = library()
    constants = rate, mean_share, square_share, epsilon
    if compiled is None:
        twins.adam_rows(weights, mean, square, gradient, ids, *constants)
        return
    arrays = [_pointer(array, np.float32) for array in (weights, mean, square, gradient)]

    def work(first: int, last: int) -> None:
        compiled.adam_rows(
            *arrays, _pointer(ids, np.int32), first, last, weights.shape[1], *constants
        )

    each_part(work, len(ids), threads)


def _address(array: npt.NDArray[Any]) -> int:
    return array.ctypes.data


def _pointer(array: npt.NDArray[Any], kind: npt.DTypeLike) -> int:
    """Return the address of an array, once it is known to be what C takes it for."""
    if array.dtype != kind or not array.flags.c_contiguous:
        raise ValueError(f"an array is {array.dtype} or not contiguous, where {kind!r} is needed")
    return _address(array)


def _check_indices(indices: npt.NDArray[Any], size: int) -> None:
    if len(indices) and not 0 <= indices.min() <= indices.max() < size:
        raise ValueError(f"an id is not in [0, {size})")


def _check_convolutions(rows: int, widths: Sequence[int], filters: int) -> None:
    if not all(0 < width <= WIDEST for width in widths) or rows != sum(widths) * filters:
        raise ValueError("the convolutions do not have the widths and filters they are said to")


def _check_documents(positions: Ids, offsets: Indices, widths: Sequence[int], size: int) -> None:
    _check_indices(positions, size)
    if offsets[0] != 0 or offsets[-1] != len(positions) or np.diff(offsets).min() < max(widths):
        raise ValueError("a document is shorter than the widest kernel, or offsets do not fit")
