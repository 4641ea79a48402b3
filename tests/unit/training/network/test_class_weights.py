"""training/network/class_weights.py."""

import numpy as np
import pytest

from text_classification.training.network.class_weights import balanced_weights


def test_classes_weigh_the_same_together() -> None:
    """Each class adds up to n / classes, and the mean over the documents is 1."""
    labels = np.repeat(np.arange(3, dtype=np.int32), [1, 10, 89])
    weights = balanced_weights(labels, 3)
    assert weights.dtype == np.float32
    assert weights[labels].mean() == pytest.approx(1)
    assert np.bincount(labels, weights[labels]) == pytest.approx([100 / 3] * 3)


def test_equal_classes_count_as_without_weights() -> None:
    """All weights are 1."""
    assert balanced_weights(np.array([0, 1, 1, 0], np.int32), 2).tolist() == [1, 1]


def test_class_without_documents_is_no_division_by_zero() -> None:
    """Its weight is a number, which nothing asks for."""
    assert np.isfinite(balanced_weights(np.array([0, 2], np.int32), 3)).all()
