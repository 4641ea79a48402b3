"""JSON Lines, and JSON as an array of records or as the columns that pandas writes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson

from text_classification.corpus.readers.row import Columns, Row
from text_classification.corpus.readers.source import open_json, text_lines


def read_json_lines(path: Path) -> Iterator[Row]:
    """Yield the records of a file with one JSON object a line; empty lines are passed over."""
    for line, text in enumerate(text_lines(path), 1):
        if text.strip():
            yield _parsed(line, text)


def read_json(path: Path, columns: Columns) -> Iterator[Row]:
    """Yield the records of a JSON file, streamed: an array of records, or an object of columns."""
    with open_json(path) as file:
        first = _first_character(file)
    if first == b"[":
        yield from _read_array(path)
    else:
        yield from _read_columns(path, columns)


def _row(number: int, value: Any) -> Row:
    if isinstance(value, dict):
        return Row(number, value)
    return Row(number, {}, f"it is a {type(value).__name__}, not a record")


def _parsed(number: int, text: str) -> Row:
    try:
        return _row(number, json.loads(text))
    except (ValueError, RecursionError) as error:
        return Row(number, {}, f"it is not JSON: {error}")


def _first_character(file: Any) -> bytes:
    start: bytes = file.read(4096).lstrip()
    return start[:1]


def _read_array(path: Path) -> Iterator[Row]:
    with open_json(path) as file:
        for number, value in enumerate(ijson.items(file, "item", use_float=True), 1):
            yield _row(number, value)


def _read_columns(path: Path, columns: Columns) -> Iterator[Row]:
    """Yield the records of ``{"text": {"0": ...}, "label": {"0": ...}}`` or of lists instead.

    A column lies before or behind the other, so both are held; other columns are passed over.
    """
    with open_json(path) as file:
        present = dict.fromkeys(name for name, _ in _top_level(file))
    chosen = columns.resolve(present, path.name)
    held: dict[str, dict[str, Any]] = {}
    with open_json(path) as file:
        for name, value in ijson.kvitems(file, "", use_float=True):
            if name in {chosen.label, chosen.text}:
                held[name] = _by_index(value)
    labels, texts = held[chosen.label], held[chosen.text]
    for number, index in enumerate(dict.fromkeys((*labels, *texts)), 1):
        yield Row(number, {chosen.label: labels.get(index), chosen.text: texts.get(index)})


def _top_level(file: Any) -> Iterator[tuple[str, None]]:
    for prefix, event, value in ijson.parse(file):
        if not prefix and event == "map_key":
            yield value, None


def _by_index(column: Any) -> dict[str, Any]:
    if isinstance(column, dict):
        return column
    if isinstance(column, list):
        return {str(index): value for index, value in enumerate(column)}
    raise ValueError(f"a column is a {type(column).__name__}, not an object or a list")
