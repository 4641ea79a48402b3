"""kernels/library.py: how arrays are handed over to C."""

import ctypes
import logging
import sys

import numpy as np
import pytest

from tests.support.skipping import skip
from tests.unit.helpers import without_compiled_kernels
from text_classification.kernels.library import (
    FEW_NUMBERS,
    address,
    check_indices,
    library,
    library_for,
    library_paths,
    pointer,
)


def read_only(array: np.ndarray) -> np.ndarray:
    """Return an array that may not be written, as one over a file's bytes."""
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "array",
    [
        np.arange(5),
        np.arange(12, dtype=np.float32).reshape(3, 4),
        np.arange(12, dtype=np.int8)[5:],
        read_only(np.arange(5, dtype=np.int32)),
        np.frombuffer(b"text", np.uint8),
        np.zeros(0, np.int32),
        np.zeros((0, 4), np.float32),
        np.zeros((3, 0), np.float32),
        np.frombuffer(b"", np.uint8),
    ],
    ids=lambda array: f"{array.dtype} {array.shape} {array.flags.writeable}",
)
def test_address_is_where_the_numbers_lie(array: np.ndarray) -> None:
    """Of arrays that may be written or not, of parts of others, and of empty ones."""
    place = address(array)
    assert place == array.__array_interface__["data"][0]
    assert ctypes.string_at(place, array.nbytes) == array.tobytes()


def test_address_keeps_no_hold_on_the_array() -> None:
    """Its memory is given back when the caller lets go of it."""
    array = np.arange(5)
    before = sys.getrefcount(array)
    address(array)
    assert sys.getrefcount(array) == before


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(4, np.int64),
        np.zeros(4, np.uint32),
        np.zeros(4, ">i4"),
        np.zeros(8, np.int32)[::2],
        np.zeros((2, 3), np.int32).T,
    ],
    ids=lambda array: f"{array.dtype.str} {array.strides}",
)
def test_array_that_c_would_misread_is_refused(array: np.ndarray) -> None:
    """Another kind of number, another order of bytes, gaps between the numbers."""
    with pytest.raises(ValueError, match="not contiguous"):
        pointer(array, np.int32)
    good = np.zeros(4, np.int32)
    assert pointer(good, np.int32) == address(good)


def test_indices_lie_in_their_range() -> None:
    """From 0 to below the size; no indices lie anywhere."""
    check_indices(np.array([0, 4, 2], np.int32), 5)
    check_indices(np.zeros(0, np.int32), 0)
    for wrong in ([0, 5], [-1, 3], [2**31 - 1], [-(2**31)]):
        with pytest.raises(ValueError, match=r"not in \[0, 5\)"):
            check_indices(np.array(wrong, np.int32), 5)


def test_missing_library_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """However often it is asked for; and it is found again where it is."""
    if library() is None:
        skip("the kernels are not compiled: make kernels needs a C compiler")
    with caplog.at_level(logging.WARNING), without_compiled_kernels():
        assert library() is None
        assert library() is None
        assert library_for(FEW_NUMBERS) is None
        assert library_for(FEW_NUMBERS + 1) is None
    assert len(caplog.messages) == 1
    assert library() is not None


def test_little_work_keeps_the_interpreter() -> None:
    """To hand it over and to wait for it would take longer."""
    if library() is None:
        skip("the kernels are not compiled: make kernels needs a C compiler")
    assert isinstance(library_for(FEW_NUMBERS), ctypes.PyDLL)
    assert not isinstance(library_for(FEW_NUMBERS + 1), ctypes.PyDLL)


def test_kernels_that_appear_later_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reference has prepared is not read by a kernel: its answers would be wrong."""
    if library() is None:
        skip("the kernels are not compiled: make kernels needs a C compiler")
    compiled = library_paths()
    with without_compiled_kernels():
        assert library() is None
        monkeypatch.setattr("text_classification.kernels.library.library_paths", lambda: compiled)
        assert library(quick=True) is None
        monkeypatch.undo()
