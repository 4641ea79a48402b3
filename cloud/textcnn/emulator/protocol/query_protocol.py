"""The protocol of CloudFormation, AWS query: a form in, XML out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

MEMBER = re.compile(r"(\d+)(?:\.(.*))?")


def read_form(shape: Shape | None, form: Mapping[str, str]) -> dict[str, Any]:
    """Return a request's members of the form's ``Tags.member.1.Key=...``.

    What the shape does not have is kept as it is, for validation to tell.
    """
    members = _below("", form)
    if shape is None:
        return {}
    read: dict[str, Any] = {
        name: _read(shape.members[name], inner) if name in shape.members else inner.get("", "")
        for name, inner in _by_name(members).items()
        if name not in {"Action", "Version"}
    }
    return read


def write_xml(operation: OperationModel, values: Mapping[str, Any], identifier: str) -> bytes:
    """Return an answer's body; identifier is the request's."""
    root = Element(f"{operation.name}Response")
    if operation.output_shape is not None:
        wrapper = operation.output_shape.serialization.get("resultWrapper", "")
        _write(operation.output_shape, values, SubElement(root, wrapper) if wrapper else root)
    SubElement(SubElement(root, "ResponseMetadata"), "RequestId").text = identifier
    text: bytes = tostring(root)
    return text


def _read(shape: Shape, form: Mapping[str, str]) -> Any:
    if isinstance(shape, StructureShape):
        return {
            name: _read(shape.members[name], inner) if name in shape.members else inner.get("", "")
            for name, inner in _by_name(form).items()
        }
    if isinstance(shape, ListShape):
        items: dict[int, dict[str, str]] = {}
        for key, value in _below("member", form).items():
            match = MEMBER.fullmatch(key)
            if match:
                items.setdefault(int(match[1]), {})[match[2] or ""] = value
        return [_read(shape.member, items[index]) for index in sorted(items)]
    return _scalar(shape, form.get("", ""))


def _scalar(shape: Shape, text: str) -> Any:
    if shape.type_name == "boolean" and text in {"true", "false"}:
        return text == "true"
    if shape.type_name in {"integer", "long"} and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def _by_name(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    named: dict[str, dict[str, str]] = {}
    for key, value in form.items():
        name, _, rest = key.partition(".")
        if name:
            named.setdefault(name, {})[rest] = value
    return named


def _below(prefix: str, form: Mapping[str, str]) -> dict[str, str]:
    start = f"{prefix}." if prefix else ""
    return {key.removeprefix(start): value for key, value in form.items() if key.startswith(start)}


def _write(shape: Shape, value: Any, place: Element) -> None:
    if isinstance(shape, StructureShape):
        for name, member in value.items():
            if member is not None:
                _write(shape.members[name], member, SubElement(place, name))
    elif isinstance(shape, ListShape):
        for member in value:
            _write(shape.member, member, SubElement(place, "member"))
    elif isinstance(shape, MapShape):
        for key, member in value.items():
            entry = SubElement(place, "entry")
            SubElement(entry, "key").text = key
            _write(shape.value, member, SubElement(entry, "value"))
    else:
        place.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)
