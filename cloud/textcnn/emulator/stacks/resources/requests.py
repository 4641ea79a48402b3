"""Properties as the members of a service's request, in the types that its model has."""

from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.stacks.resources.kind import Properties, ResourceFailed


def request(service: str, operation: str, properties: Properties) -> dict[str, Any]:
    """Return an operation's members; numbers and booleans may be written as text in templates."""
    shape = service_model(service).operation_model(operation).input_shape
    members: dict[str, Any] = _typed(shape, properties, "")
    return members


def members(service: str, operation: str) -> frozenset[str]:
    """Return the names of an operation's members."""
    return frozenset(service_model(service).operation_model(operation).input_shape.members)


def _typed(shape: Shape, value: Any, place: str) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        unknown = sorted(set(value) - set(shape.members))
        if unknown:
            raise ResourceFailed(f"Encountered unsupported property {unknown[0]}")
        return {
            name: _typed(shape.members[name], member, f"{place}/{name}")
            for name, member in value.items()
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [
            _typed(shape.member, member, f"{place}/{index}") for index, member in enumerate(value)
        ]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _typed(shape.value, member, f"{place}/{key}") for key, member in value.items()}
    return _scalar(shape, value, place)


def _scalar(shape: Shape, value: Any, place: str) -> Any:
    written = str(value).lower() if isinstance(value, bool) else str(value)
    kind = shape.type_name
    try:
        if kind == "string" and not isinstance(value, list | dict):
            return written
        if kind == "boolean" and written in {"true", "false"}:
            return written == "true"
        if kind in {"integer", "long"}:
            return int(written)
        if kind in {"float", "double"}:
            return float(written)
    except ValueError:
        pass
    raise ResourceFailed(
        f"Properties validation failed: #{place}: expected type: {kind}, found: {value!r:.80}"
    )
