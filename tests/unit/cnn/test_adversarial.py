"""cnn/adversarial.py."""

import numpy as np
import pytest

from text_classification.cnn.adversarial import Gradients, moved


def test_the_move_goes_up_the_gradient_and_is_measured_by_the_vectors() -> None:
    """Of 4 documents it is as long as the square root of 4 times what one may have."""
    generator = np.random.default_rng(1)
    rows, gradient = (generator.normal(size=(6, 10)).astype(np.float32) for _ in range(2))
    for scale in (1, 100):
        move = moved(scale * rows, gradient, 0.2, 4) - scale * rows
        length = np.sqrt((np.square(scale * rows).sum(axis=1)).mean())
        assert np.linalg.norm(move) == pytest.approx(0.2 * length * 2, rel=1e-4)
        cosine = (move * gradient).sum() / np.linalg.norm(move) / np.linalg.norm(gradient)
        assert cosine == pytest.approx(1, abs=1e-5)


def test_without_a_gradient_nothing_is_moved() -> None:
    """There is no direction then, and no division by 0."""
    rows = np.ones((2, 3), np.float32)
    np.testing.assert_array_equal(moved(rows, np.zeros_like(rows), 0.2, 4), rows)


def test_gradients_have_a_mean() -> None:
    """Name by name, and that of the rows."""
    one, other = (
        Gradients(np.full((1, 2), value, np.float32), {"kernels": np.array([value], np.float32)})
        for value in (1, 3)
    )
    mean = one.mean(other)
    assert mean.embedded.tolist() == [[2, 2]]
    assert mean.own["kernels"].tolist() == [2]
