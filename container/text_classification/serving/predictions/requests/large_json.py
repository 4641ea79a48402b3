"""Large JSON bodies: kept in a file and read twice, so that no list of theirs is held at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from text_classification.serving.predictions.requests.body_source import Source
from text_classification.serving.predictions.requests.field_names import LIST_FIELDS
from text_classification.serving.predictions.requests.json_text import (
    MALFORMED,
    JsonText,
    check_length,
    malformed,
)
from text_classification.serving.predictions.requests.records import NOT_UTF8


@dataclass(frozen=True)
class Later:
    """A list that is read when it is wanted: the body, or the body's field of this number."""

    file: TextIO
    number: int | None = None

    def __iter__(self) -> Iterator[Any]:
        self.file.seek(0)
        text = JsonText(self.file)
        if self.number is not None:
            names = text.members()
            next(names)
            for _ in range(self.number):
                _pass_over(text)
                next(names)
        yield from text.elements()


def large_value(source: Source) -> Any:
    """Return the value of a body, with a ``Later`` in place of it or of its fields' lists.

    The body is read to its end, so that iterating does not fail. Raises ``RequestError`` 400 when
    it is not UTF-8 or no JSON.
    """
    try:
        return _survey(source.kept())
    except UnicodeDecodeError:
        raise NOT_UTF8.error() from None
    except MALFORMED as error:
        raise malformed(error) from None


def _survey(file: TextIO) -> Any:
    text = JsonText(file)
    value: Any
    if text.peek() == "[":
        _pass_over(text)
        value = Later(file)
    elif text.peek() == "{":
        value = _members(file, text)
    else:
        value = text.value()
    if text.peek():
        raise ValueError("there is more behind the value")
    return value


def _members(file: TextIO, text: JsonText) -> dict[str, Any]:
    """Return the fields of an object; all together, but for lists, are no longer than a value."""
    found: dict[str, Any] = {}
    held = 0
    for number, name in enumerate(text.members()):
        before = text.place
        if name in LIST_FIELDS and text.peek() == "[":
            _pass_over(text)
            found[name] = Later(file, number)
        else:
            found[name] = text.value()
            held += len(name) + text.place - before
            check_length(held)
    return found


def _pass_over(text: JsonText) -> None:
    """Step over a value, and hold none of a list's but one at a time."""
    for _ in text.elements() if text.peek() == "[" else [text.value()]:
        pass
