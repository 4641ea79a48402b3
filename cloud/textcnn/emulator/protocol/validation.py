"""Hold a request against the service's model: members, types, lengths, ranges, enums, patterns."""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from numbers import Real
from typing import Any

import regex
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from textcnn.emulator.protocol.errors import ValidationException

# The service shows so many broken constraints at once.
MOST_SHOWN = 10


def validate(shape: Shape | None, values: Mapping[str, Any]) -> None:
    """Raise ``ValidationException`` in the service's words where values break the shape."""
    broken = list(_violations(shape, values, "")) if shape is not None else []
    if broken:
        plural = "s" if len(broken) > 1 else ""
        shown = "; ".join(broken[:MOST_SHOWN])
        raise ValidationException(f"{len(broken)} validation error{plural} detected: {shown}")


def _violations(shape: Shape, value: Any, place: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, place)
    elif isinstance(shape, ListShape):
        yield from _list(shape, value, place)
    elif isinstance(shape, MapShape):
        yield from _map(shape, value, place)
    else:
        yield from _scalar(shape, value, place)


def _structure(shape: StructureShape, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _failed(value, place, "Member must be a structure")
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield _failed(None, _below(place, name), "Member must not be null")
    for name, member in value.items():
        if name not in shape.members:
            yield _failed(member, _below(place, name), "Member is not known to the service")
        elif member is not None:
            yield from _violations(shape.members[name], member, _below(place, name))


def _list(shape: ListShape, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _failed(value, place, "Member must be a list")
        return
    yield from _length(shape, value, place)
    for index, member in enumerate(value, 1):
        yield from _violations(shape.member, member, f"{place}.{index}.member")


def _map(shape: MapShape, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _failed(value, place, "Member must be a map")
        return
    yield from _length(shape, value, place)
    for key, member in value.items():
        yield from _violations(shape.key, key, f"{place}.key")
        yield from _violations(shape.value, member, f"{place}.{key}.member")


def _scalar(shape: Shape, value: Any, place: str) -> Iterator[str]:
    wanted, is_right = SCALARS.get(shape.type_name, ("a known type", lambda _: True))
    if not is_right(value):
        yield _failed(value, place, f"Member must be {wanted}")
    elif isinstance(shape, StringShape):
        yield from _string(shape, value, place)
    elif shape.type_name in NUMBERS:
        yield from _range(shape, value, place)


def _string(shape: StringShape, value: str, place: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        allowed = ", ".join(shape.enum)
        yield _failed(value, place, f"Member must satisfy enum value set: [{allowed}]")
    yield from _length(shape, value, place)
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield _failed(value, place, f"Member must satisfy regular expression pattern: {pattern}")


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    # The patterns are Java's, which the package regex reads as they are.
    return regex.compile(pattern)


def _length(shape: Shape, value: Any, place: str) -> Iterator[str]:
    if len(value) < shape.metadata.get("min", 0):
        minimum = shape.metadata["min"]
        yield _failed(value, place, f"Member must have length greater than or equal to {minimum}")
    if len(value) > shape.metadata.get("max", math.inf):
        maximum = shape.metadata["max"]
        yield _failed(value, place, f"Member must have length less than or equal to {maximum}")


def _range(shape: Shape, value: float, place: str) -> Iterator[str]:
    if value < shape.metadata.get("min", -math.inf):
        minimum = shape.metadata["min"]
        yield _failed(value, place, f"Member must have value greater than or equal to {minimum}")
    if value > shape.metadata.get("max", math.inf):
        maximum = shape.metadata["max"]
        yield _failed(value, place, f"Member must have value less than or equal to {maximum}")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


NUMBERS = frozenset({"integer", "long", "float", "double"})
SCALARS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "boolean": ("a boolean", lambda value: isinstance(value, bool)),
    "integer": ("an integer", _is_whole),
    "long": ("an integer", _is_whole),
    "float": ("a number", _is_number),
    "double": ("a number", _is_number),
}


def _below(place: str, name: str) -> str:
    # The service names members in camel case: trainingJobName, resourceConfig.instanceType.
    return f"{place}.{name[0].lower()}{name[1:]}" if place else f"{name[0].lower()}{name[1:]}"


def _failed(value: Any, place: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown:.200} at '{place}' failed to satisfy constraint: {constraint}"
