"""The kernels of convolution.c on NumPy arrays: no copies, no interpreter lock, all cores.

Where the package was built without a compiler the reference does the same, slower. Each function
checks types, shapes and ids before C sees them, and raises ``ValueError``.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from text_classification.kernels import reference
from text_classification.kernels.arrays import Floats, Ids, Indices, aligned
from text_classification.kernels.library import (
    address,
    check_indices,
    library,
    library_for,
    pointer,
)
from text_classification.kernels.parallel import each_part

# A power takes as long as to read some of a table's numbers.
NUMBERS_A_POWER = 8
# The most rows that a window may have; see WIDEST in kernels.h.
WIDEST = 64


def check_convolutions(rows: int, widths: Sequence[int], filters: int) -> None:
    """Raise ``ValueError`` unless ``rows`` are those of convolutions of these widths."""
    if not all(0 < width <= WIDEST for width in widths) or rows != sum(widths) * filters:
        raise ValueError("the convolutions do not have the widths and filters they are said to")


def check_documents(
    positions: Ids, offsets: Indices, widths: Sequence[int], size: int
) -> tuple[int, int]:
    """Return the addresses of positions and offsets, once all documents are known to be sound."""
    compiled = library()
    arguments = len(positions), len(offsets) - 1, size, max(widths)
    if compiled is None:
        addresses, sound = (0, 0), reference.documents_fit(positions, offsets, size, max(widths))
    else:
        addresses = pointer(positions, np.int32), pointer(offsets, np.int64)
        sound = len(offsets) > 0 and compiled.documents_fit(*addresses, *arguments)
    if not sound:
        raise unsound(size)
    return addresses


def unsound(size: int) -> ValueError:
    """Return what is raised where ``reference.documents_fit`` is not so."""
    return ValueError(
        f"an id is not in [0, {size}), a document is shorter than the widest kernel, or "
        "offsets do not fit"
    )


def distinct_ids(ids: Ids, table: Ids) -> tuple[Ids, Ids]:
    """Return the distinct ids, int32 [distinct], and the number of each id among them, [n].

    table: int32 [vocabulary], all -1, and left so; it makes the time independent of its size.
    """
    compiled = library()
    check_indices(ids, len(table))
    if compiled is None:
        return reference.distinct_ids(ids)
    found, positions = np.empty_like(ids), np.empty_like(ids)
    count = compiled.distinct_ids(
        pointer(ids, np.int32),
        len(ids),
        pointer(table, np.int32),
        *map(address, (found, positions)),
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
    """Return the maximum over time of every filter and where it was; see ``reference``."""
    check_convolutions(projected.shape[1], widths, filters)
    documents_at = check_documents(positions, offsets, widths, len(projected))
    compiled = library_for(len(positions) * projected.shape[1])
    if compiled is None:
        return reference.pool_forward(projected, positions, offsets, widths, filters)
    documents = len(offsets) - 1
    best = np.empty((documents, len(widths) * filters), np.float32)
    where = np.empty(best.shape, np.int32)
    sizes = _sizes(tuple(widths))
    arrays = pointer(projected, np.float32), *documents_at

    def work(first: int, last: int) -> None:
        sums = np.empty(filters, np.float32)
        results = map(address, (best, where, sums))
        compiled.pool_forward(*arrays, first, last, address(sizes), len(sizes), filters, *results)

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
    """Return the gradients of the embedded tokens and of the kernels; see ``reference``."""
    documents, size = len(offsets) - 1, embedded.shape[1]
    filters, left = divmod(gradient.shape[1], len(widths))
    check_convolutions(len(kernels), widths, filters)
    documents_at = check_documents(positions, offsets, widths, len(embedded))
    shapes_fit = gradient.shape == where.shape and len(gradient) == documents and not left
    if not shapes_fit or kernels.shape[1] != size:
        raise ValueError("the gradient does not have the shape of the forward pass")
    last_starts = np.diff(offsets)[:, None] - np.repeat(widths, filters)
    if ((where < 0) | (where > last_starts)).any():
        raise ValueError("a window lies outside its document")
    compiled = library()
    if compiled is None:
        return reference.pool_backward(
            gradient, where, positions, offsets, widths, embedded, kernels
        )
    results = aligned(embedded.shape, np.float32), aligned(kernels.shape, np.float32)
    for result in results:
        result.fill(0)
    sizes = _sizes(tuple(widths))
    inputs = pointer(gradient, np.float32), pointer(where, np.int32), *documents_at
    operands = pointer(embedded, np.float32), pointer(kernels, np.float32)
    shape = documents, address(sizes), len(sizes), filters

    def work(first: int, last: int) -> None:
        compiled.pool_backward(
            *inputs, *shape, *operands, size, first, last, *map(address, results)
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
    """Update rows of weights and moments in place by Adam; ids are distinct; see ``reference``."""
    check_indices(ids, len(weights))
    if not weights.shape == mean.shape == square.shape or gradient.shape != (
        len(ids),
        weights.shape[1],
    ):
        raise ValueError("weights, moments and gradient do not fit together")
    compiled = library()
    constants = rate, mean_share, square_share, epsilon
    if compiled is None:
        reference.adam_rows(weights, mean, square, gradient, ids, *constants)
        return
    arrays = [pointer(array, np.float32) for array in (weights, mean, square, gradient)]

    def work(first: int, last: int) -> None:
        compiled.adam_rows(
            *arrays, pointer(ids, np.int32), first, last, weights.shape[1], *constants
        )

    each_part(work, len(ids), threads)


def softmax(logits: Floats, bias: Floats) -> Floats:
    """Turn logits, float32 [documents, classes], into scores in place, and return them."""
    if bias.shape != logits.shape[1:]:
        raise ValueError("the bias does not have a number for each class")
    compiled = library_for(logits.size * NUMBERS_A_POWER)
    if compiled is None:
        return reference.softmax(logits, bias)
    compiled.softmax(pointer(logits, np.float32), pointer(bias, np.float32), *logits.shape)
    return logits


@cache
def _sizes(widths: tuple[int, ...]) -> Ids:
    """Return the widths as C reads them; the same array for every call, since it must stay."""
    return np.array(widths, np.int32)
