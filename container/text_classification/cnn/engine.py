"""The interface of an engine to the training loop."""

from typing import Protocol

from text_classification.cnn.base_configuration import Weights
from text_classification.corpus.encoded import Batch
from text_classification.kernels.arrays import Floats, Ids, State


class Engine(Protocol):
    """A model in training."""

    # How much padding a document shorter than the sequence must have, as far as it goes.
    padding: int
    # How many documents it answers at a time.
    evaluation_batch: int

    def train_batch(self, batch: Batch, labels: Ids) -> float:
        """Take one step and return the mean loss of B documents; labels: int32 [B]."""

    def probabilities(self, batch: Batch) -> Floats:
        """Return the scores of B documents, dropout off: float32 [B, C]."""

    def get_weights(self) -> Weights:
        """Return copies of the weights as they are now."""

    def set_weights(self, weights: Weights) -> None:
        """Go on from these weights."""

    def get_state(self) -> State:
        """Return copies of all that the next step depends on: weights, optimizer, dropout."""

    def set_state(self, state: State) -> None:
        """Go on from a state that ``get_state`` of the same kind of engine returned."""
