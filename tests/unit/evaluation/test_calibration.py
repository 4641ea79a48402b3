"""evaluation/calibration.py."""

import numpy as np
import pytest

from text_classification.evaluation.calibration import (
    BINS,
    calibration_error,
    fit_shares,
    fit_temperature,
    reliability,
    tempered,
)
from text_classification.kernels.arrays import Floats, Ids


def _softmax(logits: np.ndarray) -> Floats:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = (exponents / exponents.sum(axis=1, keepdims=True)).astype(np.float32)
    return result


def _drawn(seed: int, count: int = 20_000) -> tuple[np.ndarray, Ids]:
    """Return logits, and labels that were drawn by their probabilities."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 1.5, (count, 4))
    noise = generator.gumbel(size=logits.shape)
    return logits, (logits + noise).argmax(axis=1).astype(np.int32)


def test_error_by_hand() -> None:
    """Two bins: sure by 0.9 and right in one of two, sure by 0.6 and right."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6]], np.float32)
    labels = np.array([0, 1, 1], np.int32)
    assert calibration_error(labels, probabilities) == pytest.approx((2 * 0.4 + 0.4) / 3)


def test_reliability_by_hand() -> None:
    """Each bin has its answers, their confidence and how many are right; empty ones have none."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6]], np.float32)
    found = reliability(np.array([0, 1, 1], np.int32), probabilities)
    filled = found.documents > 0
    assert found.documents[filled].tolist() == [1, 2]
    assert found.accuracy[filled].tolist() == [1, 0.5]
    assert found.confidence[filled].tolist() == pytest.approx([0.6, 0.9])
    assert np.isnan(found.accuracy).sum() == np.isnan(found.confidence).sum() == BINS - 2


def test_certainty_has_a_bin() -> None:
    """A probability of 1 belongs to the last bin, not behind it."""
    assert calibration_error(np.array([0], np.int32), np.array([[1, 0]], np.float32)) == 0


@pytest.mark.parametrize("temperature", [0.25, 1.0, 3.0])
def test_temperature_is_found_again(temperature: float) -> None:
    """Logits that are too large or too small by a factor get that factor as their temperature."""
    logits, labels = _drawn(seed=3)
    probabilities = _softmax(logits * temperature)
    assert fit_temperature(labels, probabilities) == pytest.approx(temperature, rel=0.03)
    assert calibration_error(labels, _softmax(logits)) < 0.02


def test_shares_are_found_again() -> None:
    """Of two parts of the logits at other scales, and of one that says nothing."""
    logits, labels = _drawn(seed=4)
    generator = np.random.default_rng(5)
    part, noise = generator.normal(size=logits.shape), generator.normal(size=logits.shape)
    shares, offsets = fit_shares(labels, [(logits - part) * 4, part / 2, noise])
    assert shares[:2] == pytest.approx([0.25, 2], rel=0.05)
    assert shares[2] < 0.05
    assert np.abs(offsets).max() < 0.05


def test_classes_that_are_answered_too_seldom_are_helped() -> None:
    """By what their logits lack, where many documents tell; few move them little."""
    logits, labels = _drawn(seed=6)
    lack = np.array([0.0, 0.6, 0.0, -0.4])
    _, offsets = fit_shares(labels, [logits - lack])
    np.testing.assert_allclose(offsets - offsets[0], lack, atol=0.05)
    assert offsets.sum() == pytest.approx(0, abs=1e-3)  # more would change nothing
    _, of_few = fit_shares(labels[:20], [(logits - lack)[:20]])
    assert np.abs(of_few).max() < 0.3


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_tempered_answers_are_those_of_divided_logits(temperature: float) -> None:
    """Very small probabilities too: a hot temperature brings them back."""
    logits = np.concatenate([_drawn(seed=5, count=100)[0], [[60.0, 0, -20, 3]]])
    found = tempered(_softmax(logits), temperature)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, _softmax(logits / temperature), rtol=1e-4)


def test_model_without_a_mistake_does_not_become_certain() -> None:
    """Where no answer was wrong, the smoothed labels still leave room for one."""
    labels = np.zeros(50, np.int32)
    probabilities = np.tile(np.array([0.8, 0.2], np.float32), (50, 1))
    temperature = fit_temperature(labels, probabilities)
    surest = _softmax(np.log(probabilities.astype(float)) / temperature)[0, 0]
    assert surest == pytest.approx(51 / 52, abs=1e-3)


def test_calibrated_model_stays_as_it_is() -> None:
    """Where the temperature is right already, the loss gets no worse."""
    logits, labels = _drawn(seed=4)
    probabilities = _softmax(logits)

    def loss(values: Floats) -> float:
        return float(-np.log(values[np.arange(len(labels)), labels]).mean())

    temperature = fit_temperature(labels, probabilities)
    assert loss(_softmax(logits / temperature)) <= loss(probabilities) + 1e-6
