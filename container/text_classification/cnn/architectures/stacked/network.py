"""A trained ``stacked.v1`` as it is served: the first convolution by look-up, the rest in NumPy.

A convolution over an embedding is a sum of look-ups (see the tables of kim), here once in
``strides`` tokens. The maximum of a pooling is taken before the ReLU: they may change places.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from text_classification.cnn.architectures.stacked.configuration import StackedConfiguration
from text_classification.cnn.architectures.stacked.windows import Windows
from text_classification.cnn.base_configuration import Weights
from text_classification.corpus.vocabulary import PADDING
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.kernels.convolution import softmax

# Numbers of the first layers computed at a time: bounds the memory, and keeps to the caches.
CHUNK_NUMBERS = 1 << 18

Values = TypeVar("Values", Floats, Ids)
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Pass:
    """What the layers make of B documents of one length, before each ReLU, biases added."""

    windows: tuple[Windows, Windows, Windows]
    rows: Floats  # [kernel size, distinct + 1, F], the last ones 0
    tokens: Ids  # [B, span of the first windows], places in rows
    candidates: Floats  # [B, pool windows, pool size, F]
    pooled: Floats  # [B, pool windows, F]
    second: Floats  # [B, second windows, F]
    features: Floats  # [B, F]
    hidden: Floats  # [B, units]


class StackedNetwork:
    """It is not changed by use, so threads and processes may share it.

    tables_mb: the most memory that the table of projected tokens takes, in mebibytes; where it
    does not fit, the tokens are projected when they occur, with the same result.
    """

    def __init__(
        self, configuration: StackedConfiguration, weights: Weights, *, tables_mb: int
    ) -> None:
        self.longest = configuration.sequence_length
        # Documents are padded here, a chunk at a time.
        self.padding = 0
        self._configuration = configuration
        self._weights = {name: array for name, array in weights.items() if name != "embedding"}
        embedding = weights["embedding"]
        size = weights["convolution_1.kernel"][:, 0].size * (len(embedding) + 1) * 4
        fits = size <= tables_mb << 20
        self._table = self._project(embedding) if fits else None
        self._embedding = None if fits else embedding

    def logits(self, ids: Ids, offsets: Indices) -> Floats:
        """Return what the softmax is taken of: float32 [documents, classes]."""
        return self._weighted(ids, offsets) + self._weights["dense.bias"]

    def probabilities(self, ids: Ids, offsets: Indices) -> Floats:
        """Return scores that sum to 1 for each document: float32 [documents, classes]."""
        return softmax(self._weighted(ids, offsets), self._weights["dense.bias"])

    def contributions(self, ids: Ids, index: int) -> tuple[Shares, float]:
        """Return what each id of one document adds to the logit of a class, and the constant.

        ids: int32 [n]. With the winners of the maxima and the signs at the ReLUs as they are, the
        network is linear: float64 [n] and the constant, the padding's part included, sum to the
        logit.
        """
        chunk = _padded(ids, np.array([0, len(ids)], np.int64), self._enough(len(ids)))
        found, weights = self._forward(chunk), self._weights
        units = _active(weights["dense.kernel"][:, index], found.hidden[0])
        features = _active(weights["hidden.kernel"] @ units, found.features[0])
        pooled = _active(self._back_through_second(features, found), found.pooled[0])
        first = _back_through_pool(pooled, found)
        added = _back_to_tokens(first, found, chunk.shape[1])
        constant = (
            float(weights["dense.bias"][index])
            + units @ weights["hidden.bias"]
            + features @ weights["convolution_2.bias"]
            + first.sum(axis=0) @ weights["convolution_1.bias"]
            + added[len(ids) :].sum()
        )
        return added[: len(ids)], float(constant)

    def _weighted(self, ids: Ids, offsets: Indices) -> Floats:
        """Return the logits without their bias: float32 [documents, classes]."""
        kernel = self._weights["dense.kernel"]
        parts = [np.empty((0, kernel.shape[1]), np.float32)]
        for chunk in self._chunks(ids, offsets):
            hidden = self._forward(chunk).hidden
            parts.append(np.maximum(hidden, 0) @ kernel)
        return np.concatenate(parts)

    def _chunks(self, ids: Ids, offsets: Indices) -> Iterator[Ids]:
        """Yield documents padded to one length, int32 [B, length], a bounded number at a time."""
        length = self._enough(int(np.diff(offsets).max(initial=0)))
        convolved = self._configuration.windows(length)[0].count * self._configuration.filters
        documents = max(1, CHUNK_NUMBERS // (length + convolved))
        for first in range(0, len(offsets) - 1, documents):
            yield _padded(ids, offsets[first : first + documents + 1], length)

    def _enough(self, longest: int) -> int:
        """Return a length that gives documents of ``longest`` tokens what the full length does.

        Every ``period`` tokens the layers repeat themselves, so that many may be left out in the
        midst of the padding, as often as all kinds of windows stay: those that reach a token, the
        end, or neither.
        """
        shape = self._configuration
        pooled = shape.strides * shape.pool_size  # tokens from one pooling to the next
        period = pooled * shape.strides
        reach = shape.kernel_size * (pooled + 1)
        spare = (self.longest - longest - 2 * (reach + period)) // period
        return self.longest - max(0, spare) * period

    def _forward(self, chunk: Ids) -> _Pass:
        """Compute documents padded to one length: int32 [B, length]."""
        windows = self._configuration.windows(chunk.shape[1])
        first, pool, second = windows
        rows, places = self._look_up(chunk)
        tokens = _laid_out(places, first, rows.shape[1] - 1)
        convolved = _sum_of_rows(rows, tokens, first) + self._weights["convolution_1.bias"]
        candidates = _laid_out(convolved, pool, -np.inf).reshape(
            len(chunk), pool.count, pool.size, -1
        )
        pooled = candidates.max(axis=2)
        convolved = self._second(np.maximum(pooled, 0), second)
        features = convolved.max(axis=1)
        hidden = np.maximum(features, 0) @ self._weights["hidden.kernel"]
        hidden += self._weights["hidden.bias"]
        return _Pass(windows, rows, tokens, candidates, pooled, convolved, features, hidden)

    def _look_up(self, chunk: Ids) -> tuple[Floats, Ids]:
        """Return the rows of all tokens, or of the chunk's own, and where its tokens lie there."""
        if self._table is not None:
            return self._table, chunk
        assert self._embedding is not None  # noqa: S101 - one of them is there
        distinct, places = np.unique(chunk, return_inverse=True)
        return self._project(self._embedding[distinct]), places.reshape(chunk.shape).astype(
            np.int32
        )

    def _project(self, embedded: Floats) -> Floats:
        """Return tokens times the first kernel: [n, D] to [kernel size, n + 1, F], the last 0."""
        kernel = self._weights["convolution_1.kernel"]  # [kernel size, D, F]
        rows = np.zeros((len(kernel), len(embedded) + 1, kernel.shape[2]), np.float32)
        np.matmul(embedded, kernel, out=rows[:, :-1])
        return rows

    def _second(self, pooled: Floats, windows: Windows) -> Floats:
        """Return the second convolution: [B, pool windows, F] to [B, windows, F]."""
        kernel = self._weights["convolution_2.kernel"]  # [kernel size, F, F]
        laid_out = _laid_out(pooled, windows, 0)
        columns = np.concatenate(
            [laid_out[:, windows.at(offset)] for offset in range(windows.size)], axis=2
        )
        flat = columns.reshape(-1, columns.shape[2]) @ kernel.reshape(-1, kernel.shape[2])
        flat += self._weights["convolution_2.bias"]
        return flat.reshape(len(pooled), windows.count, -1)

    def _back_through_second(self, features: Shares, found: _Pass) -> Shares:
        """Return the shares of the pooled numbers from those of the features: [F] to [n, F]."""
        _, pool, windows = found.windows
        kernel = self._weights["convolution_2.kernel"]
        starts = found.second[0].argmax(axis=0) * windows.strides
        laid_out = np.zeros((windows.span, len(features)))
        for offset in range(windows.size):
            np.add.at(laid_out, starts + offset, (kernel[offset] * features).T)
        return _taken_in(laid_out, windows, pool.count)


def _padded(ids: Ids, offsets: Indices, length: int) -> Ids:
    """Return documents, flat with offsets, padded to one length: int32 [B, length]."""
    chunk = np.full((len(offsets) - 1, length), PADDING, np.int32)
    is_token = np.arange(length) < np.diff(offsets)[:, None]
    chunk[is_token] = ids[offsets[0] : offsets[-1]]
    return chunk


def _back_through_pool(pooled: Shares, found: _Pass) -> Shares:
    """Return the shares of the first convolution's numbers from those of the pooled ones."""
    first, windows, _ = found.windows
    laid_out = np.zeros((windows.count, windows.size, pooled.shape[1]))
    np.put_along_axis(
        laid_out, found.candidates[0].argmax(axis=1)[:, None], pooled[:, None], axis=1
    )
    return _taken_in(laid_out.reshape(windows.span, -1), windows, first.count)


def _back_to_tokens(shares: Shares, found: _Pass, length: int) -> Shares:
    """Return what each token adds, from the shares of the first convolution's numbers."""
    windows, tokens = found.windows[0], found.tokens[0]
    laid_out = np.zeros(windows.span)
    for offset in range(windows.size):
        rows = found.rows[offset, tokens[windows.at(offset)]]
        laid_out[windows.at(offset)] += (shares * rows).sum(axis=1)
    return _taken_in(laid_out, windows, length)


def _sum_of_rows(rows: Floats, tokens: Ids, windows: Windows) -> Floats:
    """Return the sum of each window's rows: float32 [B, windows, F]."""
    total: Floats = rows[0].take(tokens[:, windows.at(0)], axis=0)
    for offset in range(1, windows.size):
        total += rows[offset].take(tokens[:, windows.at(offset)], axis=0)
    return total


def _laid_out(values: Values, windows: Windows, filler: float) -> Values:
    """Return the span of windows over values [B, n, ...], filled where it lies beyond them."""
    before, span = windows.before, windows.span
    if not before and span <= values.shape[1]:
        return values[:, :span]
    laid_out = np.full((len(values), span, *values.shape[2:]), filler, values.dtype)
    inside = values[:, : span - before]
    laid_out[:, before : before + inside.shape[1]] = inside
    return laid_out


def _taken_in(laid_out: Shares, windows: Windows, length: int) -> Shares:
    """Return what lies on the sequence of a span, [span, ...] to [length, ...]; others are 0."""
    inside = laid_out[windows.before : windows.before + length]
    values = np.zeros((length, *laid_out.shape[1:]))
    values[: len(inside)] = inside
    return values


def _active(shares: npt.NDArray[np.floating], values: Floats) -> Shares:
    """Return the shares where the ReLU lets values through."""
    return np.where(values > 0, shares, 0).astype(np.float64)


def create_network(
    configuration: StackedConfiguration,
    weights: Weights,
    scales: Floats | None,
    *,
    tables_mb: int,
) -> StackedNetwork:
    """Return a trained model as it is served, from float32: it has no ``scales``."""
    del scales
    return StackedNetwork(configuration, weights, tables_mb=tables_mb)
