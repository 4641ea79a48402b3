"""Describe the model in health responses and metadata."""

from typing import TYPE_CHECKING, Any, cast

from text_classification.artifact import FORMAT_VERSION, Artifact

if TYPE_CHECKING:
    from text_classification.serving.models.description_schemas import ModelDescription, ScoredSets

LONGEST = 80
SETS = ("validation", "test")
# All of them are shares.
SCORES = ("accuracy", "macro_f1", "weighted_f1", "pr_auc", "roc_auc", "calibration_error")
MOST_DOCUMENTS = 1 << 53  # what any reader of JSON takes for a whole number


def describe(artifact: Artifact) -> "ModelDescription":
    """Return the description of a model."""
    return {
        "name": _text(artifact.metrics, "job_name"),
        "architecture": artifact.configuration.architecture,
        "recipe": _text(artifact.hyperparameters, "recipe"),
        "ngrams": artifact.ngrams is not None,
        "labels": len(artifact.labels),
        "trained": _text(artifact.metrics, "trained"),
        "scores": _scores(artifact.metrics),
        "format_version": FORMAT_VERSION,
    }


def _text(values: Any, name: str) -> str | None:
    """Return a string of a file that nothing else depends on, so that nothing has checked it."""
    value = values.get(name) if isinstance(values, dict) else None
    return value[:LONGEST] if isinstance(value, str) and value else None


def _scores(metrics: Any) -> "ScoredSets":
    """Return the scores that are what they are called, by set."""
    sets = metrics if isinstance(metrics, dict) else {}
    found = {name: _of_a_set(sets[name]) for name in SETS if isinstance(sets.get(name), dict)}
    return cast("ScoredSets", {name: scores for name, scores in found.items() if scores})


def _of_a_set(values: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    documents = values.get("documents")
    if type(documents) is int and 0 <= documents <= MOST_DOCUMENTS:
        found["documents"] = documents
    for name in SCORES:
        value = values.get(name)
        if isinstance(value, int | float) and type(value) is not bool and 0 <= value <= 1:
            found[name] = float(value)
    return found
