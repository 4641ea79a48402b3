"""Large JSON bodies: kept in a file and read twice, so that no list of theirs is held at once."""

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from text_classification.contract.column_names import plain
from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.field_names import LIST_FIELDS
from text_classification.serving.predictions.requests.json_text import (
    MALFORMED,
    JsonText,
    check_length,
    malformed,
)
from text_classification.serving.predictions.requests.records import NOT_UTF8

# Objects that may hold a table.
_TABLES = frozenset(LIST_FIELDS)
# Their lists of records or of rows.
_LISTS = frozenset((*LIST_FIELDS, "data"))


@dataclass(frozen=True)
class StreamedList:
    """A list that is read when it is wanted.

    path: the number of the body's field that holds it, and of that object's field where it is one;
    nothing for the body itself.
    """

    file: TextIO
    path: tuple[int, ...] = ()

    def __iter__(self) -> Iterator[Any]:
        self.file.seek(0)
        text = JsonText(self.file)
        for number in self.path:
            names = text.members()
            next(names)
            for _ in range(number):
                _pass_over(text)
                next(names)
        yield from text.elements()


def large_value(source: Source, names: Container[str]) -> Any:
    """Return the value of a body, with a ``StreamedList`` in place of it or of its fields' lists.

    names: those that a list of texts may have, in their plain form. The body is read to its end, so
    that iterating does not fail. Raises ``RequestError`` 400 when it is not UTF-8 or no JSON.
    """
    try:
        return _survey(source.kept(), names)
    except UnicodeDecodeError:
        raise NOT_UTF8.error() from None
    except MALFORMED as error:
        raise malformed(error) from None


def _survey(file: TextIO, names: Container[str]) -> Any:
    text = JsonText(file)
    value: Any
    if text.peek() == "[":
        _pass_over(text)
        value = StreamedList(file)
    elif text.peek() == "{":
        value = _Members(file, text, names).read()
    else:
        value = text.value()
    if text.peek():
        raise json.JSONDecodeError("Extra data", "", 0)
    return value


class _Members:
    """Reads the fields of an object; all together, but for lists, are no longer than a value."""

    def __init__(self, file: TextIO, text: JsonText, names: Container[str]) -> None:
        self._file = file
        self._text = text
        self._names = names
        self._held = 0

    def read(self, path: tuple[int, ...] = ()) -> dict[str, Any]:
        """Return the fields of the object that comes next, to which a path leads."""
        found: dict[str, Any] = {}
        for number, name in enumerate(self._text.members()):
            place, before = (*path, number), self._text.place
            first = self._text.peek()
            if first == "[" and (name in _LISTS or plain(name) in self._names):
                _pass_over(self._text)
                found[name] = StreamedList(self._file, place)
            elif first == "{" and name in _TABLES and not path:
                found[name] = self.read(place)
            else:
                found[name] = self._text.value()
                self._held += len(name) + self._text.place - before
                check_length(self._held)
        return found


def _pass_over(text: JsonText) -> None:
    """Step over a value, and hold none of an object's or a list's but one at a time."""
    if text.peek() == "{":
        for _ in text.members():
            _pass_over_list(text)
    else:
        _pass_over_list(text)


def _pass_over_list(text: JsonText) -> None:
    for _ in text.elements() if text.peek() == "[" else [text.value()]:
        pass
