"""serving/model_description.py."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.helpers import random_artifact, random_ngrams
from text_classification.serving.model_description import describe


def test_model_is_described() -> None:
    """In a few words."""
    model = replace(
        random_artifact(labels=("yes", "no")),
        hyperparameters={"recipe": "wide"},
        metrics={"trained": "2026-11-21T13:28:18+00:00"},
        ngrams=random_ngrams(),
    )
    assert describe(model) == {
        "architecture": "kim.v1",
        "recipe": "wide",
        "ngrams": True,
        "labels": 2,
        "trained": "2026-11-21T13:28:18+00:00",
        "format_version": 1,
    }


@pytest.mark.parametrize("values", [{}, [], None, {"recipe": 7, "trained": ["x"]}])
def test_what_a_model_does_not_say_is_null(values: Any) -> None:
    """Nothing else has looked at these values."""
    found = describe(replace(random_artifact(), metrics=values, hyperparameters=values))
    assert (found["recipe"], found["trained"]) == (None, None)


def test_long_value_is_cut() -> None:
    """A model may be anybody's."""
    found = describe(replace(random_artifact(), hyperparameters={"recipe": "x" * 1000}))
    assert found["recipe"] == "x" * 80
