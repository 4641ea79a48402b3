"""A matrix product on several threads whose result does not depend on their number."""

import numpy as np

from text_classification.kernels.arrays import Floats
from text_classification.kernels.parallel import each_part

# BLAS itself sums in another order where it has another number of threads. So it has one, and the
# rows are divided among ours: into so many blocks, whatever the number of threads, of so many rows
# at least, since each block reads all of the other factor.
BLOCKS = 8
FEWEST_ROWS = 64


def multiply(left: Floats, right: Floats, result: Floats, *, threads: int) -> Floats:
    """Write left [n, k] times right [k, m] into result [n, m], and return it."""
    rows = len(left)
    blocks = max(1, min(BLOCKS, rows // FEWEST_ROWS))

    def work(first: int, last: int) -> None:
        for block in range(first, last):
            own = slice(rows * block // blocks, rows * (block + 1) // blocks)
            np.matmul(left[own], right, out=result[own])

    each_part(work, blocks, threads)
    return result
