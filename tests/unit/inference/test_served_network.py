"""inference/served_network.py."""

import numpy as np
import pytest

from tests.unit.helpers import pooled_artifact, random_artifact, stacked_artifact
from text_classification.artifact import Artifact
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.cnn.architectures.pooled.network import PooledNetwork
from text_classification.cnn.architectures.stacked.network import StackedNetwork
from text_classification.inference.served_network import create_network


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (random_artifact(), KimNetwork),
        (random_artifact(int8=True), KimNetwork),
        (pooled_artifact(), PooledNetwork),
        (stacked_artifact(), StackedNetwork),
    ],
    ids=["kim", "kim in int8", "pooled", "stacked"],
)
def test_each_architecture_is_served_by_its_network(model: Artifact, kind: type) -> None:
    """Each reads documents as it asks for them, and scores are the softmax of logits."""
    network = create_network(model, tables_mb=1)
    assert type(network) is kind
    assert network.longest == model.configuration.sequence_length
    ids = np.array([5, 6, 7] + [0] * network.padding, np.int32)
    offsets = np.array([0, len(ids)], np.int64)
    exponents = np.exp(network.logits(ids, offsets))
    scores = network.probabilities(ids, offsets)
    np.testing.assert_allclose(scores, exponents / exponents.sum(), rtol=1e-5)
