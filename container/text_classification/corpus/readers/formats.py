"""What formats are called, and how a file's first bytes tell its own."""

import json
import re
from typing import Any, Literal

Format = Literal["csv", "tsv", "jsonlines", "json", "blazingtext", "parquet"]

BY_CONTENT_TYPE: dict[str, Format] = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/jsonlines": "jsonlines",
    "application/x-jsonlines": "jsonlines",
    "application/jsonl": "jsonlines",
    "application/x-jsonl": "jsonlines",
    "application/ndjson": "jsonlines",
    "application/x-ndjson": "jsonlines",
    "application/json": "json",
    "application/x-parquet": "parquet",
    "application/vnd.apache.parquet": "parquet",
}
BY_FIRST_BYTES: dict[Format, re.Pattern[bytes]] = {
    # A label may begin so too, with text behind it.
    "parquet": re.compile(rb"PAR1[\x00-\x08\x0e-\x1f]"),
}
BY_SUFFIX: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonlines",
    ".jsonlines": "jsonlines",
    ".ndjson": "jsonlines",
    ".manifest": "jsonlines",
    ".parquet": "parquet",
}
# A label with words behind it, and no comma that would end it: no file of CSV begins so.
_FASTTEXT = re.compile(rb"\s*__label__[^\s,;|\"]+ ")
# So jq and others print an object.
_BRACE_ALONE = re.compile(rb"\s*\{[ \t]*\r?\n")
_NESTED_FIRST_VALUE = re.compile(rb'\{\s*"[^"]*"\s*:\s*[\[{]')


# A text of JSON as a string of JSON, on one line; that of a quoted field ends before its line does.
_ENCODED_TWICE = re.compile(
    rb'\s*"(?:\s|\\[nrt])*[{\[](?:[{\[\s]|\\[nrt])*\\"'
    rb'(?:[^"\\\r\n]|\\.)*(?:"[ \t]*(?:\r?\n|$)|\\?$)'
)


def format_of(content: bytes, declared: Format | None) -> Format:
    """Return the format of a file of text, as declared unless its first bytes tell another.

    content: those, in UTF-8.

    >>> format_of(b'{"label": "x", "text": "one"}', "csv"), format_of(b"label,text", "csv")
    ('jsonlines', 'csv')
    """
    if declared == "csv" and _FASTTEXT.match(content):
        return "blazingtext"
    if declared in {"csv", "tsv"} and isinstance(_first_value(content), dict):
        return _sniff(content)
    if declared in {"csv", "tsv", "jsonlines"} and _begins_list_of_records(content):
        return "json"
    if declared in {"csv", "tsv", "jsonlines"} and _BRACE_ALONE.match(content):
        return "json"
    return declared or _sniff(content)


def _begins_list_of_records(content: bytes) -> bool:
    """Tell whether the text is a JSON array, one record or more of which have been seen whole."""
    text = content.decode("utf-8", "ignore").lstrip()
    if not text.startswith("["):
        return False
    try:
        value, _ = json.JSONDecoder().raw_decode(text[1:].lstrip())
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict)


def _first_value(content: bytes) -> Any:
    """Return what the first line is as JSON, None where it is none."""
    first = content.lstrip().partition(b"\n")[0]
    try:
        return json.loads(first) if first.startswith(b"{") else None
    except (ValueError, RecursionError):
        return None


def _sniff(start: bytes) -> Format:
    content = start.lstrip()
    if content.startswith(b"__label__"):
        return "blazingtext"
    if content.startswith(b"["):
        return "json"
    if content.startswith(b"{"):
        return "jsonlines" if _first_line_is_a_record(content) else "json"
    if _ENCODED_TWICE.match(content):
        return "jsonlines"  # whose reader says what is wrong
    return "csv"


def _first_line_is_a_record(content: bytes) -> bool:
    """Tell a JSON Lines file from one JSON object: pandas' columns hold objects or lists."""
    first, newline, _ = content.partition(b"\n")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        # The first line of a pretty-printed object, or one longer than what was looked at.
        return not newline and not _NESTED_FIRST_VALUE.match(first)
    return not all(isinstance(value, dict | list) for value in record.values())
