"""The hardware's peak performance, with which our engine is compared."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from text_classification.kernels.parallel import each_part
from text_classification.machine.processors import processor_count

REPETITIONS = 15
COPIED_BYTES = 1 << 28


def limits(distinct: int, size: int, rows: int) -> dict[str, float]:
    """Return the speed of BLAS on the projection's shapes and that of the memory.

    The projection is [distinct, size] x [size, rows] in single precision. Each byte copied counts
    twice, as read and as written.
    """
    generator = np.random.default_rng(0)
    embedded = generator.random((distinct, size), np.float32)
    kernels = generator.random((rows, size), np.float32)
    product = np.empty((distinct, rows), np.float32)
    projection = _seconds(lambda: np.matmul(embedded, kernels.T, out=product))
    source = np.ones(COPIED_BYTES // 4, np.float32)
    target = np.zeros_like(source)

    def copy(first: int, last: int) -> None:
        np.copyto(target[first:last], source[first:last])

    copying = _seconds(lambda: each_part(copy, len(source), processor_count()))
    return {
        "distinct_tokens": distinct,
        "blas_gflops": 2e-9 * distinct * size * rows / projection,
        "blas_projection_ms": 1000 * projection,
        "copy_gb_per_second": 2e-9 * COPIED_BYTES / copying,
    }


def _seconds(work: Callable[[], object]) -> float:
    """Return the median time of some work after it was done once."""
    work()
    times = []
    for _ in range(REPETITIONS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)
