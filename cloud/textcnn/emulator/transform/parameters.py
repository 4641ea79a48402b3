"""How much is sent at a time: what the job says, else what the container says, else a default."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from textcnn.emulator.hosting.serving_container import NoResponse, ServingContainer
from textcnn.emulator.protocol.errors import ValidationException

DEFAULT_PAYLOAD_MB = 6
TOTAL_MB = 100


class Parameters(NamedTuple):
    """payload_bytes is 0 for whole objects without a limit; multi is the strategy MultiRecord."""

    concurrency: int
    payload_bytes: int
    multi: bool

    def __str__(self) -> str:
        strategy = "MULTI_RECORD" if self.multi else "SINGLE_RECORD"
        return (
            f"MaxConcurrentTransforms={self.concurrency}, "
            f"MaxPayloadInMB={self.payload_bytes >> 20}, BatchStrategy={strategy}"
        )


def check_parameters(values: Mapping[str, Any]) -> None:
    """Raise ``ValidationException`` where more than 100 MB would be under way."""
    payload = values.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB)
    concurrency = values.get("MaxConcurrentTransforms", 1)
    if payload > TOTAL_MB or payload * concurrency > TOTAL_MB:
        raise ValidationException(
            f"MaxConcurrentTransforms * MaxPayloadInMB must be at most {TOTAL_MB} MB, "
            f"not {max(concurrency, 1)} * {payload}"
        )


def parameters_of(values: Mapping[str, Any], container: ServingContainer) -> Parameters:
    """Return the parameters of a job; the container's defaults fill in what it left out."""
    told: Mapping[str, Any] = {}
    if not values.get("MaxConcurrentTransforms"):
        told = _execution_parameters(container)
    payload = values.get("MaxPayloadInMB", told.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB))
    strategy = values.get("BatchStrategy") or told.get("BatchStrategy", "MULTI_RECORD")
    concurrency = values.get("MaxConcurrentTransforms") or told.get("MaxConcurrentTransforms", 1)
    return Parameters(
        concurrency=max(1, int(concurrency)),
        payload_bytes=int(payload) << 20,
        multi=strategy in {"MultiRecord", "MULTI_RECORD"},
    )


def _execution_parameters(container: ServingContainer) -> Mapping[str, Any]:
    try:
        response = container.send("GET", "/execution-parameters")
        told = json.loads(response.body) if response.is_success else {}
    except (NoResponse, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
