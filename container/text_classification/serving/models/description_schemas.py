"""The types of a model's description in responses; the OpenAPI document is made of them."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Share = Annotated[float, Field(ge=0, le=1)]


class Scores(TypedDict):
    """How good a model was on a set of documents, as training wrote it down; each where known."""

    documents: NotRequired[Annotated[int, Field(ge=0)]]
    accuracy: NotRequired[Share]
    macro_f1: NotRequired[Share]
    weighted_f1: NotRequired[Share]
    pr_auc: NotRequired[Share]
    roc_auc: NotRequired[Share]
    calibration_error: NotRequired[Share]


class ScoredSets(TypedDict):
    """The scores on each set that the model was scored on."""

    validation: NotRequired[Scores]
    test: NotRequired[Scores]


class ModelDescription(TypedDict):
    """A model in a few words; what its files do not say is null."""

    name: Annotated[str | None, Field(description="That of the job that trained it.")]
    architecture: str
    recipe: str | None
    ngrams: bool
    labels: Annotated[int, Field(description="How many there are.")]
    trained: Annotated[str | None, Field(description="The date and time of training.")]
    scores: ScoredSets
    format_version: int
