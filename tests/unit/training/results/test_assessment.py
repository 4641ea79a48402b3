"""training/results/assessment.py."""

import numpy as np

from tests.unit.helpers import random_artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.training.results.assessment import at_temperature


def test_temperature_divides_the_logits_and_nothing_else() -> None:
    """Every reader of the weights gives the calibrated scores; the answers stay."""
    artifact = random_artifact()
    configuration = artifact.configuration
    assert isinstance(configuration, KimConfiguration)
    ids, offsets = np.array([3, 4, 5, 6, 7, 0, 0, 0], np.int32), np.array([0, 8])
    before, after = (
        KimNetwork(configuration, weights, None, tables_mb=1).logits(ids, offsets)
        for weights in (artifact.weights, at_temperature(artifact.weights, 2.5))
    )
    np.testing.assert_allclose(after, before / 2.5, rtol=1e-5)
