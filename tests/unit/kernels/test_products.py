"""kernels/products.py: products that do not depend on the number of threads."""

import numpy as np
import pytest

from text_classification.kernels.products import multiply


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 130, 1000])
def test_the_product_is_the_same_for_any_number_of_threads(rows: int) -> None:
    """It is that of NumPy, and written into the array that was given."""
    generator = np.random.default_rng(rows)
    left = generator.normal(size=(rows, 40)).astype(np.float32)
    right = generator.normal(size=(300, 40)).astype(np.float32).T
    results = []
    for threads in (1, 2, 5):
        room = np.empty((rows, 300), np.float32)
        results.append(multiply(left, right, room, threads=threads))
        assert results[-1] is room
    for other in results[1:]:
        np.testing.assert_array_equal(results[0], other)
    np.testing.assert_allclose(results[0], left @ right, rtol=1e-4, atol=1e-5)
