"""What is told of a model to whoever asks how the server is."""

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from text_classification.artifact import FORMAT_VERSION, Artifact

LONGEST = 80


class ModelDescription(TypedDict):
    """A model in a few words; what its files do not say is null."""

    architecture: str
    recipe: str | None
    ngrams: bool
    labels: Annotated[int, Field(description="How many there are.")]
    trained: Annotated[str | None, Field(description="The date and time of training.")]
    format_version: int


def describe(artifact: Artifact) -> ModelDescription:
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
