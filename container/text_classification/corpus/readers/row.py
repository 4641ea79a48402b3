"""What the readers yield, and how its fields become a document."""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from text_classification.contract.column_names import (
    LABEL_NAMES,
    TEXT_NAMES,
    named_between_commas,
    plain,
)
from text_classification.corpus.label import label_problem, normal_label, shown
from text_classification.errors import Code, DataError

_ELSEWHERE = (
    "source-ref names objects in S3, which are not read: give the texts themselves, as source or "
    "in a column that text_column names."
)
_FOLDERS = "Where each folder is a class, call the folders label=BILL and the like."
_SOME = (
    "Correct the row, or set bad_rows=skip to leave such rows out. Where the rows have their texts "
    "in different fields, set text_column to all of them, with commas between."
)
_ONE = "Give it the one that is meant, or set bad_rows=skip to leave such rows out."
_LABELS = "Write labels as text; bad_rows=skip leaves such rows out."
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)\.0+")
# What other formats write otherwise: JSON's true is True here, and its -0 is 0.
_ALIKE = {"true": "True", "TRUE": "True", "false": "False", "FALSE": "False", "-0": "0"}
# Labels of one column are few.
_REMEMBERED_LABELS = 1 << 12
# Of two columns of a delimited file: taken for a label and a text, or named the other way round.
Order = Literal["", "guessed", "text first"]


class Document(NamedTuple):
    """A text and its label."""

    label: str
    text: str


class Row(NamedTuple):
    """One record of a file as its reader saw it, with the line (or record) it stands on.

    A record that could not be taken apart has no fields but a problem, in words, and what to do.
    has_names: whether a delimited file names its fields, None of other formats.
    """

    line: int
    fields: Mapping[str, Any]
    problem: str = ""
    remedy: str = ""
    has_names: bool | None = None

    def order(self, columns: "Columns") -> Order:
        """Return how the columns that are taken stand."""
        names = tuple(self.fields)
        if self.has_names is False and names == ("label", "text"):
            return "guessed"
        return "text first" if self.has_names and names == (columns.text, columns.label) else ""


class BadRow(Exception):
    """A record that is not a labelled document; the caller knows the file and the line.

    remedy: what to do, where it is more than to correct the record.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.remedy = remedy


@dataclass(frozen=True)
class Columns:
    """The label and the text column: a name, a position from 0, or empty for the usual names.

    text: several, with commas between them, are joined. more: those behind the first, once they are
    resolved. order: how they stand, where that is to be known.
    """

    label: str = ""
    text: str = ""
    more: tuple[str, ...] = ()
    order: Order = ""

    @property
    def named(self) -> tuple[object, ...]:
        """What the log says of them."""
        return self.label, self.texts, self.order == "guessed"

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns of the text, as far as they are resolved."""
        return (self.text, *self.more)

    @property
    def wanted(self) -> tuple[str, ...]:
        """What columns are asked for by, empty or not, each once; a name may hold commas."""
        return tuple(dict.fromkeys((self.label, self.text, *named_between_commas(self.text))))

    def resolve(self, present: Iterable[str], where: str) -> "Columns":
        """Return the names as they stand in ``present``.

        Raises ``DataError`` when a column is not there, naming those that are, when two are called
        as one that is to be taken, and when both are the same one.
        """
        names = [str(name) for name in present]
        label = _find(self.label, LABEL_NAMES, names, "label", where)
        text, *more = _find_texts(self.text, names, where)
        if label in {text, *more}:
            raise DataError(
                Code.COLUMN_MISSING,
                f"the column '{label}' cannot be both the label and the text",
                where=where,
                remedy="Set both label_column and text_column.",
            )
        return Columns(label, text, tuple(more))

    def document(self, row: Row) -> Document:
        """Return the document of a row that has fields. Raises ``BadRow`` with the reason."""
        label = label_text(_field(row, self.label))
        if self.more:
            return Document(label, self._joined(row))
        return Document(label, _text(row.fields.get(self.text), self.text))

    def _joined(self, row: Row) -> str:
        """Return the texts of a row with a space between them; some may be missing, not all."""
        given = [(name, row.fields.get(name)) for name in self.texts]
        parts = [_text(value, name) for name, value in given if value is not None]
        if not parts:
            raise BadRow(f"the fields {shown(self.texts)} are missing")
        return " ".join(part for part in parts if part)


def label_text(value: Any) -> str:
    """Return a label as text in its normal form, the same in every format. Raises ``BadRow``.

    Equal numbers are one label: ``1.0`` is ``1``, since pandas turns integers into floats where one
    is missing, and ``-0.0`` is ``0``. Each way to write a truth value is ``True`` or ``False``.
    """
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            value = value.decode()  # Parquet, where its writer did not say that it is text
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BadRow("the label is missing" if math.isnan(value) else "the label is infinite")
        value = int(value) if value.is_integer() else value  # Python writes 10**16 as 1e+16
    if isinstance(value, list) and len(value) > 1:
        raise BadRow("it has several labels; a document has one", _ONE)
    if isinstance(value, Decimal):
        value = f"{value:f}"  # Python writes a zero of 18 places as 0E-18
    if not isinstance(value, str | int | float):  # a truth value is an int to Python
        raise BadRow(f"the label is {_kind(value)}, not text", _LABELS)
    return _checked_label(str(value))


@lru_cache(_REMEMBERED_LABELS)
def _checked_label(value: str) -> str:
    label = normal_label(value)
    if _WHOLE.fullmatch(label):
        label = label.partition(".")[0]
    label = _ALIKE.get(label, label)
    problem = label_problem(label)
    if problem:
        raise BadRow(f"the label {problem}")
    return label


def _text(value: Any, column: str) -> str:
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            return value.decode()
    if value is None:
        raise BadRow(f"the field '{column}' is missing", _SOME)
    if not isinstance(value, str):
        raise BadRow(f"the field '{column}' is a {type(value).__name__}, not text")
    return value


def _field(row: Row, column: str) -> Any:
    try:
        return row.fields[column]
    except KeyError:
        raise BadRow(f"the field '{column}' is missing") from None


def _kind(value: Any) -> str:
    return "missing" if value is None else f"a {type(value).__name__}"


def _find(wanted: str, usual: Iterable[str], names: Collection[str], role: str, where: str) -> str:
    if wanted and wanted in names:
        return _only([name for name in names if name == wanted], where)
    for name in (wanted,) if wanted else usual:
        alike = [other for other in names if plain(other) == plain(name)]
        if alike:
            return _only(alike, where)
    if wanted.isdecimal() and int(wanted) < len(names):
        name = list(names)[int(wanted)]
        return _only([other for other in names if other == name], where)
    found = ", ".join(f"'{name:.40}'" for name in list(names)[:20])
    missing = repr(wanted) if wanted else f"for the {role}"
    raise DataError(
        Code.COLUMN_MISSING,
        f"there is no column {missing}; there are {found or 'none'}",
        where=where,
        remedy=_remedy(role, names, where, wanted),
    )


def _remedy(role: str, names: Collection[str], where: str, wanted: str) -> str:
    if role == "text" and "source-ref" in names:
        return _ELSEWHERE
    remedy = f"Name it with the hyperparameter {role}_column."
    if wanted:
        remedy = f"Correct {role}_column; if a file goes on from another, write the header into it."
    # The channel, a folder, the file.
    is_in_folder = where.count("/") > 1
    return f"{remedy} {_FOLDERS}" if role == "label" and is_in_folder else remedy


def _find_texts(wanted: str, names: Collection[str], where: str) -> list[str]:
    """Return the columns of the text: one, or those that commas separate."""
    parts = named_between_commas(wanted)
    if "," not in wanted or any(plain(name) == plain(wanted) for name in names):
        parts = (wanted,)
    if not parts:
        raise DataError(
            Code.COLUMN_MISSING,
            f"text_column is '{wanted}', which names no column",
            where=where,
            remedy="Name the columns between its commas, or leave it out.",
        )
    return list(dict.fromkeys(_find(part, TEXT_NAMES, names, "text", where) for part in parts))


def _only(alike: list[str], where: str) -> str:
    """Return the one column that a name means."""
    if len(alike) == 1:
        return alike[0]
    raise DataError(
        Code.COLUMN_MISSING,
        f"{len(alike)} columns have the same name: {shown(alike)}",
        where=where,
        remedy="Rename all but one; label_column and text_column tell those apart that differ in "
        "case or spaces.",
    )
