"""JSON Lines, and JSON as an array of records or as an object that pandas writes, by any orient."""

import itertools
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import ijson

from text_classification.corpus.readers.ground_truth import (
    failure,
    labelling_jobs,
    with_class_names,
)
from text_classification.corpus.readers.json_fields import (
    columns_of,
    first_lines,
    resolves,
    with_names_of_all,
)
from text_classification.corpus.readers.json_values import read_values, row_of
from text_classification.corpus.readers.line_reader import SAMPLED_LINES
from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.undecoded import undecoded

# Behind each part of a file, the parser begins a string anew that has not ended: the parts are
# large, so that the time for a long text is not its square.
_BUFFER = 1 << 24
# The keys of pandas' orients split and table.
_SPLIT = frozenset({"columns", "data"})
_TABLE = frozenset({"schema", "data"})
# What annotators answered in Prodigy to a label that is not right, or that nobody could tell.
_REFUSED = ("reject", "ignore")
_TWICE = (
    "Write the records themselves: give json.dump no text that to_json or json.dumps has returned."
)
_SKIP = "Label it, or set bad_rows=skip to leave such rows out."


def read_json_lines(source: Source) -> Iterator[Row]:
    """Yield the records of a file with one JSON object a line; empty lines are passed over."""
    lines = enumerate(source.lines(), source.first_line)
    if not source.piece or not source.piece.opening:
        yield from with_names_of_all(_rows_of(first_lines(lines), source))
    yield from _rows_of(lines, source)


def _rows_of(lines: Iterable[tuple[int, str]], source: Source) -> Iterator[Row]:
    for number, line in lines:
        if line.strip():
            problem = undecoded((line,), source.reading.encoding)
            # The mark stands where files were joined that each began with one.
            text = line.removeprefix("\ufeff")
            yield Row(number, {}, *problem) if problem else _parsed(number, text, source)


def read_json(source: Source) -> Iterator[Row]:
    """Yield the records of a JSON file, streamed: an array of records, or what pandas writes."""
    with source.json() as file:
        first = _first_character(file)
    if first == b"[":
        yield from _read_array(source)
    else:
        yield from _read_object(source)


def record_row(number: int, value: Any) -> Row:
    """Return the row of a record; of one of a labelling job with the name of its class."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        return Row(number, {}, "it is JSON within a string: it was encoded twice", _TWICE)
    if not isinstance(value, dict):
        return Row(number, {}, f"it is a {type(value).__name__}, not a record")
    if value.get("answer") in _REFUSED and "_input_hash" in value:
        return Row(number, {}, f"in Prodigy its answer was {value['answer']}", _SKIP)
    jobs = labelling_jobs(value)
    if not jobs:
        return Row(number, value)
    problem = failure(jobs)
    if problem:
        return Row(number, {}, problem, _SKIP)
    return Row(number, with_class_names(value, jobs))


def _parsed(number: int, text: str, source: Source) -> Row:
    try:
        return record_row(number, json.loads(text))
    except (ValueError, RecursionError) as error:
        begins = text.lstrip()[:1] in {"{", "["}
        return Row(number, {}, f"it is not JSON: {error}", "" if begins else _other_format(source))


def _other_format(source: Source) -> str:
    """Return what to do about a line that does not begin as JSON does, where that was declared."""
    if source.declared != "jsonlines":
        return ""
    said_by = "content type of the channel" if source.by_content_type else "name of the file"
    return (
        f"The {said_by} says that this is JSON Lines: correct that if it is of another format. "
        "Else correct the row, or set bad_rows=skip to leave such rows out."
    )


def _first_character(file: Any) -> bytes:
    start: bytes = file.read(4096).lstrip()
    return start[:1]


def _read_array(source: Source, path: str = "item") -> Iterator[Row]:
    with source.json() as file:
        values = _items(file, path)
        first = list(itertools.islice(values, 1))
        values = itertools.chain(first, values)
        if first and isinstance(first[0], list):
            yield from read_values(values, source)
        else:
            yield from _records(values)


def _records(values: Iterable[Any]) -> Iterator[Row]:
    rows = itertools.starmap(record_row, enumerate(values, 1))
    yield from with_names_of_all(itertools.islice(rows, SAMPLED_LINES))
    yield from rows


def _read_object(source: Source) -> Iterator[Row]:
    """Yield the records of an object as pandas writes it, by any of its orients.

    Several objects, one behind the other as jq prints them, are a record each.
    """
    source.keep()
    with source.json() as file:
        objects, present = _top_level(file)
    if objects > 1:
        yield from _read_array(source, "")
        return
    if _SPLIT <= set(present) <= {*_SPLIT, "index", "name"}:
        yield from _read_split(source)
    elif set(present) == _TABLE:
        yield from _read_array(source, "data.item")
    elif _holds_records(source, present):
        yield from _read_index(source)
    else:
        yield from _read_columns(source, present)


def _read_split(source: Source) -> Iterator[Row]:
    """Yield the records of ``{"columns": ["label", "text"], "data": [["BILL", "..."]]}``."""
    with source.json() as file:
        names = [str(name) for name in _items(file, "columns.item")]
    source.resolve(names)
    with source.json() as file:
        for number, values in enumerate(_items(file, "data.item"), 1):
            yield row_of(number, values, names)


def _holds_records(source: Source, present: Iterable[str]) -> bool:
    """Tell ``{"0": {"label": ..., "text": ...}}`` from columns: its first value is a record."""
    if resolves(present, source):
        return False
    with source.json() as file:
        first = next(ijson.kvitems(file, "", use_float=True, buf_size=_BUFFER), ("", None))[1]
    return isinstance(first, dict) and resolves(first, source)


def _read_index(source: Source) -> Iterator[Row]:
    with source.json() as file:
        records = ijson.kvitems(file, "", use_float=True, buf_size=_BUFFER)
        yield from _records(record for _, record in records)


def _read_columns(source: Source, present: Mapping[str, Collection[str]]) -> Iterator[Row]:
    """Yield the records of ``{"text": {"0": ...}, "label": {"0": ...}}`` or of lists instead.

    A column lies before or behind the other, so both are held; other columns are passed over.
    """
    chosen = columns_of(present, present, source)
    unread = dict.fromkeys(present)  # columns may be meant by their position
    held: dict[str, dict[str, Any]] = {}
    with source.json() as file:
        for name, value in ijson.kvitems(file, "", use_float=True, buf_size=_BUFFER):
            if name in {chosen.label, *chosen.texts}:
                held[name] = _by_index(value)
    # The one that lacks none tells the order.
    whole_first = sorted(held.values(), key=len, reverse=True)
    for number, index in enumerate(dict.fromkeys(itertools.chain(*whole_first)), 1):
        values = {name: column.get(index) for name, column in held.items()}
        yield Row(number, {**unread, **values})


def _items(file: Any, path: str) -> Iterator[Any]:
    values: Iterator[Any] = ijson.items(
        file, path, use_float=True, buf_size=_BUFFER, multiple_values=not path
    )
    return values


def _top_level(file: Any) -> tuple[int, dict[str, set[str]]]:
    """Return how many objects there are, and the keys of the first.

    With each key come those of the objects in its list, where it has such a list.
    """
    objects, keys = 0, dict[str, set[str]]()
    for prefix, event, value in ijson.parse(file, buf_size=_BUFFER, multiple_values=True):
        if not prefix:
            objects += event == "start_map"
            if event == "map_key" and objects == 1:
                keys[value] = set()
        elif event == "map_key" and prefix.endswith(".item"):
            keys.get(prefix.removesuffix(".item"), set()).add(value)
    return objects, keys


def _by_index(column: Any) -> dict[str, Any]:
    if isinstance(column, dict):
        return column
    if isinstance(column, list):
        return {str(index): value for index, value in enumerate(column)}
    raise ValueError(f"a column is a {type(column).__name__}, not an object or a list")
