"""cnn/learning_rate.py; that Keras decays alike is seen in test_engine_parity.py."""

import pytest

from text_classification.cnn.learning_rate import LearningRate


def test_rate_falls_smoothly() -> None:
    """After decay_steps it is decay_rate of the first, in between the same part each step."""
    rate = LearningRate(0.01, decay_steps=1000, decay_rate=0.2)
    assert rate.at(0) == 0.01
    assert rate.at(1000) == pytest.approx(0.002)
    assert rate.at(2000) == pytest.approx(0.0004)
    assert rate.at(500) == pytest.approx(0.01 * 0.2**0.5)


def test_rate_stays_unless_asked_to_fall() -> None:
    """Without decay every step has the first rate, to the bit."""
    assert {LearningRate(0.001).at(step) for step in (0, 1, 10**6)} == {0.001}
