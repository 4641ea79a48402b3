"""What the training loop asks of an engine; how it computes is its own affair."""

from typing import Protocol

from text_classification.cnn.configuration import Floats, Weights
from text_classification.corpus.encoded import Ids


class Engine(Protocol):
    """A model in training."""

    def train_batch(self, tokens: Ids, labels: Ids) -> float:
        """Take one step and return the mean loss of the batch: int32 [B, T], int32 [B]."""

    def probabilities(self, tokens: Ids) -> Floats:
        """Return the scores of documents, dropout off: int32 [B, T] to float32 [B, C]."""

    def get_weights(self) -> Weights:
        """Return copies of the weights as they are now."""

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights."""
