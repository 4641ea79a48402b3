"""Answers held against the services' models."""

from typing import Any

from botocore.model import ListShape, Shape, StructureShape

from textcnn.emulator.protocol.models import service_model


def assert_complete(service: str, operation: str, response: dict[str, Any]) -> None:
    """Assert that an answer has what its shape requires, at every depth."""
    missing = list(
        _missing(service_model(service).operation_model(operation).output_shape, response)
    )
    assert not missing, f"{operation} lacks {missing}"


def _missing(shape: Shape, value: Any, place: str = "") -> list[str]:
    if isinstance(shape, StructureShape):
        lacking = [f"{place}.{name}" for name in shape.required_members if name not in value]
        for name, member in value.items():
            if name in shape.members:
                lacking += _missing(shape.members[name], member, f"{place}.{name}")
        return lacking
    if isinstance(shape, ListShape):
        return [each for member in value for each in _missing(shape.member, member, place)]
    return []
