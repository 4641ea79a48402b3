"""A trained ``kim.v1`` as it is served: look-up tables, then the dense layer."""

import numpy as np
import numpy.typing as npt

from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.tables import Tables, int8_scales
from text_classification.cnn.base_configuration import Weights
from text_classification.kernels.arrays import Floats, Ids, Indices

__all__ = ["KimNetwork", "create_network", "int8_scales"]


class KimNetwork:
    """Its answers do not change, so threads and processes may share it.

    scales: those of int8 tables, None for float32; tables_mb: the most memory that they take, in
    mebibytes.
    """

    def __init__(
        self,
        configuration: KimConfiguration,
        weights: Weights,
        scales: Floats | None,
        *,
        tables_mb: int,
    ) -> None:
        self.longest = configuration.sequence_length
        self.padding = max(configuration.kernel_widths)
        budget = tables_mb << 20
        self.tables = Tables(configuration, weights, scales, budget=budget)
        self._dense = weights["dense.kernel"]
        self._bias = weights["dense.bias"]

    def logits(self, ids: Ids, offsets: Indices) -> Floats:
        """Return what the softmax is taken of: float32 [documents, classes].

        Document b is ``ids[offsets[b]:offsets[b + 1]]``: at most ``longest`` ids, with up to
        ``padding`` padding ids behind its tokens.
        """
        logits: Floats = self.tables.features(ids, offsets) @ self._dense
        logits += self._bias
        return logits

    def probabilities(self, ids: Ids, offsets: Indices) -> Floats:
        """Return scores that sum to 1 for each document: float32 [documents, classes]."""
        return self.tables.scores(ids, offsets)

    def contributions(self, ids: Ids, index: int) -> tuple[npt.NDArray[np.float64], float]:
        """Return what each id of one document adds to the logit of a class, and the constant.

        ids: int32 [n], cut and padded as for ``logits``. float64 [n] and the constant sum to the
        logit: every feature is a sum over its window's tokens.
        """
        shares = np.ascontiguousarray(self._dense[:, index])
        values, constant = self.tables.contributions(ids, shares)
        return values, constant + float(self._bias[index])


create_network = KimNetwork
