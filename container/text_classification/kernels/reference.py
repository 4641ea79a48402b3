"""What each kernel of convolution.c, look_up.c and tokens.c computes, in a few lines of Python.

They explain the kernels, stand in where no compiler was found, and tests hold the two together.
The arguments are those of the kernels without the range: a reference does all of the work.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Floats, Ids, Indices


def distinct_ids(ids: Ids) -> tuple[Ids, Ids]:
    """Return the distinct ids, int32 [distinct], and the number of each id among them, [n].

    The kernel numbers them in order of appearance, the reference by value.
    """
    found, positions = np.unique(ids, return_inverse=True)
    return found.astype(np.int32), positions.astype(np.int32)


def documents_fit(positions: Ids, offsets: Indices, size: int, widest: int) -> bool:
    """Tell whether all positions lie in [0, size) and each document has ``widest`` of them."""
    if not len(offsets):
        return False
    inside = not len(positions) or bool(0 <= positions.min() <= positions.max() < size)
    whole = offsets[0] == 0 and offsets[-1] == len(positions)
    return inside and bool(whole) and bool((np.diff(offsets) >= widest).all())


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
    flat = shape[0], len(widths) * filters
    return best.reshape(flat), where.reshape(flat)


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


def look_up(
    table: npt.NDArray[Any],
    rest: npt.NDArray[Any],
    ids: Ids,
    offsets: Indices,
    widths: Sequence[int],
    scales: Floats,
    biases: Floats,
) -> Floats:
    """Return the features of documents, bias added, ReLU taken: float32 [documents, features].

    table: [rows, columns], int8 or float32, the row of each id below ``rows``; rest: the rows of
    the ids from there on; document b is ``ids[offsets[b]:offsets[b + 1]]``; scales and biases:
    [features].
    """
    kind = np.int16 if table.dtype == np.int8 else np.float32
    rows = np.empty((len(ids), table.shape[1]), kind)
    frequent = ids < len(table)
    rows[frequent], rows[~frequent] = table[ids[frequent]], rest[ids[~frequent] - len(table)]
    positions, filters = np.arange(len(ids), dtype=np.int32), len(scales) // len(widths)
    best, _ = pool_forward(rows, positions, offsets, widths, filters)
    features: Floats = np.maximum(best.astype(np.float32) * scales + biases, 0)
    return features


def softmax(logits: Floats, bias: Floats) -> Floats:
    """Turn logits, [documents, classes], into scores that sum to 1, in place."""
    logits += bias
    # The largest is taken off: the exponential function must not overflow.
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def index_tokens(lines: bytes) -> dict[bytes, int]:
    """Return the id of each token of a vocabulary, one a line: from 2 on, see vocabulary.py."""
    return {token: number for number, token in enumerate(lines.split(b"\n")[:-1], 2)}


def encode_documents(
    text: bytes, index: Mapping[bytes, int], longest: int, padding: int
) -> tuple[Ids, Indices, Indices, Indices]:
    """Return ids, offsets, the number of tokens and of unknown ones of each line of ``text``."""
    documents = [filter(None, line.split(b" ")) for line in text.split(b"\n")[:-1]]
    rows = [[index.get(token, 1) for token in document] for document in documents]
    padded = [(row[:longest] + [0] * padding)[:longest] for row in rows]
    return (
        np.array([token for row in padded for token in row], np.int32),
        np.cumsum([0, *map(len, padded)], dtype=np.int64),
        np.array([len(row) for row in rows], np.int64),
        np.array([row.count(1) for row in rows], np.int64),
    )
