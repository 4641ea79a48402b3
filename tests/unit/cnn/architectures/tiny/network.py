"""A trained model as it is served."""

import numpy as np
import numpy.typing as npt

from tests.unit.cnn.architectures.tiny.configuration import TinyConfiguration
from text_classification.cnn.base_configuration import Weights
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.kernels.convolution import softmax


class TinyNetwork:
    """A ``Network`` of ``inference/served_network.py``, whose methods are described there."""

    def __init__(self, configuration: TinyConfiguration, weights: Weights) -> None:
        self.longest = configuration.sequence_length
        self.padding = 0
        # What a token adds to the logits, wherever it stands: [vocabulary, classes].
        self._added = weights["embedding"] @ weights["dense.kernel"] / self.longest
        self._bias = weights["dense.bias"]

    def logits(self, ids: Ids, offsets: Indices) -> Floats:
        documents = np.split(ids, offsets[1:-1])
        sums = [self._added[each].sum(axis=0) + self._rest(len(each)) for each in documents]
        return np.array(sums, np.float32).reshape(-1, len(self._bias)) + self._bias

    def probabilities(self, ids: Ids, offsets: Indices) -> Floats:
        return softmax(self.logits(ids, offsets), np.zeros_like(self._bias))

    def contributions(self, ids: Ids, index: int) -> tuple[npt.NDArray[np.float64], float]:
        constant = float(self._rest(len(ids))[index] + self._bias[index])
        return self._added[ids, index].astype(np.float64), constant

    def _rest(self, tokens: int) -> Floats:
        """Return what the padding behind so many tokens adds to the logits: float32 [C]."""
        padding: Floats = (self.longest - tokens) * self._added[0]
        return padding


def create_network(
    configuration: TinyConfiguration,
    weights: Weights,
    scales: Floats | None,
    *,
    tables_mb: int,
) -> TinyNetwork:
    """Return the network; it has no int8 scales, and no tables that memory is set aside for."""
    del scales, tables_mb
    return TinyNetwork(configuration, weights)
