"""The arrays that pass between the parts of the program."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
# Numbers of documents, for which four bytes are enough; there may be millions.
Numbers = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]
# What becomes of each byte, see token_table.c.
Rules = npt.NDArray[np.uint16]
# Arrays of any type by name.
State = dict[str, npt.NDArray[Any]]

_CACHE_LINE = 64


def aligned(shape: tuple[int, ...], kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return an array, not initialised, that begins at a cache line, as large ones do not else.

    For rows that kernels read often: each of the widest vectors would lie across two lines, and
    loops took a tenth to a quarter longer.
    """
    size = math.prod(shape) * np.dtype(kind).itemsize
    memory = np.empty(size + _CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % _CACHE_LINE
    return memory[start : start + size].view(kind).reshape(shape)


def aligned_copy(array: Floats) -> Floats:
    """Return a copy that begins at a cache line; see ``aligned``."""
    copy = aligned(array.shape, array.dtype)
    copy[...] = array
    return copy
