"""What each kernel of kernels.c computes, in a few lines of NumPy.

They explain the kernels, stand in where no compiler was found, and tests hold the two together.
The arguments are those of the kernels without the range: a twin does all of the work.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from text_classification.cnn.configuration import Floats
from text_classification.corpus.encoded import Ids, Indices


def distinct_ids(ids: Ids) -> tuple[Ids, Ids]:
    """Return the distinct ids, int32 [distinct], and the number of each id among them, [n].

    The kernel numbers them in order of appearance, the twin by value.
    """
    found, positions = np.unique(ids, return_inverse=True)
    return found.astype(np.int32), positions.astype(np.int32)


def pool_forward(
    projected: Floats, positions: Ids, offsets: Indices, widths: Sequence[int], filters: int
) -> tuple[Floats, Ids]:
    """Return the maximum over time of every filter, and the start of the window that won.

    projected: [distinct, sum(widths) * filters]; positions: the row of each token; document b is
    ``positions[offsets[b]:offsets[b + 1]]``, at least as long as the widest kernel. Both results
    are [documents, len(widths) * filters].
    """
    shape = (len(offsets) - 1, len(widths), filters)
    best, where = np.empty(shape, np.float32), np.empty(shape, np.int32)
    for document, (first, last) in enumerate(pairwise(offsets.tolist())):
        rows = projected[positions[first:last]]  # [tokens, sum(widths) * filters]
        column = 0
        for index, width in enumerate(widths):
            windows = len(rows) - width + 1
            values = np.zeros((windows, filters), np.float32)
            for offset in range(width):
                values += rows[offset : offset + windows, column : column + filters]
                column += filters
            where[document, index] = values.argmax(axis=0)
            best[document, index] = values.max(axis=0)
    return best.reshape(shape[0], -1), where.reshape(shape[0], -1)


def pool_backward(
    gradient: Floats,
    where: Ids,
    positions: Ids,
    offsets: Indices,
    widths: Sequence[int],
    embedded: Floats,
    kernels: Floats,
) -> tuple[Floats, Floats]:
    """Return the gradients of the embedded tokens and of the kernels.

    gradient and where: [documents, len(widths) * filters], zero where nothing flows back;
    embedded: [distinct, D]; kernels: [sum(widths) * filters, D], rows as the columns of
    ``projected``. The results have the shapes of embedded and kernels.
    """
    filters = gradient.shape[1] // len(widths)
    embedded_gradient, kernel_gradient = np.zeros_like(embedded), np.zeros_like(kernels)
    block = 0
    for index, width in enumerate(widths):
        columns = slice(index * filters, (index + 1) * filters)
        documents, chosen = np.nonzero(gradient[:, columns])
        values = gradient[:, columns][documents, chosen][:, None]
        starts = offsets[documents] + where[:, columns][documents, chosen]
        for offset in range(width):
            tokens, rows = positions[starts + offset], block + offset * filters + chosen
            np.add.at(embedded_gradient, tokens, values * kernels[rows])
            np.add.at(kernel_gradient, rows, values * embedded[tokens])
        block += width * filters
    return embedded_gradient, kernel_gradient


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
) -> None:
    """Update rows ``ids`` of weights and of Adam's moments in place, as Keras writes the rule."""
    mean[ids] += (gradient - mean[ids]) * np.float32(mean_share)
    square[ids] += (gradient**2 - square[ids]) * np.float32(square_share)
    weights[ids] -= mean[ids] * np.float32(rate) / (np.sqrt(square[ids]) + np.float32(epsilon))
