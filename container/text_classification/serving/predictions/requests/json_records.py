"""What a JSON value says: its text, the fields to give back, and BlazingText's shape."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from text_classification.contract.column_names import TEXT_NAMES, place_of, plain
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.field_names import (
    FEATURES,
    OPTION_FIELDS,
    joined_names,
    text_names,
)
from text_classification.serving.predictions.requests.json_text import OPENING, encoded_value
from text_classification.serving.predictions.requests.misplaced_options import (
    misplaced_in,
    names_in_records,
)
from text_classification.serving.predictions.requests.records import (
    Document,
    Fields,
    Found,
    Problem,
)

BLAZINGTEXT = {"shape": "blazingtext"}
NO_TEXT = Problem(
    "a record is not a text",
    'Send strings, or objects with a string in the field "text"; text_column names another field.',
)
NO_COUNT = Problem("the field k of a record is not a positive whole number")
ENCODED_TWICE = Problem(
    "a record is JSON within a string: it was encoded twice",
    'Send the value itself; a document that is JSON goes into the field "text".',
)
# The fields of a small request as Hugging Face's, which needs no search.
_ALONE = frozenset(("inputs", *OPTION_FIELDS))
# Lists and objects around a text: {"data": {"features": {"values": [["..."]]}}}.
DEEPEST = 5


class RecordReader:
    """Finds the text of a JSON value, and the fields that are to be given back.

    own: the names of the text in the documents that the model was trained on; body: the value that
    is all of a body, and may have options.
    """

    def __init__(self, options: Options, own: tuple[str, ...] = (), body: Any = None) -> None:
        self._own = own
        self._column = options.text_column
        self._names = text_names(options.text_column, own)
        self._joined = joined_names(options.text_column, own)
        self._first = options.text_column or self._names[0]
        self._place = int(options.text_column) if options.text_column.isdecimal() else None
        self._wanted = options.fields
        self._misplaced = names_in_records(options.fields)
        self._body = body
        self._counts = options.shape == "blazingtext"

    def __call__(self, value: Any) -> Found:
        """Return the document of a value: a string, or an object or a list with a text."""
        if isinstance(value, str):
            if value[:1] in OPENING and encoded_value(value) is not None:
                return ENCODED_TWICE
            return Document(value, self._kept({}, ())) if self._wanted else Document(value)
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, list):
            return self._row(value)
        return value if isinstance(value, Problem) else NO_TEXT

    def _object(self, value: dict[str, Any]) -> Found:
        if not self._misplaced.isdisjoint(value) and value is not self._body:
            problem = misplaced_in(value, self._wanted)
            if problem:
                return problem
        if self._joined and self._first not in value:
            found = self._of_joined(value)
            if found:
                return found
        name = self._first
        if name not in value:
            try:
                name = self._name(value)
            except ValueError as error:
                return _ambiguous(error)
        text = value.get(name)
        if not isinstance(text, str):
            text = only_text(text, self._place)
            if text is None:
                return NO_TEXT
        if text[:1] in OPENING and not self._is_chosen(name) and encoded_value(text):
            return ENCODED_TWICE
        return self._document(text, value, (name,))

    def _document(self, text: str, value: Fields, names: Collection[str]) -> Found:
        """Return the document of a record; names: the fields that its text is from."""
        if not self._wanted and not self._counts:
            return Document(text)
        listed = value.get("k") if self._counts else None
        if listed is not None and (type(listed) is not int or listed < 1):
            return NO_COUNT
        return Document(text, self._kept(value, names), listed)

    def _of_joined(self, value: Fields) -> Found | None:
        """Return the document of a record whose texts are joined; None where it has none of them.

        As in training, some may be missing; but where the field ``text`` is there in place of one
        of the model's own, that is the whole text.
        """
        try:
            places = [place_of((name,), value) for name in self._joined]
        except ValueError as error:
            return _ambiguous(error)
        present = list(value)
        names = [present[place] for place in places if place is not None]
        given = [value[name] for name in names if value[name] is not None]
        if not given or (len(names) < len(places) and self._has_whole_text(value)):
            return None
        texts = [only_text(each) for each in given]
        if None in texts:
            return NO_TEXT
        return self._document(" ".join(filter(None, texts)), value, names)

    def _has_whole_text(self, value: Fields) -> bool:
        whole = TEXT_NAMES[0]
        return whole in self._names and whole not in self._joined and whole in map(plain, value)

    def _is_chosen(self, name: str) -> bool:
        """Tell whether a field was named for the text: it means what it holds, whatever it is."""
        return plain(name) in (TEXT_NAMES[0], *self._own, plain(self._column))

    def _name(self, value: Mapping[str, Any]) -> str:
        """Return the field that holds the text. Raises ``ValueError`` where two have its name."""
        if value.keys() <= _ALONE and "inputs" in self._names:
            return "inputs"
        place = place_of(self._names, value)
        return FEATURES if place is None else list(value)[place]

    def _row(self, value: list[Any]) -> Found:
        """Return the document of a row of a table, whose other values are fields by number."""
        text = only_text(value, self._place)
        if text is None:
            return NO_TEXT
        if not self._wanted:
            return Document(text)
        row = {str(place): each for place, each in enumerate(value)}
        name = next(name for name in row if _is(row[name], text))
        return Document(text, self._kept(row, (name,)))

    def _kept(self, record: Fields, text_names: Collection[str]) -> Fields:
        if "*" in self._wanted:
            return {name: value for name, value in record.items() if name not in text_names}
        return {name: record.get(name) for name in self._wanted}


def only_text(value: Any, place: int | None = None) -> str | None:
    """Return the one text of a list of values, or of SageMaker's ``features``; None without one.

    place: that of the text in a list of several.

    >>> only_text(["a good product", 5]), only_text({"values": [["one"]]}), only_text(["a", "b"])
    ('a good product', 'one', None)
    """
    for _ in range(DEEPEST):
        if isinstance(value, dict):
            value = value.get(FEATURES, value.get("values"))
        elif isinstance(value, list):
            value = _one_of(value, place)
        else:
            break
    return value if isinstance(value, str) else None


def _one_of(values: Sequence[Any], place: int | None) -> Any:
    if len(values) == 1:
        return values[0]
    if place is not None:
        return values[place] if place < len(values) else None
    texts = [each for each in values if isinstance(each, str)]
    return texts[0] if len(texts) == 1 else None


def _ambiguous(error: ValueError) -> Problem:
    return Problem(str(error), "Rename one of them, or set text_column.")


def _is(value: Any, text: str) -> bool:
    return value is text or only_text(value) is text


def is_blazingtext(record: Any) -> bool:
    """Tell whether a record has its text where BlazingText's have it, and nowhere else."""
    if not isinstance(record, dict) or "source" not in record:
        return False
    return all(name == "source" or name not in record for name in TEXT_NAMES)
