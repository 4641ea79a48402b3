"""serving/models/model_description.py."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.helpers import random_artifact, random_ngrams
from text_classification.serving.models.model_description import describe

SCORES = {
    "documents": 60,
    "accuracy": 0.95,
    "macro_f1": 0.94,
    "weighted_f1": 1.0,
    "pr_auc": 0.99,
    "roc_auc": 0.98,
    "calibration_error": 0.0,
}


def test_model_is_described() -> None:
    """In a few words."""
    model = replace(
        random_artifact(labels=("yes", "no")),
        hyperparameters={"recipe": "wide"},
        metrics={
            "trained": "2026-11-21T13:28:18+00:00",
            "job_name": "letters-7",
            "validation": {**SCORES, "loss": 0.1, "accuracy_interval": [0.9, 1.0]},
            "test": {**SCORES, "pr_auc": None},
        },
        ngrams=random_ngrams(),
    )
    without_area = {name: score for name, score in SCORES.items() if name != "pr_auc"}
    assert describe(model) == {
        "name": "letters-7",
        "architecture": "kim.v1",
        "recipe": "wide",
        "ngrams": True,
        "labels": 2,
        "trained": "2026-11-21T13:28:18+00:00",
        "scores": {"validation": SCORES, "test": without_area},
        "format_version": 1,
    }


@pytest.mark.parametrize(
    "values", [{}, [], None, {"recipe": 7, "trained": ["x"], "job_name": "", "test": [0.5]}]
)
def test_what_a_model_does_not_say_is_null(values: Any) -> None:
    """Nothing else has looked at these values."""
    found = describe(replace(random_artifact(), metrics=values, hyperparameters=values))
    assert (found["name"], found["recipe"], found["trained"]) == (None, None, None)
    assert found["scores"] == {}


@pytest.mark.parametrize("value", ["0.9", True, -0.1, 1.1, 10**400, float("inf"), None, [1]])
def test_what_is_no_score_is_left_out(value: Any) -> None:
    """It could not be written, or would be no share."""
    metrics = {"validation": {"accuracy": value, "macro_f1": 0.5}, "test": {"accuracy": value}}
    found = describe(replace(random_artifact(), metrics=metrics))
    assert found["scores"] == {"validation": {"macro_f1": 0.5}}


@pytest.mark.parametrize("value", ["7", True, -1, 7.0, 10**400])
def test_what_is_no_count_is_left_out(value: Any) -> None:
    """As large a number as JSON may hold is none."""
    metrics = {"test": {"documents": value, "accuracy": 0.5}}
    found = describe(replace(random_artifact(), metrics=metrics))
    assert found["scores"] == {"test": {"accuracy": 0.5}}


def test_long_value_is_cut() -> None:
    """A model may be anybody's."""
    found = describe(replace(random_artifact(), hyperparameters={"recipe": "x" * 1000}))
    assert found["recipe"] == "x" * 80
