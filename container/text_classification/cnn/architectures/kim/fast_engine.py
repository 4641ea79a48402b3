"""The engine ``fast``: the steps of ``kim.v1`` without the work that a framework does in vain.

A convolution over an embedding is a sum of look-ups, so only the batch's distinct tokens are
projected; the gradient of a maximum over time touches one window a document and filter, so the
backward pass is a few rows. Neither is an approximation: from the same weights and batches it
comes to the weights that Keras comes to, but for rounding (and but for the moments of tokens that
a batch does not hold; see ``adam``).

The filters are projected and pooled part by part, always the same parts: what BLAS rounds depends
on the shape of a product, and so several hosts that take a part each come to the same bits as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from text_classification.cnn.adam import Adam
from text_classification.cnn.adversarial import Gradients, moved
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.convolutions import bias_name, kernel_name
from text_classification.cnn.initial_weights import initial_weights
from text_classification.cnn.learning_rate import LearningRate
from text_classification.cnn.normalization import Normalization
from text_classification.contract.hyperparameters.engine_options import PLAIN, EngineOptions
from text_classification.corpus.encoded import Batch
from text_classification.kernels import convolution
from text_classification.kernels.arrays import Floats, Ids, Indices, State, aligned, aligned_copy
from text_classification.kernels.products import multiply
from text_classification.machine.processors import processor_count, share_or

# The parts of a width's filters: so many hosts at most have something to do. More take longer.
PARTS = 4
# Tokens times features answered at a time: the more tokens, the fewer of them are distinct, and
# only those are projected; but the memory grows with both.
EVALUATED_NUMBERS = 1 << 27
FEWEST_EVALUATED, MOST_EVALUATED = 256, 4096


@dataclass(frozen=True)
class _Pooled:
    """A forward pass up to the pooled features, and what its way back needs."""

    positions: Ids  # [tokens]
    offsets: Indices  # [B + 1]
    embedded: Floats  # [U, D]
    where: Ids  # [B, features]
    features: Floats  # [B, features], bias added, ReLU taken


class FastEngine:
    """An ``Engine`` in NumPy and C."""

    def __init__(  # noqa: PLR0913 - options by name
        self,
        configuration: KimConfiguration,
        *,
        learning_rate: LearningRate,
        seed: int,
        class_weights: Floats | None = None,
        options: EngineOptions = PLAIN,
        steps_an_epoch: int = 1,
        threads: int | None = None,
    ) -> None:
        # All windows of padding alone are equal, so one of the widest kernel is enough.
        self.padding = max(configuration.kernel_widths)
        numbers = configuration.sequence_length * configuration.features
        fitting = min(EVALUATED_NUMBERS // numbers, MOST_EVALUATED)
        self.evaluation_batch = max(fitting, FEWEST_EVALUATED)
        self._configuration = configuration
        self._learning_rate = learning_rate
        self._class_weights = class_weights
        self._options = options
        self._frozen_steps = options.frozen_epochs * steps_an_epoch
        self._fixed_threads = threads
        self._threads = threads or processor_count()
        self._seed = seed
        self._scratch: dict[str, Floats] = {}
        self._table = np.full(configuration.vocabulary_size, -1, np.int32)
        self.set_weights(initial_weights(configuration, seed))

    def train_batch(self, batch: Batch, labels: Ids) -> float:
        """Take one step and return the mean loss of B documents; labels: int32 [B]."""
        # A share of the processors may have grown since the step before.
        self._threads = self._fixed_threads or share_or(self._threads)
        self._adam.threads = self._threads
        distinct, documents = self._documents(batch)
        pooled = self._pool(self._embed(distinct), documents)
        keep = self._kept(pooled.features.shape)
        loss, gradients = self._gradients(pooled, keep, labels)
        if self._options.adversarial:
            rows = moved(
                pooled.embedded, gradients.embedded, self._options.adversarial, len(labels)
            )
            _, others = self._gradients(self._pool(rows, documents), keep, labels)
            gradients = gradients.mean(others)
        self._update(distinct, gradients)
        return loss

    def probabilities(self, batch: Batch) -> Floats:
        """Return the scores of B documents: float32 [B, C]."""
        distinct, documents = self._documents(batch)
        return self._scores(self._pool(self._embed(distinct), documents).features, self._folded())

    def get_weights(self) -> Weights:
        """Return copies of the weights as they are now."""
        weights = {"embedding": self._own["embedding"].copy()}
        filters, size = self._configuration.filters, self._configuration.embedding_size
        rows, first = self._own["kernels"], 0
        for index, width in enumerate(self._configuration.kernel_widths):
            block = rows[first : first + width * filters].reshape(width, filters, size)
            weights[kernel_name(width)] = np.ascontiguousarray(block.transpose(0, 2, 1))
            columns = slice(index * filters, (index + 1) * filters)
            weights[bias_name(width)] = self._own["biases"][columns].copy()
            first += width * filters
        dense = self._folded()
        return {**weights, **{name: dense[name].copy() for name in ("dense.kernel", "dense.bias")}}

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights, with the optimizer's moments at 0."""
        widths, size = self._configuration.kernel_widths, self._configuration.embedding_size
        # A row for each width, offset and filter, so that the way back runs along rows.
        blocks = [
            weights[kernel_name(width)].transpose(0, 2, 1).reshape(-1, size) for width in widths
        ]
        own = {
            "embedding": weights["embedding"],
            "kernels": np.concatenate(blocks),
            "biases": np.concatenate([weights[bias_name(width)] for width in widths]),
            "dense.kernel": weights["dense.kernel"],
            "dense.bias": weights["dense.bias"],
        }
        self._own = {name: aligned_copy(array) for name, array in own.items()}
        features = self._configuration.features
        self._normalization = Normalization(features) if self._options.batch_normalization else None
        learned = self._normalization.learned if self._normalization else {}
        self._adam = Adam({**self._own, **learned}, self._learning_rate, self._threads)

    def get_state(self) -> State:
        """Return copies of the weights, in the order that this engine has them, and Adam's."""
        own = {f"own.{name}": array.copy() for name, array in self._own.items()}
        normalization = self._normalization.get_state() if self._normalization else {}
        return {**own, **normalization, **self._adam.get_state()}

    def set_state(self, state: State) -> None:
        """Go on from a state that ``get_state`` returned."""
        self._own = {name: aligned_copy(state[f"own.{name}"]) for name in self._own}
        if self._normalization:
            self._normalization.set_state(state)
        self._adam.set_state(state)

    def _documents(self, batch: Batch) -> tuple[Ids, tuple[Ids, Indices]]:
        """Return a batch's distinct tokens [U], and its documents in places of those."""
        distinct, positions = convolution.distinct_ids(batch.ids, self._table)
        return distinct, (positions, batch.offsets)

    def _pool(self, embedded: Floats, documents: tuple[Ids, Indices]) -> _Pooled:
        """Return the pooled features of documents, padded as this engine asks.

        embedded: float32 [U, D], the rows of the tokens that they are made of.
        """
        best, where = self._maxima(embedded, *documents)
        best += self._own["biases"]
        features = np.maximum(best, 0, out=best)
        return _Pooled(*documents, embedded, where, features)

    def _maxima(self, embedded: Floats, positions: Ids, offsets: Indices) -> tuple[Floats, Ids]:
        """Return the maximum over time of every filter and where it was: [B, features] each."""
        shape = len(offsets) - 1, self._configuration.features
        best, where = np.empty(shape, np.float32), np.empty(shape, np.int32)
        self._pool_parts(range(PARTS), (embedded, positions, offsets), best, where)
        return best, where

    def _pool_parts(
        self,
        parts: Iterable[int],
        documents: tuple[Floats, Ids, Indices],
        best: Floats,
        where: Ids,
    ) -> None:
        """Write the columns of some parts of the filters; see ``_maxima``.

        documents: the embedded tokens, positions and offsets.
        """
        embedded, positions, offsets = documents
        widths, filters = self._configuration.kernel_widths, self._configuration.filters
        columns = len(offsets) - 1, len(widths), filters
        for part in parts:
            chosen = slice(filters * part // PARTS, filters * (part + 1) // PARTS)
            if chosen.start == chosen.stop:
                continue
            found = convolution.pool_forward(
                self._project(embedded, chosen),
                positions,
                offsets,
                widths,
                chosen.stop - chosen.start,
                threads=self._threads,
            )
            for whole, own in zip((best, where), found, strict=True):
                whole.reshape(columns)[:, :, chosen] = own.reshape(*columns[:2], -1)

    def _embed(self, distinct: Ids) -> Floats:
        """Return the embedding's rows of U tokens: float32 [U, D], until the next call."""
        embedding = self._own["embedding"]
        embedded = self._room("embedded", len(distinct), embedding.shape[1])
        # No id is cut off: they are known to be sound, and a check would copy the rows once more.
        return np.take(embedding, distinct, axis=0, out=embedded, mode="clip")

    def _project(self, embedded: Floats, filters: slice) -> Floats:
        """Return some filters' kernel rows times every token: float32 [U, D] to [U, rows].

        The result is there until the next call.
        """
        size = embedded.shape[1]
        rows = self._own["kernels"].reshape(-1, self._configuration.filters, size)[:, filters]
        kernels = rows.reshape(-1, size)  # a copy
        projected = self._room("projected", len(embedded), len(kernels))
        return multiply(embedded, kernels.T, projected, threads=self._threads)

    def _room(self, name: str, rows: int, columns: int) -> Floats:
        """Return an array for each batch anew: fresh memory would cost a tenth of the step."""
        if name not in self._scratch or self._scratch[name].size < rows * columns:
            self._scratch[name] = aligned((rows * 5 // 4 * columns,), np.float32)
        return self._scratch[name][: rows * columns].reshape(rows, columns)

    def _gradients(self, pooled: _Pooled, keep: Floats, labels: Ids) -> tuple[float, Gradients]:
        """Return the mean loss of B documents and its gradients; keep: [B, features], dropout."""
        own, normalization = self._own, self._normalization
        features = normalization.train(pooled.features) if normalization else pooled.features
        dropped = features * keep
        probabilities = self._scores(dropped, own)  # [B, C]
        rows = np.arange(len(labels))
        importance = self._importance(labels)  # [B]
        loss = -np.log(np.maximum(probabilities[rows, labels], 1e-7)) * importance
        gradient = probabilities  # of the logits, [B, C]
        gradient[rows, labels] -= 1
        gradient *= (importance / np.float32(len(labels)))[:, None]
        back = (gradient @ own["dense.kernel"].T) * keep
        learned: Weights = {}
        if normalization:
            back, learned = normalization.gradients(back)
        back *= pooled.features > 0
        embedded, kernels = convolution.pool_backward(
            back,
            pooled.where,
            pooled.positions,
            pooled.offsets,
            self._configuration.kernel_widths,
            pooled.embedded,
            own["kernels"],
            threads=self._threads,
        )
        # What a bias adds, a normalisation takes away: its gradient would be rounding errors.
        biases = {} if normalization else {"biases": back.sum(axis=0)}
        dense = {"dense.kernel": dropped.T @ gradient, "dense.bias": gradient.sum(axis=0)}
        return float(loss.mean()), Gradients(
            embedded, {**learned, "kernels": kernels, **biases, **dense}
        )

    def _update(self, distinct: Ids, gradients: Gradients) -> None:
        """Update all weights; of the embedding, the rows of the distinct tokens [U]."""
        adam, learned = self._adam, self._normalization.learned if self._normalization else {}
        frozen = adam.steps < self._frozen_steps
        adam.start_step()
        if not frozen:
            adam.update("embedding", self._own["embedding"], gradients.embedded, distinct)
        for name, gradient in gradients.own.items():
            array = learned[name] if name in learned else self._own[name]
            adam.update(name, array, gradient)

    def _folded(self) -> Weights:
        """Return the weights with the normalization, if there is one, in the dense layer."""
        return self._normalization.folded(self._own) if self._normalization else self._own

    @staticmethod
    def _scores(features: Floats, weights: Weights) -> Floats:
        """Return softmax scores: [B, features] to [B, C]."""
        logits: Floats = features @ weights["dense.kernel"]
        return convolution.softmax(logits, weights["dense.bias"])

    def _kept(self, shape: tuple[int, ...]) -> Floats:
        """Return 0 for dropped features and 1 / (1 - rate) for the others, so the mean stays."""
        rate = np.float32(self._configuration.dropout)
        # From seed and step alone: a run that goes on from a checkpoint drops what it would have.
        generator = np.random.default_rng((self._seed, self._adam.steps))
        kept = (generator.random(shape, np.float32) >= rate).astype(np.float32)
        kept /= 1 - rate
        return kept

    def _importance(self, labels: Ids) -> Floats:
        """Return how much each document counts: float32 [B]."""
        if self._class_weights is None:
            return np.ones(len(labels), np.float32)
        return self._class_weights[labels]


ENGINE = FastEngine
