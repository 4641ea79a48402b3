"""What the readers yield, and how its fields become a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from text_classification.corpus.label import label_problem
from text_classification.errors import Code, DataError

LABEL_NAMES = ("label", "category", "class", "target", "intent", "topic")
TEXT_NAMES = ("text", "document", "content", "body", "sentence", "abstract", "description", "words")


class Document(NamedTuple):
    """A text and its label."""

    label: str
    text: str


class Row(NamedTuple):
    """One record of a file as its reader saw it, with the line (or record) it stands on.

    A record that could not be taken apart has no fields but a problem, in words.
    """

    line: int
    fields: Mapping[str, Any]
    problem: str = ""


class BadRow(Exception):
    """A record that is not a labelled document; the caller knows the file and the line."""


@dataclass(frozen=True)
class Columns:
    """The label and the text column: a name, a position from 0, or empty for the usual names."""

    label: str = ""
    text: str = ""

    def resolve(self, present: Mapping[str, Any], where: str) -> "Columns":
        """Return the names as they stand in ``present``.

        Raises ``DataError`` when a column is not there, naming those that are, and when both
        are the same one.
        """
        label = _find(self.label, LABEL_NAMES, present, "label", where)
        text = _find(self.text, TEXT_NAMES, present, "text", where)
        if label == text:
            raise DataError(
                Code.COLUMN_MISSING,
                f"the column '{label}' cannot be both the label and the text",
                where=where,
                remedy="Set both label_column and text_column.",
            )
        return Columns(label, text)

    def document(self, row: Row) -> Document:
        """Return the document of a row. Raises ``BadRow`` with the reason."""
        if row.problem:
            raise BadRow(row.problem)
        return Document(
            label_text(_field(row, self.label)), _text(_field(row, self.text), self.text)
        )


def label_text(value: Any) -> str:
    """Return a label as text: numbers as digits, white space trimmed. Raises ``BadRow``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # pandas turns integers into floats where one is missing
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRow(f"the label is {_kind(value)}, not text")
    label = " ".join(str(value).split())
    problem = label_problem(label)
    if problem:
        raise BadRow(f"the label {problem}")
    return label


def _text(value: Any, column: str) -> str:
    if not isinstance(value, str):
        raise BadRow(f"the field '{column}' is {_kind(value)}, not text")
    return value


def _field(row: Row, column: str) -> Any:
    try:
        return row.fields[column]
    except KeyError:
        raise BadRow(f"the field '{column}' is missing") from None


def _kind(value: Any) -> str:
    return "missing" if value is None else f"a {type(value).__name__}"


def _find(
    wanted: str, usual: tuple[str, ...], present: Mapping[str, Any], role: str, where: str
) -> str:
    if wanted:
        if wanted in present:
            return wanted
        if wanted.isdecimal() and int(wanted) < len(present):
            return list(present)[int(wanted)]
    else:
        by_lower_name = {str(name).strip().lower(): str(name) for name in reversed(list(present))}
        for name in usual:
            if name in by_lower_name:
                return by_lower_name[name]
    found = ", ".join(f"'{name!s:.40}'" for name in list(present)[:20])
    missing = repr(wanted) if wanted else f"for the {role}"
    raise DataError(
        Code.COLUMN_MISSING,
        f"there is no column {missing}; there are {found or 'none'}",
        where=where,
        remedy=f"Name it with the hyperparameter {role}_column.",
    )
