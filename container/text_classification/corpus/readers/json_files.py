"""JSON Lines, and JSON as an array of records or as the columns that pandas writes."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import ijson

from text_classification.corpus.readers.ground_truth import with_class_names
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.undecoded import undecoded


def read_json_lines(source: Source) -> Iterator[Row]:
    """Yield the records of a file with one JSON object a line; empty lines are passed over."""
    for number, line in enumerate(source.lines(), 1):
        if line.strip():
            problem = undecoded((line,), source.reading.encoding)
            yield Row(number, {}, *problem) if problem else _parsed(number, line)


def read_json(source: Source) -> Iterator[Row]:
    """Yield the records of a JSON file, streamed: an array of records, or an object of columns."""
    with source.json() as file:
        first = _first_character(file)
    if first == b"[":
        yield from _read_array(source)
    else:
        yield from _read_columns(source)


def _row(number: int, value: Any) -> Row:
    if isinstance(value, dict):
        return Row(number, with_class_names(value))
    return Row(number, {}, f"it is a {type(value).__name__}, not a record")


def _parsed(number: int, text: str) -> Row:
    try:
        return _row(number, json.loads(text))
    except (ValueError, RecursionError) as error:
        return Row(number, {}, f"it is not JSON: {error}")


def _first_character(file: Any) -> bytes:
    start: bytes = file.read(4096).lstrip()
    return start[:1]


def _read_array(source: Source) -> Iterator[Row]:
    with source.json() as file:
        for number, value in enumerate(ijson.items(file, "item", use_float=True), 1):
            yield _row(number, value)


def _read_columns(source: Source) -> Iterator[Row]:
    """Yield the records of ``{"text": {"0": ...}, "label": {"0": ...}}`` or of lists instead.

    A column lies before or behind the other, so both are held; other columns are passed over.
    """
    with source.json() as file:
        present = list(_top_level(file))
    chosen = source.resolve(present)
    unread = dict.fromkeys(present)  # columns may be meant by their position
    held: dict[str, dict[str, Any]] = {}
    with source.json() as file:
        for name, value in ijson.kvitems(file, "", use_float=True):
            if name in {chosen.label, chosen.text}:
                held[name] = _by_index(value)
    for number, index in enumerate(dict.fromkeys(itertools.chain(*held.values())), 1):
        values = {name: column.get(index) for name, column in held.items()}
        yield Row(number, {**unread, **values})


def _top_level(file: Any) -> Iterator[str]:
    for prefix, event, value in ijson.parse(file):
        if not prefix and event == "map_key":
            yield value


def _by_index(column: Any) -> dict[str, Any]:
    if isinstance(column, dict):
        return column
    if isinstance(column, list):
        return {str(index): value for index, value in enumerate(column)}
    raise ValueError(f"a column is a {type(column).__name__}, not an object or a list")
