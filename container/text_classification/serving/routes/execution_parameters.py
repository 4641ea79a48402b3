"""GET /execution-parameters: how much batch transform should send at a time."""

from typing import TYPE_CHECKING

from text_classification.contract.settings import Settings
from text_classification.machine.memory import memory_limit, resident_memory
from text_classification.serving.monitoring.worker_processes import worker_count

if TYPE_CHECKING:
    from text_classification.serving.routes.parameter_schemas import ExecutionParameters

# The platform wants concurrency times payload to be no more.
TOTAL_MB = 100
# What a request takes besides the model, however many records it has.
REQUEST_BYTES = 64 << 20


def execution_parameters(settings: Settings) -> "ExecutionParameters":
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
