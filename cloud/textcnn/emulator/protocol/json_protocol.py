"""The protocol of SageMaker, AWS JSON 1.1: bodies to values and values to bodies."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from textcnn.emulator.protocol.errors import ServiceError


def read_body(shape: Shape | None, body: bytes) -> dict[str, Any]:
    """Return a request's members; timestamps become datetimes, blobs bytes."""
    try:
        values = json.loads(body or b"{}")
    except ValueError as error:
        raise ServiceError("SerializationException", f"the body is no JSON: {error}") from None
    if not isinstance(values, dict):
        raise ServiceError("SerializationException", "the body is no JSON object")
    read: dict[str, Any] = _read(shape, values) if shape is not None else values
    return read


def write_body(shape: Shape | None, values: Mapping[str, Any]) -> bytes:
    """Return an answer's body; a member that the service's model does not have is a KeyError."""
    return json.dumps(_write(shape, values) if shape is not None else {}).encode()


def _read(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        # An explicit null is an absent member; what the model does not know, validation tells.
        return {
            name: _read(shape.members[name], member) if name in shape.members else member
            for name, member in value.items()
            if member is not None
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_read(shape.member, member) for member in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _read(shape.value, member) for key, member in value.items()}
    if shape.type_name == "timestamp" and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if shape.type_name == "blob" and isinstance(value, str):
        return base64.b64decode(value)
    return value


def _write(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        return {
            name: _write(shape.members[name], member)
            for name, member in value.items()
            if member is not None
        }
    if isinstance(shape, ListShape):
        return [_write(shape.member, member) for member in value]
    if isinstance(shape, MapShape):
        return {key: _write(shape.value, member) for key, member in value.items()}
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
