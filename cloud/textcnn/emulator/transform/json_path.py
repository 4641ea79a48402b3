"""The part of JSONPath that batch transform's filters know.

``$``, ``$.name``, ``$['name','name']``, ``$[1]``, ``$[0,2]``, ``$[1:3]``, and one after another.
Filters, wildcards and recursive descent are refused.
"""

import re
from collections.abc import Callable
from typing import Any

from textcnn.emulator.protocol.errors import ValidationException

Selector = Callable[[Any], Any]
_QUOTED = r"'[^']*'|\"[^\"]*\""
SEGMENT = re.compile(
    r"\.(?P<name>[A-Za-z_][\w-]*)"
    rf"|\[\s*(?P<names>(?:{_QUOTED})(?:\s*,\s*(?:{_QUOTED}))*)\s*\]"
    r"|\[\s*(?P<start>-?\d+)?\s*:\s*(?P<end>-?\d+)?\s*\]"
    r"|\[\s*(?P<numbers>-?\d+(?:\s*,\s*-?\d+)*)\s*\]"
)


class NotThere(Exception):
    """A path leads to nothing in a record; the message says where it ends."""


def json_path(text: str) -> Selector:
    """Return what selects by a path; raises ``ValidationException`` for one that is not known.

    >>> json_path("$.a[1:]")({"a": [1, 2, 3]})
    [2, 3]
    >>> json_path("$['a','b']")({"a": 1, "b": 2, "c": 3})
    {'a': 1, 'b': 2}
    """
    if not text.startswith("$"):
        raise _unknown(text)
    selectors: list[Selector] = []
    place = 1
    while place < len(text):
        segment = SEGMENT.match(text, place)
        if segment is None:
            raise _unknown(text)
        selectors.append(_selector(segment, text))
        place = segment.end()

    def select(value: Any) -> Any:
        for each in selectors:
            value = each(value)
        return value

    return select


def _selector(segment: re.Match[str], text: str) -> Selector:
    def missing() -> NotThere:
        return NotThere(f"{text} leads to nothing at {segment[0]!r}")

    if segment["name"] is not None:
        return lambda value: _members(value, [segment["name"]], missing)[segment["name"]]
    if segment["names"] is not None:
        names = [quoted[1:-1] for quoted in re.findall(_QUOTED, segment["names"])]
        if len(names) == 1:
            return lambda value: _members(value, names, missing)[names[0]]
        return lambda value: _members(value, names, missing)
    if segment["numbers"] is not None:
        numbers = [int(number) for number in segment["numbers"].split(",")]
        if len(numbers) == 1:
            return lambda value: _items(value, numbers, missing)[0]
        return lambda value: _items(value, numbers, missing)
    start, end = (int(segment[name]) if segment[name] else None for name in ("start", "end"))
    return lambda value: _slice(value, slice(start, end), missing)


def _members(value: Any, names: list[str], missing: Callable[[], NotThere]) -> dict[str, Any]:
    if not isinstance(value, dict) or any(name not in value for name in names):
        raise missing()
    return {name: value[name] for name in names}


def _items(value: Any, numbers: list[int], missing: Callable[[], NotThere]) -> list[Any]:
    if not isinstance(value, list) or any(not -len(value) <= n < len(value) for n in numbers):
        raise missing()
    return [value[number] for number in numbers]


def _slice(value: Any, part: slice, missing: Callable[[], NotThere]) -> list[Any]:
    if not isinstance(value, list):
        raise missing()
    return value[part]


def _unknown(text: str) -> ValidationException:
    return ValidationException(
        f"the JSONPath {text!r} is not known; $, $.name, $['name','name'], $[0], $[0,2], $[0:3] "
        "and one after another are"
    )
