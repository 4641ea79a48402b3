"""kernels/arrays.py: arrays that begin where kernels like them to."""

import numpy as np
import pytest

from text_classification.kernels.arrays import aligned, aligned_copy


@pytest.mark.parametrize("shape", [(5,), (3, 4), (1000, 300), (0, 4), (3, 0)])
@pytest.mark.parametrize("kind", [np.int8, np.float32, np.int64])
def test_arrays_begin_at_a_cache_line(shape: tuple[int, ...], kind: type[np.generic]) -> None:
    """Whatever their shape and kind; in C order, and every number of them may be written.

    Those that hold no number lie anywhere.
    """
    arrays = [aligned(shape, kind) for _ in range(10)]
    for number, array in enumerate(arrays):
        assert array.__array_interface__["data"][0] % 64 == 0 or not array.size
        assert array.shape == shape
        assert array.dtype == kind
        assert array.flags.c_contiguous
        array.fill(number)
    assert all((array == number).all() for number, array in enumerate(arrays))


def test_copies_are_aligned_and_their_own() -> None:
    """Of arrays in any order; the original stays as it is."""
    original = np.arange(12, dtype=np.float32).reshape(3, 4).T
    copy = aligned_copy(original)
    np.testing.assert_array_equal(copy, original)
    assert copy.__array_interface__["data"][0] % 64 == 0
    copy.fill(0)
    assert original.max() == 11
