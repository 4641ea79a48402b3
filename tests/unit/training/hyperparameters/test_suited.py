"""training/hyperparameters/suited.py."""

import logging
from typing import Any

import pytest

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.hyperparameters.parse import parse_hyperparameters, resolve
from text_classification.training.hyperparameters.suited import (
    FEW,
    MANY_DOCUMENTS,
    TrainingSize,
    suited,
    tell_suited,
)

MANY = MANY_DOCUMENTS[-1]


def steps(chosen: Hyperparameters) -> tuple[int, float]:
    """Return what suits the number of documents."""
    return chosen.batch_size, chosen.learning_rate


@pytest.mark.parametrize(("recipe", "documents"), [("kim", MANY.documents - 1), ("wide", FEW)])
def test_few_documents_are_trained_as_ever(recipe: str, documents: int) -> None:
    """Below the first bound, to the same weights."""
    parameters = resolve({"recipe": recipe})
    assert suited(parameters, TrainingSize(documents, 64)) is parameters
    assert steps(parameters) == (64, 1e-3)


def test_many_documents_have_larger_steps() -> None:
    """The more documents the larger the batch, and the learning rate with it."""
    bounds = [each.documents for each in MANY_DOCUMENTS]
    assert bounds == sorted(bounds, reverse=True)
    for bound, batch_size, learning_rate in MANY_DOCUMENTS:
        assert steps(suited(resolve({}), TrainingSize(bound, 64))) == (batch_size, learning_rate)


@pytest.mark.parametrize(
    ("given", "size", "expected"),
    [
        ({"recipe": "wide"}, TrainingSize(FEW, 64), 0.2),
        ({"recipe": "wide"}, TrainingSize(FEW + 1, 64), 0.0),
        ({"recipe": "wide"}, TrainingSize(MANY.documents, 64), 0.0),
        ({"recipe": "wide"}, TrainingSize(1000, 65), 0.0),
        ({"recipe": "wide", "adversarial": 0.2}, TrainingSize(MANY.documents, 65), 0.2),
        ({"recipe": "kim"}, TrainingSize(100, 10), 0.0),
    ],
)
def test_many_or_long_documents_are_learned_from_once_a_step(
    given: dict[str, Any], size: TrainingSize, expected: float
) -> None:
    """Adversarial training is for others, unless it is asked for; whatever the size of a step."""
    assert suited(resolve(given), size).adversarial == expected
    assert suited(resolve({**given, "batch_size": 32}), size).adversarial == expected


@pytest.mark.parametrize(
    ("given", "documents", "expected"),
    [
        ({"recipe": "wide"}, MANY.documents, ("mean", 50_000)),
        ({"recipe": "wide"}, MANY.documents - 1, ("p95", 0)),
        ({"recipe": "wide", "sequence_length": "p95"}, MANY.documents, ("p95", 50_000)),
        ({"recipe": "wide", "network_tokens": 0}, MANY.documents, ("mean", 0)),
        ({"recipe": "wide", "ngrams": False}, MANY.documents, ("p95", 0)),
    ],
)
def test_of_many_documents_a_network_beside_ngrams_reads_less(
    given: dict[str, Any], documents: int, expected: tuple[str, int]
) -> None:
    """The n-grams read what it does not, unless it is asked for."""
    chosen = suited(resolve(given), TrainingSize(documents, 64))
    assert (chosen.sequence_length, chosen.network_tokens) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"batch_size": 64}, (64, 1e-3)),
        ({"learning_rate": 0.005}, (64, 0.005)),
        ({"recipe": "stacked"}, (64, 0.01)),
    ],
)
def test_what_is_set_stays(given: dict[str, Any], expected: tuple[int, float]) -> None:
    """By the user or by the recipe: neither is changed then, since one goes with the other."""
    assert steps(suited(resolve(given), TrainingSize(10_000_000, 64))) == expected


def test_auto_is_what_suits(caplog: pytest.LogCaptureFixture) -> None:
    """Asked for by name; the log tells what was taken and why."""
    caplog.set_level(logging.INFO)
    parameters = parse_hyperparameters({"batch_size": "auto", "learning_rate": '"auto"'})
    chosen = tell_suited(parameters, TrainingSize(MANY.documents, 64))
    assert steps(chosen) == MANY[1:]
    assert f"learning_rate {MANY.learning_rate:g}, batch_size {MANY.batch_size}, " in caplog.text


def test_study_may_search_what_suits() -> None:
    """It is no wish of the user's, and what is searched is no other."""
    parameters = resolve({"tuning_trials": 3, "epochs": 4})
    chosen = suited(parameters, TrainingSize(MANY.documents, 64))
    assert chosen.asked == parameters.asked
    assert search_space(chosen) == search_space(parameters)
    assert parameters.batch_size == 64
