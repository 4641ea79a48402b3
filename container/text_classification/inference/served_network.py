"""The interface of a trained network to the classifier, whatever its architecture."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from text_classification.artifact import Artifact
from text_classification.cnn.architectures.registry import file_of
from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.kernels.arrays import Floats, Ids, Indices


class Network(Protocol):
    """Its answers do not change, so threads and processes may share it."""

    # The tokens of a document that are read, and how many padding ids are to follow shorter ones.
    longest: int
    padding: int

    def logits(self, ids: Ids, offsets: Indices) -> Floats:
        """Return what the softmax is taken of: float32 [documents, classes].

        Document b is ``ids[offsets[b]:offsets[b + 1]]``: at most ``longest`` ids, with up to
        ``padding`` padding ids behind its tokens.
        """

    def probabilities(self, ids: Ids, offsets: Indices) -> Floats:
        """Return scores that sum to 1 for each document: float32 [documents, classes]."""

    def contributions(self, ids: Ids, index: int) -> tuple[npt.NDArray[np.float64], float]:
        """Return what each id of one document adds to the logit of a class, and the constant.

        ids: int32 [n], cut and padded as for ``logits``. float64 [n] and the constant sum to the
        logit.
        """


def create_network(artifact: Artifact, *, tables_mb: int) -> Network:
    """Return the network that serves an artifact.

    tables_mb: the memory for tables, in MiB.
    """
    weights = artifact.weights
    if artifact.further:
        weights = artifact.further.added_to(weights)
    return network_of(artifact.configuration, weights, artifact.scales, tables_mb=tables_mb)


def network_of(
    configuration: Configuration, weights: Weights, scales: Floats | None, *, tables_mb: int
) -> Network:
    """Return the network that serves weights of this shape; scales: those of int8 tables."""
    network: Network = file_of(configuration, "network").create_network(
        configuration, weights, scales, tables_mb=tables_mb
    )
    return network


def int8_scales(configuration: Configuration, weights: Weights) -> Floats:
    """Return the scales of int8 tables, of the configuration's ``int8_scales_shape``."""
    scales: Floats = file_of(configuration, "network").int8_scales(configuration, weights)
    return scales
