"""Kinds of values: each is read from text or JSON, checked, and described by one object.

They are for what the server must know before it can answer. pydantic, which reads the
hyperparameters of training, would take a fifth of the server's start to be imported.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
WORDS = {
    **dict.fromkeys(("true", "t", "1", "yes", "y", "on"), True),
    **dict.fromkeys(("false", "f", "0", "no", "n", "off"), False),
}


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    words: what a value is, for people; schema: the same as JSON Schema; convert: returns what a
    string or a JSON value means, or raises ``ValueError`` or ``TypeError``.
    """

    words: str
    schema: Schema
    convert: Callable[[Any], Any]

    def read(self, value: Any) -> Any:
        """Return what a value means. Raises ``ValueError`` that says what it ought to be."""
        try:
            return self.convert(value)
        except (ValueError, TypeError, OverflowError):
            raise ValueError(f"it is not {self.words}") from None


@dataclass(frozen=True)
class Declared:
    """A field of a dataclass that a value is read for."""

    kind: Kind
    description: str
    default: Any
    variable: str

    @property
    def schema(self) -> Schema:
        """What the value is, as JSON Schema."""
        default = list(self.default) if isinstance(self.default, tuple) else self.default
        return {**self.kind.schema, "default": default, "description": self.description}


def declared(kind: Kind, description: str, *, default: Any, variable: str = "") -> Any:
    """Return a field of a dataclass, which ``declarations`` finds again.

    variable: that of the environment which says the value.
    """
    found = Declared(kind, description, default, variable)
    return field(default=default, metadata={"declared": found})


def declarations(owner: type) -> Mapping[str, Declared]:
    """Return the fields that a dataclass declares, by name."""
    return {each.name: each.metadata["declared"] for each in fields(owner)}


def whole(least: int, most: int | None = None) -> Kind:
    """Return the kind of whole numbers from ``least`` to ``most``, or without an end."""

    def convert(value: Any) -> int:
        _check(not isinstance(value, bool))
        number = int(value)
        is_whole = isinstance(value, str) or number == value
        _check(is_whole and number >= least and (most is None or number <= most))
        return number

    end = {} if most is None else {"maximum": most}
    return Kind(
        f"a whole number from {least} {'on' if most is None else f'to {most}'}",
        {"type": "integer", "minimum": least, **end},
        convert,
    )


def share() -> Kind:
    """Return the kind of numbers from 0 to 1."""

    def convert(value: Any) -> float:
        number = float(value)
        _check(not isinstance(value, bool) and 0 <= number <= 1)
        return number

    schema = {"type": "number", "minimum": 0, "maximum": 1}
    return Kind("a number from 0 to 1", schema, convert)


def flag() -> Kind:
    """Return the kind of what is true or false."""

    def convert(value: Any) -> bool:
        word = str(value).strip().lower() if isinstance(value, str | int) else ""
        _check(word in WORDS)
        return WORDS[word]

    return Kind("true or false", {"type": "boolean"}, convert)


def choice(*values: str) -> Kind:
    """Return the kind of a few words, in letters of any case."""

    def convert(value: Any) -> str:
        found: str = value.strip().lower() if isinstance(value, str) else ""
        _check(found in values)
        return found

    schema = {"const": values[0]} if len(values) == 1 else {"enum": list(values)}
    words = ", ".join(values[:-1])
    return Kind(
        " or ".join(each for each in (words, values[-1]) if each),
        {"type": "string", **schema},
        convert,
    )


def text(longest: int | None = None, pattern: str = "", words: str = "a text") -> Kind:
    """Return the kind of strings; a number is the string that it is written as.

    pattern: a regular expression that all of it matches; words: what that is.
    """

    def convert(value: Any) -> str:
        _check(isinstance(value, str | int | float) and not isinstance(value, bool))
        found = str(value)
        _check(longest is None or len(found) <= longest)
        _check(not pattern or re.fullmatch(pattern, found) is not None)
        return found

    schema = {"type": "string", **({} if longest is None else {"maxLength": longest})}
    limit = "" if longest is None else f" of at most {longest} characters"
    return Kind(f"{words}{limit}", schema, convert)


def folder() -> Kind:
    """Return the kind of paths."""
    return Kind("a path", {"type": "string"}, Path)


def names(most: int, longest: int) -> Kind:
    """Return the kind of lists of names, which stand between commas in a string."""

    def convert(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [name for part in value.split(",") if (name := part.strip())]
        _check(isinstance(value, list | tuple) and len(value) <= most)
        _check(all(isinstance(name, str) and len(name) <= longest for name in value))
        return tuple(value)

    items = {"type": "string", "maxLength": longest}
    return Kind(
        f"a list of at most {most} names of at most {longest} characters",
        {"type": "array", "items": items, "maxItems": most},
        convert,
    )


def either(*kinds: Kind) -> Kind:
    """Return the kind of what is of one of several kinds; the first that fits counts."""

    def convert(value: Any) -> Any:
        for kind in kinds:
            with suppress(ValueError):
                return kind.read(value)
        raise ValueError

    words = " or ".join(kind.words for kind in kinds)
    return Kind(words, {"anyOf": [kind.schema for kind in kinds]}, convert)


def null() -> Kind:
    """Return the kind of JSON's null."""

    def convert(value: Any) -> None:
        _check(value is None)

    return Kind("null", {"type": "null"}, convert)


def _check(right: bool) -> None:  # noqa: FBT001 - what is checked is all there is
    """Raise ``ValueError`` unless something is right; ``Kind.read`` says what it ought to be."""
    if not right:
        raise ValueError
