"""Find the compiled kernels, and hand arrays over to them."""

import ctypes
import logging
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

log = logging.getLogger(__name__)

_INT, _FLOAT, _ARRAY = ctypes.c_int64, ctypes.c_float, ctypes.c_void_p
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "distinct_ids": (_ARRAY, _INT, *(_ARRAY,) * 3),
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
    "documents_fit": (_ARRAY, _ARRAY, *(_INT,) * 4),
    "adam_rows": (*(_ARRAY,) * 5, *(_INT,) * 3, *(_FLOAT,) * 4),
    "look_up_int8": (*(_ARRAY,) * 2, _INT, _ARRAY, _INT, _ARRAY, _INT, _INT, _ARRAY),
    "look_up_float32": (*(_ARRAY,) * 2, _INT, _ARRAY, _INT, _ARRAY, _INT, _INT, _ARRAY),
    "softmax": (*(_ARRAY,) * 2, *(_INT,) * 2),
    "index_tokens": (_ARRAY, _INT),
    "index_pairs": (_ARRAY, _INT),
    "ngram_logits": (*(_ARRAY,) * 4, _INT, *(_ARRAY,) * 5),
    "encode_documents": (*(_ARRAY,) * 2, *(_INT,) * 4, *(_ARRAY,) * 2),
    "ids_fit": (_ARRAY, *(_INT,) * 2),
    "count_tokens": (_ARRAY, *(_INT,) * 2, *(_ARRAY,) * 2),
    "count_pairs": (_ARRAY, *(_INT,) * 2, _ARRAY),
    "write_features": (*(_ARRAY,) * 2, *(_INT,) * 2, *(_ARRAY,) * 4),
    "count_classes": (*(_ARRAY,) * 3, *(_INT,) * 3, _ARRAY),
    "svm_lengths": (_ARRAY,),
    "svm_pass": (*(_ARRAY,) * 2, _INT, *(_ARRAY,) * 2),
    "number_tokens": (_ARRAY,) * 2,
    "index_numbered": (_ARRAY,),
    "split_records": (_ARRAY,),
}
_COUNTING = (
    "distinct_ids",
    "documents_fit",
    "encode_documents",
    "ids_fit",
    "index_pairs",
    "index_tokens",
    "look_up_float32",
    "look_up_int8",
    "number_tokens",
    "split_records",
    "svm_pass",
    "write_features",
)
# Kernels read so many numbers of tables in about a tenth of a millisecond.
FEW_NUMBERS = 1 << 19
_START = ctypes.c_char * 0


def library_paths() -> list[Path]:
    """Return where this interpreter's build of the package puts the compiled kernels."""
    return [Path(__file__).with_name(f"_compiled{suffix}") for suffix in EXTENSION_SUFFIXES]


@cache
def library(*, quick: bool = False) -> ctypes.CDLL | None:
    """Return the compiled kernels, or None, told once, where there are none.

    quick: for work on ``FEW_NUMBERS``. No other thread runs meanwhile: to hand over the interpreter
    and to wait for it again would take longer than the work.
    """
    # Both or none, also where they are compiled meanwhile: kernels read what kernels prepared.
    if quick and library() is None:
        return None
    for path in library_paths():
        if path.is_file():
            compiled = (ctypes.PyDLL if quick else ctypes.CDLL)(str(path))
            for name, arguments in _SIGNATURES.items():
                function = getattr(compiled, name)
                function.argtypes = arguments
                function.restype = _INT if name in _COUNTING else None
            return compiled
    if not quick:
        log.warning("the kernels are not compiled here: NumPy does their work, slower")
    return None


def library_for(numbers: int) -> ctypes.CDLL | None:
    """Return the compiled kernels for work on so many numbers, or None where there are none."""
    return library(quick=True) if numbers <= FEW_NUMBERS else library()


def address(array: npt.NDArray[Any]) -> int:
    """Return where a contiguous array's numbers lie; for arrays that were made beside the call."""
    try:
        # Through the buffer protocol it takes a fifth of the time of array.ctypes.
        return ctypes.addressof(_START.from_buffer(array.data))
    except TypeError:  # read-only
        return array.ctypes.data


def pointer(array: npt.NDArray[Any], kind: type[np.generic]) -> int:
    """Return the address of an array, once it is known to be what C takes it for."""
    if array.dtype != kind or not array.flags.c_contiguous:
        raise ValueError(f"an array is {array.dtype} or not contiguous, where {kind!r} is needed")
    return address(array)


def check_indices(indices: npt.NDArray[np.integer[Any]], size: int) -> None:
    """Raise ``ValueError`` unless all indices lie in [0, size)."""
    if len(indices) and not 0 <= indices.min() <= indices.max() < size:
        raise ValueError(f"an id is not in [0, {size})")
