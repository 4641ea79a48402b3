"""Schema of the response of GET /execution-parameters."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict


class ExecutionParameters(TypedDict):
    """What the platform shall do unless the transform job says otherwise."""

    MaxConcurrentTransforms: Annotated[int, Field(ge=1)]
    BatchStrategy: Literal["MULTI_RECORD"]
    MaxPayloadInMB: Annotated[int, Field(ge=1)]
