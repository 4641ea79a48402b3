"""What a JSON value says: its text, the fields to give back, and BlazingText's shape."""

from typing import Any

from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.field_names import TEXT_FIELDS
from text_classification.serving.predictions.requests.records import (
    Document,
    Fields,
    Found,
    Problem,
)

BLAZINGTEXT = {"shape": "blazingtext"}
NO_TEXT = Problem(
    "a record is not a text", 'Send strings, or objects with a string in the field "text".'
)
NO_COUNT = Problem("the field k of a record is not a positive whole number")


class RecordReader:
    """Finds the text of a JSON value, and the fields that are to be given back."""

    def __init__(self, options: Options) -> None:
        self._names = (options.text_column,) if options.text_column else TEXT_FIELDS
        self._wanted = options.fields
        self._counts = options.shape == "blazingtext"

    def __call__(self, value: Any) -> Found:
        """Return the document of a value: a string, or an object with a text."""
        if isinstance(value, str):
            return Document(value, self._kept({}, "")) if self._wanted else Document(value)
        if not isinstance(value, dict):
            return value if isinstance(value, Problem) else NO_TEXT
        name = next((name for name in self._names if name in value), "")
        text = value.get(name)
        if not isinstance(text, str):
            return NO_TEXT
        if not self._wanted and not self._counts:
            return Document(text)
        listed = value.get("k") if self._counts else None
        if listed is not None and (type(listed) is not int or listed < 1):
            return NO_COUNT
        return Document(text, self._kept(value, name), listed)

    def _kept(self, record: Fields, text_name: str) -> Fields:
        if "*" in self._wanted:
            return {name: value for name, value in record.items() if name != text_name}
        return {name: record.get(name) for name in self._wanted}


def is_blazingtext(record: Any) -> bool:
    """Tell whether a record has its text where BlazingText's have it, and nowhere else."""
    return isinstance(record, dict) and next(
        (name == "source" for name in TEXT_FIELDS if name in record), False
    )
