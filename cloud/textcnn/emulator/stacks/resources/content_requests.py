"""CloudFront's properties as its requests have them: other letters, and lists that are counted."""

from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.stacks.resources.kind import Properties
from textcnn.emulator.stacks.resources.requests import request

# All other names differ in the size of letters at most.
NAMES = {"ipv6enabled": "IsIPV6Enabled"}
# Required members that CloudFormation fills in, by the schema of the type.
DEFAULTS = {"HTTPPort": 80, "HTTPSPort": 443}


def content_request(operation: str, properties: Properties) -> dict[str, Any]:
    """Return an operation's members; raises ``ResourceFailed`` for what it does not have."""
    shape = service_model("cloudfront").operation_model(operation).input_shape
    return request("cloudfront", operation, _written(shape, properties))


def _written(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        if "Quantity" in shape.members and isinstance(value, list):
            return _written(shape, {"Items": value})
        if isinstance(value, dict):
            return _structure(shape, value)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_written(shape.member, member) for member in value]
    return value


def _structure(shape: StructureShape, value: dict[str, Any]) -> dict[str, Any]:
    known = {name.lower(): name for name in shape.members} | NAMES
    written: dict[str, Any] = {}
    written |= {name: member for name, member in DEFAULTS.items() if name in shape.members}
    written |= {known.get(name.lower(), name): member for name, member in value.items()}
    # CloudFormation has both lists of methods side by side, the service one in the other.
    methods, cached = written.get("AllowedMethods"), written.pop("CachedMethods", None)
    if methods and cached and "CachedMethods" not in shape.members:
        written["AllowedMethods"] = {"Items": methods, "CachedMethods": cached}
    written = {
        name: _written(shape.members[name], member) if name in shape.members else member
        for name, member in written.items()
    }
    if "Quantity" in shape.members:
        written["Quantity"] = len(written.get("Items", []))
    return written
