"""Objects in which clients send many documents, and the records that each of them holds.

Besides a list of records there are tables as pandas writes them (``orient`` split, table, columns,
index), which MLflow sends too, columns as TensorFlow Serving has them, and tensors of the Open
Inference Protocol.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice
from typing import Any

from text_classification.contract.column_names import place_of
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.field_names import (
    LIST_FIELDS,
    OPTION_FIELDS,
    joined_names,
    text_names,
)
from text_classification.serving.predictions.requests.json_text import encoded_value
from text_classification.serving.predictions.requests.large_json import StreamedList
from text_classification.serving.predictions.requests.records import Problem, invalid

NO_COLUMN = "Name it text, or set text_column."
AS_RECORDS = "Send a list of records with their fields."
AS_TENSOR = (
    'Send one of the datatype BYTES with strings in "data"; where there are several, name it text.'
)


def records_of(
    value: Mapping[str, Any], options: Options, own: tuple[str, ...] = ()
) -> Iterable[Any]:
    """Return the records of an object: those of its list or table, or itself.

    own: the names of the text in the documents that the model was trained on. A list counts before
    a text; what else a field for lists holds is a record where no text is. Raises ``RequestError``
    400 for a table without a column of texts.
    """
    table = Table(options, own)
    for name in LIST_FIELDS:
        held = value.get(name)
        if isinstance(held, list | StreamedList):
            return table.held(held)
        if name in value and _text_name(value, table.names, str) is None:
            return table.held(encoded_value(held) or held if isinstance(held, str) else held)
    return table.records(value)


class Table:
    """Reads tables whose text may have one of some names, or stand in several columns.

    names: all that columns of texts may have, in their plain form.
    """

    def __init__(self, options: Options, own: tuple[str, ...]) -> None:
        self._joined = joined_names(options.text_column, own)
        self.names = text_names(options.text_column, own) + self._joined
        self._with_fields = bool(options.fields)

    def held(self, value: Any) -> Iterable[Any]:
        """Return the records of what a field for lists holds."""
        if isinstance(value, dict):
            return self.records(value)
        if not isinstance(value, list | StreamedList):
            return [value]
        return self._tensor(value) if _is_tensor(next(iter(value), None)) else value

    def records(self, value: Mapping[str, Any]) -> Iterable[Any]:
        """Return the rows of a table, or its object where it is a record itself."""
        data = value.get("data")
        if isinstance(data, list | StreamedList):
            if isinstance(value.get("columns"), list):
                return self._rows(value["columns"], data)
            if isinstance(value.get("schema"), dict):
                return data
        name = _text_name(value, self.names, object)
        if name is not None:
            return self._columns(value, name) if _is_column(value[name]) else [value]
        rows = {name: row for name, row in value.items() if name not in OPTION_FIELDS}
        is_index = _is_indexed(rows) and all(isinstance(row, str | dict) for row in rows.values())
        return rows.values() if is_index else [value]

    def _rows(self, columns: list[Any], data: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows of pandas' ``split``; a lone column holds the texts whatever its name."""
        names = [str(name) for name in columns]
        place = self._place(names)
        if place is None and len(names) != 1:
            raise invalid("no column is named text", NO_COLUMN)
        if place is None:
            names[0], place = self.names[0], 0
        is_whole = self._with_fields or bool(self._places(names))
        for row in data:
            if not isinstance(row, list) or len(row) != len(names):
                yield Problem(f"a row is not a list of {len(names)} values, one for each column")
            elif is_whole:
                yield dict(zip(names, row, strict=True))
            else:
                yield {names[place]: row[place]}

    def _place(self, names: Iterable[str]) -> int | None:
        return _place(self.names, names)

    def _places(self, names: Iterable[str]) -> list[int]:
        """Return the places of the texts that are joined, as many as are there."""
        found = [_place((name,), names) for name in self._joined]
        return [place for place in found if place is not None]

    def _columns(self, value: Mapping[str, Any], name: str) -> Iterator[Any]:
        """Yield the rows of an object of columns: lists, or pandas' objects by index."""
        texts = value[name]
        present = list(value)
        joined = [present[place] for place in self._places(present)]
        _check_alike([value[each] for each in dict.fromkeys((name, *joined))])
        others = {
            each: column
            for each, column in value.items()
            if each != name
            and (each in joined or (self._with_fields and each not in OPTION_FIELDS))
        }
        if any(isinstance(column, StreamedList) for column in others.values()):
            raise invalid("a body so large has no columns beside its texts", AS_RECORDS)
        keys = texts if isinstance(texts, dict) else count()
        column = texts.values() if isinstance(texts, dict) else texts
        for key, text in zip(keys, column, strict=False):
            yield {name: text, **{each: _cell(others[each], key) for each in others}}

    def _tensor(self, tensors: Iterable[Any]) -> Iterable[Any]:
        """Return the texts of the one tensor of strings, or of that which is named as texts are.

        Where some hold texts that are joined, return their rows.
        """
        described = [
            str(each.get("name")) if _is_tensor(each) and each["datatype"] == "BYTES" else None
            for each in tensors
        ]
        names = [name for name in described if name is not None]
        places = self._places(names)
        if len(places) > 1:
            columns = {names[each]: _strings(tensors, described, names[each]) for each in places}
            return self._columns(columns, names[places[0]])
        place = 0 if len(names) == 1 else self._place(names)
        if not names or place is None:
            raise invalid("none of the inputs is the tensor of texts", AS_TENSOR)
        return _strings(tensors, described, names[place])


def _strings(tensors: Iterable[Any], described: list[str | None], name: str) -> list[Any]:
    """Return what the tensor holds that is described so."""
    tensor = next(islice(tensors, described.index(name), None))
    parameters = tensor.get("parameters")
    if isinstance(parameters, dict) and parameters.get("content_type") == "base64":
        raise invalid("a tensor of base64 is not read here", AS_TENSOR)
    data: list[Any] = tensor["data"]
    return data


def _place(wanted: Iterable[str], names: Iterable[str]) -> int | None:
    try:
        return place_of(wanted, names)
    except ValueError as error:
        raise invalid(str(error), "Rename one of them.") from None


def _check_alike(columns: list[Any]) -> None:
    """Raise ``RequestError`` 400 where columns of texts that are joined have other rows."""
    rows = {
        (type(column), tuple(column) if isinstance(column, dict) else len(column))
        for column in columns
        if isinstance(column, list | dict)
    }
    if len(rows) > 1:
        raise invalid("the columns differ in length", AS_RECORDS)


def _text_name(value: Mapping[str, Any], names: tuple[str, ...], kind: Any) -> str | None:
    """Return the first field that a text may have, if what it holds is of a kind."""
    try:
        place = place_of(names, value)
    except ValueError:  # the record's error, where it is one
        return None
    name = None if place is None else list(value)[place]
    return name if name is not None and isinstance(value[name], kind) else None


def _is_tensor(value: Any) -> bool:
    return isinstance(value, dict) and "datatype" in value and isinstance(value.get("data"), list)


def _is_column(value: Any) -> bool:
    return isinstance(value, list | StreamedList) or _is_indexed(value)


def _is_indexed(value: Any) -> bool:
    """Tell whether an object has the numbers of pandas' index as names."""
    return isinstance(value, dict) and bool(value) and all(map(str.isdecimal, value))


def _cell(column: Any, key: Any) -> Any:
    """Return the value of a row in a column; what is no column belongs to all rows."""
    if isinstance(column, dict):
        return column.get(key)
    if not isinstance(column, list):
        return column
    if not isinstance(key, int) or key >= len(column):
        raise invalid("the columns differ in length", AS_RECORDS)
    return column[key]
