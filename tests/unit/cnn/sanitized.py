"""Run kernels of a library named on the command line against the twins, 200 times."""

import sys
from pathlib import Path

import numpy as np

from text_classification.cnn import kernels, twins


def main() -> None:
    """Compare all kernels on random cases; a sanitizer ends the process at a fault."""
    kernels.library.cache_clear()
    kernels.library_paths = lambda: [Path(sys.argv[1])]
    from tests.unit.cnn.test_kernels import Case  # noqa: PLC0415 - needs the library's place

    assert kernels.library() is not None
    for seed in range(200):
        case = Case(seed)
        arguments = case.projected, case.positions, case.offsets, case.widths, case.filters
        best, where = kernels.pool_forward(*arguments, threads=2)
        np.testing.assert_allclose(best, twins.pool_forward(*arguments)[0], rtol=1e-4, atol=1e-4)
        back = (case.gradient, where, case.positions, case.offsets, case.widths)
        kernels.pool_backward(*back, case.embedded, case.kernels, threads=2)
        table = np.full(case.distinct, -1, np.int32)
        found, _ = kernels.distinct_ids(case.positions, table)
        moments = [np.ones_like(case.embedded) for _ in range(2)]
        gradient = case.embedded[found].copy()
        mean, square = moments
        kernels.adam_rows(
            case.embedded, mean, square, gradient, found, 0.1, 0.1, 0.1, 1e-7, threads=2
        )
    print("compared 200 cases")  # noqa: T201 - the test reads it
