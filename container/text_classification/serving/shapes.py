"""What is told of the server and its model: the types that the OpenAPI document is made of."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Share = Annotated[float, Field(ge=0, le=1)]


class ExecutionParameters(TypedDict):
    """What the platform shall do unless the transform job says otherwise."""

    MaxConcurrentTransforms: Annotated[int, Field(ge=1)]
    BatchStrategy: Literal["MULTI_RECORD"]
    MaxPayloadInMB: Annotated[int, Field(ge=1)]


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


class AnsweringModel(ModelDescription):
    """The model that gave an answer, and its limits."""

    limits: ModelLimits


class Timing(TypedDict):
    """Where the time of a request went until its answer was written, as in the server's log."""

    waiting_ms: Annotated[float, Field(ge=0, description="For its turn.")]
    reading_ms: Annotated[float, Field(ge=0, description="The body, from bytes to records.")]
    computing_ms: Annotated[float, Field(ge=0, description="All else, writing included.")]


class Ping(TypedDict):
    """The server can answer; the worker that was asked is overloaded if it refuses requests."""

    status: Literal["ready", "overloaded"]
    reason: NotRequired[str]


class Worker(TypedDict):
    """A process that answers, and its memory with its part of what it shares with others."""

    process: int
    memory_mb: float


class State(TypedDict):
    """Whether the server can answer, and if not, why."""

    status: Literal["ready", "overloaded", "failed"]
    reason: NotRequired[str]


class Status(State):
    """How the server is. One that is starting answers 503 instead."""

    model: Annotated[
        ModelDescription | None,
        Field(description="Null where it has failed, and for a server of many models."),
    ]
    requests: Annotated[int, Field(ge=0, description="Requests under way beside this one.")]
    workers: list[Worker]
    uptime_seconds: Annotated[int, Field(ge=0)]
    revision: Annotated[str, Field(description="The git hash that the image was built from.")]
    versions: dict[str, str]
