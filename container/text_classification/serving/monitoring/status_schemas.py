"""Schemas of the server's health and status."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from text_classification.serving.models.description_schemas import ModelDescription


class Ping(TypedDict):
    """The server can answer.

    The worker that was asked is overloaded if it refuses requests; the server is limited if it has
    no disk for large bodies.
    """

    status: Literal["ready", "overloaded", "limited"]
    reason: NotRequired[str]


class Worker(TypedDict):
    """A worker process, its memory and its share of memory that it shares with others."""

    process: int
    memory_mb: float


class State(TypedDict):
    """Whether the server can answer, and if not, why."""

    status: Literal["ready", "overloaded", "limited", "failed"]
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
