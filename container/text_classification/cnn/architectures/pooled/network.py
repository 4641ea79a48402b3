"""A trained ``pooled.v1`` as it is served: the convolutions by look-up, then weighted means.

A convolution over an embedding is a sum of look-ups (see the tables of kim). Every window that
begins with a token counts here, so all are summed up, in NumPy, for many documents at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from text_classification.cnn.architectures.pooled.configuration import (
    PooledConfiguration,
    attention_name,
)
from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.convolutions import bias_name, kernel_name
from text_classification.corpus.vocabulary import PADDING
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.kernels.convolution import softmax

# Numbers of a convolution computed at a time: bounds the memory, and keeps to the caches.
CHUNK_NUMBERS = 1 << 18

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Windows:
    """The W windows of one width in B documents, one document after the other."""

    width: int
    rows: Floats  # [width, distinct, F], what a token adds at each offset
    starts: Indices  # [W], the places where they begin
    firsts: Indices  # [B], the first window of each document
    values: Floats  # [W, F], biases added, before the ReLU
    weights: Floats  # [W], those of one document sum to 1


class PooledNetwork:
    """It is not changed by use, so threads and processes may share it.

    tables_mb: the most memory that the tables of projected tokens take, in mebibytes; where they do
    not fit, the tokens are projected when they occur, with the same result.
    """

    def __init__(
        self, configuration: PooledConfiguration, weights: Weights, *, tables_mb: int
    ) -> None:
        self.longest = configuration.sequence_length
        # What a window that begins with the last token reaches into.
        self.padding = max(configuration.kernel_widths)
        self._widths, self._filters = configuration.kernel_widths, configuration.filters
        self._weights = {name: array for name, array in weights.items() if name != "embedding"}
        embedding = weights["embedding"]
        columns = sum(self._widths) * self._filters
        fits = len(embedding) * columns * 4 <= tables_mb << 20
        self._tables = self._project(embedding) if fits else None
        self._embedding = None if fits else embedding

    def logits(self, ids: Ids, offsets: Indices) -> Floats:
        """Return what the softmax is taken of: float32 [documents, classes].

        Document b is ``ids[offsets[b]:offsets[b + 1]]``: at most ``longest`` ids, with up to
        ``padding`` padding ids behind its tokens.
        """
        return self._weighted(ids, offsets) + self._weights["dense.bias"]

    def probabilities(self, ids: Ids, offsets: Indices) -> Floats:
        """Return scores that sum to 1 for each document: float32 [documents, classes]."""
        return softmax(self._weighted(ids, offsets), self._weights["dense.bias"])

    def contributions(self, ids: Ids, index: int) -> tuple[Shares, float]:
        """Return what each id of one document adds to the logit of a class, and the constant.

        ids: int32 [n], cut and padded as for ``logits``. With the windows' weights and the signs at
        the ReLUs as they are, the network is linear: float64 [n] and the constant sum to the logit.
        """
        added, constant = np.zeros(len(ids)), float(self._weights["dense.bias"][index])
        shares = np.split(self._weights["dense.kernel"][:, index], len(self._widths))
        places, tables = self._look_up(ids)
        offsets = np.array([0, len(ids)], np.int64)
        for own, found in zip(shares, self._windows(ids, offsets, places, tables), strict=True):
            active = np.where(found.values > 0, own, 0) * found.weights[:, None].astype(np.float64)
            constant += float(active.sum(axis=0) @ self._weights[bias_name(found.width)])
            for offset in range(found.width):
                at = found.starts + offset
                np.add.at(added, at, (active * found.rows[offset, places[at]]).sum(axis=1))
        return added, constant

    def _weighted(self, ids: Ids, offsets: Indices) -> Floats:
        """Return the logits without their bias: float32 [documents, classes]."""
        kernel = self._weights["dense.kernel"]
        parts = [np.empty((0, kernel.shape[1]), np.float32)]
        for first, last in self._chunks(offsets):
            own = offsets[first : last + 1] - offsets[first]
            parts.append(self._features(ids[offsets[first] : offsets[last]], own) @ kernel)
        return np.concatenate(parts)

    def _chunks(self, offsets: Indices) -> Iterator[tuple[int, int]]:
        """Yield ranges of documents that are computed at a time, of one document at least."""
        most, first = max(1, CHUNK_NUMBERS // self._filters), 0
        while first < len(offsets) - 1:
            last = int(np.searchsorted(offsets, offsets[first] + most, "right")) - 1
            yield first, (last := max(last, first + 1))
            first = last

    def _features(self, ids: Ids, offsets: Indices) -> Floats:
        """Return the pooled features of documents: float32 [documents, features]."""
        parts = [
            np.add.reduceat(
                np.maximum(found.values, 0) * found.weights[:, None], found.firsts, axis=0
            )
            for found in self._windows(ids, offsets, *self._look_up(ids))
        ]
        return np.concatenate(parts, axis=1)

    def _windows(
        self, ids: Ids, offsets: Indices, places: Ids, tables: list[Floats]
    ) -> Iterator[_Windows]:
        """Yield the windows of each width; a document without a token has one, of padding."""
        tokens = np.add.reduceat(ids != PADDING, offsets[:-1], dtype=np.int64)  # [B]
        for width, rows in zip(self._widths, tables, strict=True):
            counts = np.minimum(np.maximum(tokens, 1), np.diff(offsets) - width + 1)
            firsts = np.cumsum(counts) - counts
            starts = np.arange(counts.sum()) + np.repeat(offsets[:-1] - firsts, counts)
            values = rows[0].take(places[starts], axis=0)
            for offset in range(1, width):
                values += rows[offset].take(places[starts + offset], axis=0)
            values += self._weights[bias_name(width)]
            weights = _softmax_of_each(self._scores(values, width), firsts, counts)
            yield _Windows(width, rows, starts, firsts, values, weights)

    def _scores(self, values: Floats, width: int) -> Floats:
        """Return what windows are weighed by, before the softmax: [W, F] to [W]."""
        attention = self._weights.get(attention_name(width))
        if attention is None:
            return np.zeros(len(values), np.float32)
        scores: Floats = np.maximum(values, 0) @ attention[:, 0]
        return scores

    def _look_up(self, ids: Ids) -> tuple[Ids, list[Floats]]:
        """Return the tables of all tokens, or of these ids alone, and the ids' places in them."""
        if self._tables is not None:
            return ids, self._tables
        assert self._embedding is not None  # noqa: S101 - one of them is there
        distinct, places = np.unique(ids, return_inverse=True)
        return places.astype(np.int32), self._project(self._embedding[distinct])

    def _project(self, embedded: Floats) -> list[Floats]:
        """Return tokens times each kernel: [n, D] to [width, n, F] for each width."""
        return [np.matmul(embedded, self._weights[kernel_name(width)]) for width in self._widths]


def _softmax_of_each(scores: Floats, firsts: Indices, counts: Indices) -> Floats:
    """Return the softmax of each document's scores: [W] to [W]."""
    powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, firsts), counts))
    weights: Floats = powers / np.repeat(np.add.reduceat(powers, firsts), counts)
    return weights


def create_network(
    configuration: PooledConfiguration,
    weights: Weights,
    scales: Floats | None,
    *,
    tables_mb: int,
) -> PooledNetwork:
    """Return a trained model as it is served, from float32: it has no ``scales``."""
    del scales
    return PooledNetwork(configuration, weights, tables_mb=tables_mb)
