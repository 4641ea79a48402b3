"""From a request body to documents, for each content type."""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from text_classification.errors import Code, RequestError

# The csv module refuses fields beyond 131,072 characters unless told otherwise; bodies have a
# limit of their own.
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))

TEXT_FIELDS = ("text", "document", "content", "body", "data")
LIST_FIELDS = ("instances", "inputs", "documents", "texts")

Parameters = Mapping[str, str]


def documents(body: bytes, media_type: str, parameters: Parameters) -> list[str]:
    """Return the documents of a body, at least one.

    ``media_type`` is in lower case without parameters; the parameters of ``Content-Type`` come
    beside it. Raises ``RequestError`` 415 for another media type, and 400 for a body that is not
    what its type says, naming the line or record but never repeating the text.
    """
    decoder = _DECODERS.get(media_type)
    if decoder is None:
        raise RequestError(
            415,
            Code.CONTENT_TYPE_UNSUPPORTED,
            f"the content type {media_type[:100]!r} is not read here"
            if media_type
            else "the request has no content type",
            remedy=f"Send one of {', '.join(_DECODERS)}.",
        )
    found = decoder(_text(body, parameters), parameters)
    if not found:
        raise invalid("the body holds no documents", "Send at least one document.")
    return found


def invalid(message: str, remedy: str = "", where: str = "") -> RequestError:
    """Return the error of a body that cannot be understood."""
    return RequestError(400, Code.BODY_INVALID, message, where=where, remedy=remedy)


def _text(body: bytes, parameters: Parameters) -> str:
    charset = parameters.get("charset", "utf-8").lower()
    if charset not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        raise invalid(f"the charset {charset[:40]!r} is not read here", "Send UTF-8.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise invalid(
            "the body is not UTF-8", "Encode the body as UTF-8.", f"byte {error.start}"
        ) from None
    if not text.strip():
        raise invalid("the body is empty", "Send at least one document.")
    return text


def _json(text: str, _parameters: Parameters) -> list[str]:
    """Read a string, a record, a list of either, or an object with such a list.

    >>> _json('{"instances": ["one", {"text": "two"}]}', {})
    ['one', 'two']
    """
    value = _parse(text, "the body")
    if isinstance(value, dict):
        for name in LIST_FIELDS:
            if name in value:
                value = value[name]
                break
    records = value if isinstance(value, list) else [value]
    return [_document(record, f"record {number}") for number, record in enumerate(records, 1)]


def _json_lines(text: str, _parameters: Parameters) -> list[str]:
    """Read one JSON value a line; empty lines are passed over."""
    return [
        _document(_parse(line, f"line {number}"), f"line {number}")
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]


def _csv(text: str, parameters: Parameters) -> list[str]:
    """Read one document a row: the column named text or the like, or the only column.

    The parameter ``header`` (RFC 4180: present or absent) decides about the first row; without
    it, a first row that names the text column is a header.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise invalid(f"the body is not CSV: {error}", "Quote fields as RFC 4180 says.") from None
    names = [name.strip().lower() for name in rows[0]]
    # A lone column has a header only where it is named text: other names are words of documents.
    usual = TEXT_FIELDS if len(names) > 1 else TEXT_FIELDS[:1]
    named = [names.index(name) for name in usual if name in names]
    header = parameters.get("header", "present" if named else "absent").lower()
    if header not in {"present", "absent"}:
        raise invalid("the parameter header is unknown", "Write header=present or header=absent.")
    if header == "absent":
        return [_cell(row, 0, 1, number) for number, row in enumerate(rows, 1)]
    if not named and len(names) > 1:
        raise invalid(
            "no column is named text", "Name the text column text in the header.", "row 1"
        )
    column = named[0] if named else 0
    return [_cell(row, column, len(names), number) for number, row in enumerate(rows[1:], 2)]


def _cell(row: list[str], column: int, width: int, number: int) -> str:
    if len(row) != width:
        raise invalid(
            f"a row has {len(row)} fields where {width} {'is' if width == 1 else 'are'} expected",
            "Quote texts that hold commas, and name the text column in a header.",
            f"row {number}",
        )
    return row[column]


def _plain(text: str, _parameters: Parameters) -> list[str]:
    """Take the whole body as one document."""
    return [text]


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be parsed"
        raise invalid(f"it is not JSON: {reason}", where=where) from None


def _document(value: Any, where: str) -> str:
    if isinstance(value, dict):
        value = next((value[name] for name in TEXT_FIELDS if name in value), None)
    if not isinstance(value, str):
        raise invalid(
            "a record is not a text",
            'Send strings, or objects with a string in the field "text".',
            where,
        )
    return value


_DECODERS: dict[str, Callable[[str, Parameters], list[str]]] = {
    "application/json": _json,
    "application/jsonlines": _json_lines,
    "text/csv": _csv,
    "text/plain": _plain,
}
# Other names of the same formats.
_DECODERS["application/x-ndjson"] = _json_lines
