"""Schemas of responses, shared by the writers and the OpenAPI document."""

from typing import Annotated, Any, NotRequired, final

from pydantic import Field
from typing_extensions import TypedDict

from text_classification.serving.models.description_schemas import ModelDescription, Share
from text_classification.serving.predictions.requests.request_schemas import Timing


class RequestLimits(TypedDict):
    """What a request may hold and take; null where there is no limit."""

    body_mb: Annotated[int | None, Field(description="The largest body, in mebibytes.")]
    records: Annotated[int | None, Field(description="The most records of a body.")]
    tokens: Annotated[int | None, Field(description="The most tokens of a document.")]
    seconds: Annotated[int, Field(description="What takes longer is answered 504.")]


class ModelLimits(RequestLimits):
    """The limits of a request, and what the model reads of a document."""

    sequence_length: Annotated[
        int, Field(description="The tokens that the network reads; `truncated` tells of more.")
    ]


class RespondingModel(ModelDescription):
    """The model that gave an answer, and its limits."""

    limits: ModelLimits


class ErrorContent(TypedDict):
    """What happened, where, and what to do about it; callers may branch on the code."""

    code: str
    message: str
    where: NotRequired[str]
    remedy: NotRequired[str]


@final
class Refusal(TypedDict):
    """The answer to a bad request, or to a bad record in the place of its prediction."""

    error: ErrorContent


class Best(TypedDict):
    """A label and its calibrated probability."""

    label: str
    score: Share


class Explanation(TypedDict):
    """What each token that the model read added to the logit of the label or of `explain_label`.

    The values and the constant sum to the logit.
    """

    tokens: list[str]
    values: list[float]
    constant: float


@final
class Prediction(TypedDict):
    """What the model makes of one document."""

    label: str
    score: Share
    sure: Annotated[
        NotRequired[bool],
        Field(description="Whether the score reaches the confidence floor; only with one."),
    ]
    top: Annotated[list[Best], Field(description="The best labels, by falling score.")]
    labels: Annotated[
        NotRequired[list[str]],
        Field(description="All labels, in the model's order; only with `scores`."),
    ]
    scores: Annotated[
        NotRequired[list[Share]], Field(description="Theirs, in the order of `labels`.")
    ]
    unknown_share: Annotated[
        Share, Field(description="The share of the document's tokens that the model never saw.")
    ]
    truncated: Annotated[
        bool, Field(description="Whether it has more tokens than the network reads.")
    ]
    explanation: NotRequired[Explanation]
    fields: NotRequired[dict[str, Any]]


class BlazingTextPrediction(TypedDict):
    """What the model makes of one document, as BlazingText says it."""

    label: list[str]
    prob: list[Share]
    labels: NotRequired[list[str]]
    scores: NotRequired[list[Share]]
    sure: NotRequired[bool]
    explanation: NotRequired[Explanation]
    fields: NotRequired[dict[str, Any]]


class Predictions(TypedDict):
    """An answer for each record, in their order."""

    predictions: list[Prediction | Refusal]
    model: NotRequired[RespondingModel]
    timing: NotRequired[Timing]


JsonAnswer = Predictions | list[BlazingTextPrediction | Refusal]
JsonLineAnswer = Prediction | BlazingTextPrediction | Refusal
