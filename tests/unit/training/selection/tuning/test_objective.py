"""training/selection/tuning/objective.py."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from text_classification.training.selection.tuning.objective import objective_value

LABELS = np.array([0, 0, 1, 1, 1], np.int32)
FIRST = np.array([0.9, 0.4, 0.6, 0.2, 0.1], np.float32)
PROBABILITIES = np.stack([FIRST, 1 - FIRST], axis=1)


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("accuracy", 3 / 5),
        ("macro_f1", (1 / 2 + 2 / 3) / 2),
        (
            "pr_auc",
            np.mean(
                [
                    average_precision_score(LABELS == 0, FIRST),
                    average_precision_score(LABELS == 1, 1 - FIRST),
                ]
            ),
        ),
    ],
)
def test_objective_by_hand(objective: str, expected: float) -> None:
    """Three right of five, F1 of each class, areas of each class."""
    assert objective_value(objective, LABELS, PROBABILITIES) == pytest.approx(expected)


def test_one_class_has_no_area() -> None:
    """There is no curve without documents of another class."""
    value = objective_value("pr_auc", np.zeros(5, np.int32), PROBABILITIES)
    assert np.isnan(value)
