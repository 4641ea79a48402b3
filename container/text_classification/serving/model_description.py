"""What is told of a model to whoever asks how the server is."""

from typing import TYPE_CHECKING, Any

from text_classification.artifact import FORMAT_VERSION, Artifact

if TYPE_CHECKING:
    from text_classification.serving.shapes import ModelDescription

LONGEST = 80


def describe(artifact: Artifact) -> "ModelDescription":
    """Return the description of a model."""
    return {
        "architecture": artifact.configuration.architecture,
        "recipe": _text(artifact.hyperparameters, "recipe"),
        "ngrams": artifact.ngrams is not None,
        "labels": len(artifact.labels),
        "trained": _text(artifact.metrics, "trained"),
        "format_version": FORMAT_VERSION,
    }


def _text(values: Any, name: str) -> str | None:
    """Return a string of a file that nothing else depends on, so that nothing has checked it."""
    value = values.get(name) if isinstance(values, dict) else None
    return value[:LONGEST] if isinstance(value, str) else None
