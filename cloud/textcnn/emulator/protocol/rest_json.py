"""The protocol of SageMaker's runtime, rest-json: members in headers, the path and the body."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.model import StructureShape

Values = dict[str, Any]


def read_members(
    shape: StructureShape, path: Mapping[str, str], header: Callable[[str], str | None]
) -> Values:
    """Return the members that a request has in its path and headers; whole numbers are read.

    header: finds a header by its name, in any case.
    """
    values: Values = {}
    for name, member in shape.members.items():
        where = member.serialization.get("location")
        text = None
        if where == "uri":
            text = path.get(name)
        elif where == "header":
            text = header(member.serialization["name"])
        if text is not None:
            whole = member.type_name in {"integer", "long"} and text.lstrip("-").isdigit()
            values[name] = int(text) if whole else text
    return values


def write_headers(shape: StructureShape, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that hold an answer's members; others are left to the body."""
    return {
        member.serialization["name"]: str(values[name])
        for name, member in shape.members.items()
        if member.serialization.get("location") == "header" and values.get(name) is not None
    }
