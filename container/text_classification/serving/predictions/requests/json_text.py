"""JSON texts, read strictly: as a whole, or value by value from a file."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from text_classification.contract.strict_json import NotFinite, finite, no_constant
from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.requests.records import Problem

# Characters read at a time; a longer value is read in steps that double.
PIECE = 1 << 18
# A value is held as a whole, and may take up to 24 times its size: "[]," is a list.
LONGEST_VALUE = 1 << 23
# A number may go on behind the characters that are held, as "1" does in "1e+5".
LONGEST_CONTINUATION = len("e+5")
_SPACE = " \t\n\r"
# What a text begins with that may be an object, a list or a string as JSON.
OPENING = frozenset('{["' + _SPACE)


# What could not be given back is not read: NaN, and numbers beyond those of a float.
_DECODER = json.JSONDecoder(parse_constant=no_constant, parse_float=finite)
_FLAT = "Send lists and objects within each other at most some hundred deep."
_DIGITS = "Send such a number as a string."
_MORE = (
    "Send one value, or one a line as application/jsonlines; curl keeps the line breaks of a file "
    "with --data-binary alone."
)
# What reading a text that is no JSON raises.
MALFORMED = (ValueError, RecursionError)


class TooLong(ValueError):
    """A value is longer than it may be."""


def parse(text: str) -> Any:
    """Return the value of a text. Raises one of ``MALFORMED``."""
    check_length(len(text))
    return _DECODER.decode(text)


def encoded_value(text: str) -> Any:
    """Return the object or list that a text is as JSON, or None where it is none of documents.

    Nobody means the source text of either as a document: it has been encoded twice.

    >>> encoded_value('{"text": "one"}'), encoded_value("[1]"), encoded_value("[deleted]")
    ({'text': 'one'}, None, None)
    """
    try:
        value = parse(text)
    except MALFORMED:
        return None
    if isinstance(value, list):
        return value if value and isinstance(value[0], str | dict | list) else None
    return value if isinstance(value, dict) else None


def check_length(characters: int) -> None:
    """Raise ``TooLong`` for a value of more than ``LONGEST_VALUE`` characters."""
    if characters > LONGEST_VALUE:
        raise TooLong(f"a value has more than {LONGEST_VALUE} characters")


def problem(error: Exception) -> Problem:
    """Return what one of ``MALFORMED`` says of a text, without a word of it."""
    if isinstance(error, TooLong):
        remedy = "Send such a document as text/plain."
        return Problem(str(error), remedy, Code.DOCUMENT_TOO_LONG, 413)
    if isinstance(error, NotFinite):
        return Problem(f"it is not JSON: {error}", "Send null in its place.")
    if isinstance(error, RecursionError):
        return Problem("it is not JSON that can be read: it is nested too deeply", _FLAT)
    if not isinstance(error, json.JSONDecodeError):  # the one other thing that Python refuses
        return Problem("it is not JSON that can be read: a number has too many digits", _DIGITS)
    if error.msg == "Extra data":
        return Problem("it is not JSON: there is more behind the value", _MORE)
    return Problem(f"it is not JSON: {error.msg}")


def malformed(error: Exception) -> RequestError:
    """Return the error of a body of which one of ``MALFORMED`` was raised."""
    found = problem(error)
    remedy = found.remedy or "Send one JSON value, or one a line as application/jsonlines."
    return found._replace(remedy=remedy).error()


class JsonText:
    """Reads values one after the other from a file, and holds no more than one of them.

    Its methods raise one of ``MALFORMED`` where the text is no JSON.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._held = ""
        self._at = 0
        self._passed = 0
        self._ended = False

    @property
    def place(self) -> int:
        """How many characters have been taken."""
        return self._passed + self._at

    def peek(self) -> str:
        """Return the next character that is no white space; nothing at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in _SPACE:
                    return self._held[self._at]
                self._at += 1
            if self._ended:
                return ""
            self._read_on()

    def take(self, characters: str) -> str:
        """Step over the next character, one of these, and return it."""
        found = self.peek()
        if not found or found not in characters:
            raise json.JSONDecodeError(f"Expecting one of {characters}", "", 0)
        self._at += 1
        return found

    def value(self) -> Any:
        """Return the next value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except json.JSONDecodeError:
                if self._ended:
                    raise
            else:
                if self._ended or len(self._held) - end >= LONGEST_CONTINUATION:
                    check_length(end - self._at)
                    self._at = end
                    return value
            check_length(len(self._held) - self._at - LONGEST_CONTINUATION)
            self._read_on()

    def elements(self) -> Iterator[Any]:
        """Yield the values of an array."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        yield self.value()
        while self.take(",]") == ",":
            yield self.value()

    def members(self) -> Iterator[str]:
        """Yield the names of an object; whoever takes one reads its value before the next."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        yield self._name()
        while self.take(",}") == ",":
            yield self._name()

    def _name(self) -> str:
        if self.peek() != '"':
            raise json.JSONDecodeError("Expecting property name", "", 0)
        name: str = self.value()
        self.take(":")
        return name

    def _read_on(self) -> None:
        rest = self._held[self._at :]
        piece = self._file.read(max(PIECE, min(len(rest), LONGEST_VALUE - len(rest))))
        self._passed += self._at
        self._held, self._at, self._ended = rest + piece, 0, not piece
