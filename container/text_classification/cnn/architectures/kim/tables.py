"""Look-up tables: what each token adds to every window, computed once when a model is loaded.

A convolution over an embedding is a sum of look-ups. For a window that starts at position t,

    v(t) = bias + sum over j < width of P[j][x(t + j)]        with P[j] = E W[j]

so a document needs no multiplication before the dense layer. A row of the table holds P[j] of one
token for all widths, offsets j and filters, as float32 or as int8 with a scale for each filter. The
most frequent tokens have rows in the table, as many as fit the budget and are soon computed at the
start; the rows of others are computed when the tokens occur, and come out the same but for the
rounding of sums.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.convolutions import bias_name, kernel_name
from text_classification.kernels.arrays import Floats, Ids, Indices, aligned
from text_classification.kernels.convolution import pool_forward
from text_classification.kernels.look_up import Cells, LookUp
from text_classification.machine.processors import processor_count

# Tokens projected at a time: bounds the memory for their float32 rows, and keeps them in caches.
CHUNK = 512
LARGEST = 127
# The most tokens with rows: others are so rare that a server need not be late for them.
MOST_ROWS = 50_000


class Tables:
    """The convolutions of one model. Its answers do not change, so threads and processes share it.

    scales: float32 [features], what 1 stands for in the int8 rows of each filter; None for
    float32 rows. budget: the bytes that the table may take.
    """

    def __init__(
        self,
        configuration: KimConfiguration,
        weights: Weights,
        scales: Floats | None,
        *,
        budget: int,
    ) -> None:
        self._widths, self._filters = configuration.kernel_widths, configuration.filters
        self._biases = np.concatenate([weights[bias_name(width)] for width in self._widths])
        self._scales = np.ones_like(self._biases) if scales is None else scales
        self._features, self._offsets = _places_of_columns(configuration)
        self._column_scales = self._scales[self._features]
        # In units of the scales: a row is a token times this, rounded where it is int8.
        self._projection = projection(configuration, weights) / self._column_scales  # [D, columns]
        columns = self._projection.shape[1]
        kind: npt.DTypeLike = np.float32 if scales is None else np.int8
        embedding = weights["embedding"]
        room = max(1, budget // (columns * np.dtype(kind).itemsize))
        rows = min(len(embedding), room, MOST_ROWS)
        self._table: Cells = aligned((rows, columns), kind)
        # The vectors of tokens that have no row; a copy, to keep no more memory than that.
        self._vectors = None if rows == len(embedding) else embedding[rows:].copy()
        self._fill(embedding)
        self._none: Cells = self._table[:0]
        self._look_up = LookUp(
            self._table,
            self._widths,
            self._scales,
            self._biases,
            dense=weights["dense.kernel"],
            bias=weights["dense.bias"],
        )

    @property
    def rows(self) -> int:
        """The tokens that have a row in the table, the first ones."""
        return len(self._table)

    def features(self, ids: Ids, offsets: Indices) -> Floats:
        """Return the pooled features of documents: float32 [documents, features].

        Document b is ``ids[offsets[b]:offsets[b + 1]]``, padded as far as one window of padding
        alone, if the sequence goes so far.
        """
        rest, places = self._rest(ids)
        return self._look_up.features(rest, places, offsets)

    def scores(self, ids: Ids, offsets: Indices) -> Floats:
        """Return scores that sum to 1 for each of such documents: float32 [documents, classes]."""
        rest, places = self._rest(ids)
        return self._look_up.scores(rest, places, offsets)

    def contributions(self, ids: Ids, shares: Floats) -> tuple[npt.NDArray[np.float64], float]:
        """Return what each token of one document adds to sum(shares * features), and the rest.

        ids: int32 [n], padded as for ``features``; shares: float32 [features]. The first result is
        float64 [n]; with the second, which the biases add, it sums to the weighted features.
        """
        rest, places = self._rest(ids)
        rare = places >= len(self._table)
        rows = self._table[np.where(rare, 0, places)]
        rows[rare] = rest[places[rare] - len(self._table)]
        values = np.multiply(rows, self._column_scales, dtype=np.float32)
        offsets = np.array([0, len(ids)], np.int64)
        positions = np.arange(len(ids), dtype=np.int32)
        best, where = pool_forward(
            values, positions, offsets, self._widths, self._filters, threads=1
        )
        active = np.where(best[0] + self._biases > 0, shares, 0).astype(np.float64)
        # Of each column: the token that it was taken of, and what that adds.
        tokens = where[0, self._features] + self._offsets
        weights = active[self._features] * values[tokens, np.arange(len(tokens))]
        added = np.bincount(tokens, weights, len(ids)).astype(np.float64, copy=False)
        return added, float(active @ self._biases)

    def _rest(self, ids: Ids) -> tuple[Cells, Ids]:
        """Return rows for the tokens that the table lacks, and the ids with those renumbered."""
        vectors = self._vectors
        if vectors is None:
            return self._none, ids
        rare = ids >= self.rows
        if not rare.any():
            return self._none, ids
        found, numbers = np.unique(ids[rare], return_inverse=True)
        rest = np.empty((len(found), self._table.shape[1]), self._table.dtype)
        for first in range(0, len(found), CHUNK):
            part = slice(first, first + CHUNK)
            self._project(rest[part], vectors[found[part] - self.rows])
        places = ids.copy()
        places[rare] = numbers + self.rows
        return rest, places

    def _fill(self, embedding: Floats) -> None:
        """Compute the rows of the table, some at a time, on all processors."""
        starts = range(0, self.rows, CHUNK)
        # Threads that end here, not those of the kernels: the process may fork next.
        with ThreadPoolExecutor(processor_count()) as pool:
            for _ in pool.map(lambda start: self._fill_chunk(embedding, start), starts):
                pass

    def _fill_chunk(self, embedding: Floats, start: int) -> None:
        part = slice(start, min(start + CHUNK, self.rows))
        self._project(self._table[part], embedding[part])

    # Whether the numbers of a model come to scores is seen when it is tried.
    @np.errstate(over="ignore", invalid="ignore")
    def _project(self, rows: Cells, embedded: Floats) -> None:
        """Project tokens, float32 [n, D], into their rows, [n, columns]."""
        if rows.dtype == np.float32:
            np.matmul(embedded, self._projection, out=rows)
            return
        projected = embedded @ self._projection
        np.rint(projected, out=projected)
        np.clip(projected, -LARGEST, LARGEST, out=rows, casting="unsafe")


def int8_scales(configuration: KimConfiguration, weights: Weights) -> Floats:
    """Return the scales at which each filter's largest number is 127: float32 [features]."""
    kernels, embedding = projection(configuration, weights), weights["embedding"]
    largest = np.zeros(kernels.shape[1], np.float32)
    for first in range(0, len(embedding), CHUNK):
        projected = embedding[first : first + CHUNK] @ kernels
        np.maximum(largest, np.abs(projected, out=projected).max(axis=0), out=largest)
    scales, column = [], 0
    for width in configuration.kernel_widths:
        block = largest[column : column + width * configuration.filters]
        scales.append(block.reshape(width, configuration.filters).max(axis=0))
        column += len(block)
    # A filter that is 0 everywhere is so at any scale.
    return np.maximum(np.concatenate(scales) / LARGEST, np.finfo(np.float32).tiny)


def projection(configuration: KimConfiguration, weights: Weights) -> Floats:
    """Return all kernels as one matrix, [D, columns]: a column a width, offset and filter."""
    blocks = [
        weights[kernel_name(width)].transpose(1, 0, 2).reshape(configuration.embedding_size, -1)
        for width in configuration.kernel_widths
    ]
    return np.concatenate(blocks, axis=1)


def _places_of_columns(configuration: KimConfiguration) -> tuple[Ids, Ids]:
    """Return the feature of each column, and its offset in the window: int32 [columns] each."""
    filters = np.arange(configuration.filters, dtype=np.int32)
    places = [
        (index * configuration.filters + filters, np.full_like(filters, offset))
        for index, width in enumerate(configuration.kernel_widths)
        for offset in range(width)
    ]
    features, offsets = (np.concatenate(parts) for parts in zip(*places, strict=True))
    return features, offsets
