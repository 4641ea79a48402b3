"""evaluation/metrics.py."""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest

from text_classification.evaluation.curve_areas import curve_areas
from text_classification.evaluation.metrics import report_classes, score, summarize

LABELS = np.array([0, 0, 0, 1, 1, 2], dtype=np.int32)
PROBABILITIES = np.array(
    [
        [0.8, 0.1, 0.1, 0.0],
        [0.5, 0.2, 0.3, 0.0],
        [0.2, 0.7, 0.1, 0.0],
        [0.1, 0.6, 0.3, 0.0],
        [0.4, 0.3, 0.3, 0.0],
        [0.2, 0.5, 0.3, 0.0],
    ],
    dtype=np.float32,
)
AREAS = curve_areas(LABELS, PROBABILITIES)


def test_summary_by_hand() -> None:
    """Loss, accuracy and macro F1 of six documents, worked out on paper.

    Class 0: 2 of 3 answers right, 2 of 3 found. Class 1: 1 of 3 and 1 of 2. Class 2: nothing.
    """
    summary = summarize(LABELS, PROBABILITIES)
    losses = [-math.log(value) for value in (0.8, 0.5, 0.2, 0.6, 0.3, 0.3)]
    assert summary.documents == 6
    assert summary.loss == pytest.approx(sum(losses) / 6, rel=1e-6)
    assert summary.accuracy == pytest.approx(3 / 6)
    assert summary.macro_f1 == pytest.approx((2 / 3 + 2 / 5 + 0) / 3)


def test_summary_is_named_by_its_part() -> None:
    """The names are those of the metric definitions."""
    summary = summarize(LABELS, PROBABILITIES)
    assert summary.metrics("test") == {
        "test:loss": summary.loss,
        "test:accuracy": summary.accuracy,
        "test:macro_f1": summary.macro_f1,
    }


def test_certain_error_has_a_finite_loss() -> None:
    """A probability of 0 for the true class is a large loss, not an infinite one."""
    summary = summarize(np.array([1], dtype=np.int32), np.array([[1, 0]], dtype=np.float32))
    assert summary.loss == pytest.approx(-math.log(1e-12))


def test_report_by_hand() -> None:
    """Each class has its scores; a class that never occurs is listed with zeros."""
    report = report_classes(LABELS, PROBABILITIES, ["a", "b", "c", "d"], AREAS)
    assert report.confusion_matrix.tolist() == [
        [2, 1, 0, 0],
        [1, 1, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 0],
    ]
    a, b, c, d = report.classes
    assert asdict(a) == {
        "label": "a",
        "precision": pytest.approx(2 / 3),
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(2 / 3),
        "support": 3,
        # Ranked 0.8, 0.5, (0.4 of another), 0.2 and (0.2, 0.1 of others).
        "pr_auc": pytest.approx((1 + 1 + 3 / 5) / 3),
        "roc_auc": pytest.approx((3 + 3 + 1.5) / 9),
    }
    assert [b.precision, b.recall] == pytest.approx([1 / 3, 1 / 2])
    assert (c.f1, c.support) == (0, 1)
    assert (d.f1, d.support, d.pr_auc, d.roc_auc) == (0, 0, None, None)


def test_scores_of_a_part_are_json() -> None:
    """Numbers where there are any, null where a curve has no area; intervals hold their score."""
    scores = json.loads(json.dumps(asdict(score(LABELS, PROBABILITIES, AREAS)), allow_nan=False))
    assert scores["weighted_f1"] == pytest.approx((3 * 2 / 3 + 2 * 2 / 5 + 0) / 6)
    for name in ("accuracy", "macro_f1"):
        low, high = scores[f"{name}_interval"]
        assert 0 <= low <= scores[name] <= high <= 1
    labels, sure = np.zeros(3, np.int32), np.array([[0.9, 0.1]] * 3, np.float32)
    alone = score(labels, sure, curve_areas(labels, sure))
    assert (alone.pr_auc, alone.roc_auc) == (None, None)
    assert alone.calibration_error == pytest.approx(0.1)
