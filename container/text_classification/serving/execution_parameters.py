"""What batch transform asks before it begins: how much it should send at a time."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from text_classification.contract.memory import memory_limit, resident_memory
from text_classification.contract.settings import Settings
from text_classification.serving.programs import worker_count

# The platform wants concurrency times payload to be no more.
TOTAL_MB = 100
# What a request takes besides the model, however many records it has.
REQUEST_BYTES = 64 << 20


class ExecutionParameters(TypedDict):
    """What the platform shall do unless the transform job says otherwise."""

    MaxConcurrentTransforms: Annotated[int, Field(ge=1)]
    BatchStrategy: Literal["MULTI_RECORD"]
    MaxPayloadInMB: Annotated[int, Field(ge=1)]


def execution_parameters(settings: Settings) -> ExecutionParameters:
    """Return the parameters; the model has been loaded by this process.

    As many requests at a time as there are workers, one a processor, or as the memory beside the
    model allows; each as large as may be.
    """
    room = memory_limit() - resident_memory()
    concurrency = max(1, min(worker_count(settings), room // REQUEST_BYTES, TOTAL_MB))
    return {
        "MaxConcurrentTransforms": concurrency,
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": min(settings.body_limit_mb or TOTAL_MB, TOTAL_MB // concurrency),
    }
