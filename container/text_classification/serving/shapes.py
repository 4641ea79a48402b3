"""What is told of the server and its model: the types that the OpenAPI document is made of."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict


class ExecutionParameters(TypedDict):
    """What the platform shall do unless the transform job says otherwise."""

    MaxConcurrentTransforms: Annotated[int, Field(ge=1)]
    BatchStrategy: Literal["MULTI_RECORD"]
    MaxPayloadInMB: Annotated[int, Field(ge=1)]


class ModelDescription(TypedDict):
    """A model in a few words; what its files do not say is null."""

    architecture: str
    recipe: str | None
    ngrams: bool
    labels: Annotated[int, Field(description="How many there are.")]
    trained: Annotated[str | None, Field(description="The date and time of training.")]
    format_version: int


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
