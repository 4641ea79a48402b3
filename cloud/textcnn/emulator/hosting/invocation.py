"""A request for predictions as it reaches a container, and the errors that stand for its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from textcnn.emulator.protocol.errors import ServiceError

# What the service forwards beside the body; all else that a caller sends is left out.
FORWARDED = {
    "ContentType": "Content-Type",
    "Accept": "Accept",
    "CustomAttributes": "X-Amzn-SageMaker-Custom-Attributes",
    "InferenceId": "X-Amzn-SageMaker-Inference-Id",
    "TargetModel": "X-Amzn-SageMaker-Target-Model",
    "TargetVariant": "X-Amzn-SageMaker-Target-Variant",
}


@dataclass(frozen=True)
class Invocation:
    """One request; members are those of InvokeEndpoint, without the body."""

    identifier: str
    body: bytes
    members: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that the container gets."""
        return {
            header: self.members[member]
            for member, header in FORWARDED.items()
            if member in self.members
        }

    @property
    def content_type(self) -> str:
        """The body's media type; empty where none was given."""
        return self.members.get("ContentType", "")


def validation_error(message: str) -> ServiceError:
    """Return the runtime's error for a request that cannot be forwarded."""
    return ServiceError("ValidationError", message)
