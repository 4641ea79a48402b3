"""Classify texts with a trained model, as its Keras definition would, without Keras.

A convolution over an embedding is a sum of look-ups: for a window that starts at position t,

    v(t) = bias + sum over j < width of  (E W[j])[x(t + j)]

so each distinct token of a document is projected once, and windows add rows. All windows that lie
wholly in the padding are equal, so one of them is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.artifact import Artifact
from text_classification.cnn.configuration import Floats, bias_name, kernel_name
from text_classification.corpus.encoded import Ids
from text_classification.corpus.tokenizer import TOKENIZERS
from text_classification.corpus.vocabulary import PADDING, UNKNOWN


@dataclass(frozen=True)
class Scores:
    """What the model makes of one document: float32 [classes], and how much of it was read."""

    probabilities: Floats
    tokens: int
    unknown_tokens: int


class Classifier:
    """Answers from one artifact; it holds no state besides, so threads may share it."""

    def __init__(self, artifact: Artifact) -> None:
        self.labels = artifact.labels
        self._configuration = artifact.configuration
        self._weights = artifact.weights
        self._vocabulary = artifact.vocabulary
        self._tokenize = TOKENIZERS[artifact.tokenizer]

    def classify(self, texts: Sequence[str]) -> list[Scores]:
        """Return the scores of each text, in order."""
        return [self._classify(text) for text in texts]

    def _classify(self, text: str) -> Scores:
        ids = self._vocabulary.encode(self._tokenize(text))
        return Scores(
            probabilities=self._probabilities(ids[: self._configuration.sequence_length]),
            tokens=len(ids),
            unknown_tokens=int((ids == UNKNOWN).sum()),
        )

    def _probabilities(self, ids: Ids) -> Floats:
        """Return the softmax scores of one document: int32 [n <= T] to float32 [C]."""
        padded = self._padded(ids)
        distinct, positions = np.unique(padded, return_inverse=True)
        embedded = self._weights["embedding"][distinct]  # [distinct, D]
        pooled = [
            self._pooled(width, embedded, positions) for width in self._configuration.kernel_widths
        ]
        features = np.concatenate(pooled)  # [features]
        logits = features @ self._weights["dense.kernel"] + self._weights["dense.bias"]  # [C]
        exponents = np.exp(logits - logits.max())
        return np.asarray(exponents / exponents.sum(), dtype=np.float32)

    def _padded(self, ids: Ids) -> Ids:
        """Pad at the end, as far as windows of tokens and padding, or padding alone, reach."""
        widest = max(self._configuration.kernel_widths)
        length = min(len(ids) + widest, self._configuration.sequence_length)
        return np.pad(ids, (0, length - len(ids)), constant_values=PADDING)

    def _pooled(self, width: int, embedded: Floats, positions: np.ndarray) -> Floats:
        """Return the maximum over time of one kernel width: float32 [F]."""
        kernel = self._weights[kernel_name(width)]  # [width, D, F]
        windows = len(positions) - width + 1
        values = np.zeros((windows, kernel.shape[2]), dtype=np.float32)
        for offset in range(width):
            values += (embedded @ kernel[offset])[positions[offset : offset + windows]]
        # ReLU grows with its argument and the bias is the same everywhere: both commute with max.
        pooled: Floats = values.max(axis=0) + self._weights[bias_name(width)]
        return np.maximum(pooled, 0)
