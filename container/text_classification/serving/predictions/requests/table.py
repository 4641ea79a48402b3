"""The columns of a CSV body: their names, if its first row has them, and which holds the text."""

from collections.abc import Iterable, Sequence

from text_classification.contract.column_names import TEXT_NAMES, is_header, place_of, plain
from text_classification.serving.predictions.format.options import Options
from text_classification.serving.predictions.requests.body_source import decodable
from text_classification.serving.predictions.requests.field_names import joined_names, text_names
from text_classification.serving.predictions.requests.plain_text import (
    MAY_BE_JSON,
    text_document,
)
from text_classification.serving.predictions.requests.records import (
    NOT_UTF8,
    Document,
    Found,
    Problem,
    invalid,
)


class Table:
    """Tells the columns of a body from its first row.

    own: the names of the text in the documents that the model was trained on; alone: whether the
    body has no other row. Raises ``RequestError`` 400 when no column has the name that was asked
    for, or a usual one, and when two have the same.
    """

    def __init__(
        self, first: list[str], options: Options, own: tuple[str, ...] = (), *, alone: bool = False
    ) -> None:
        self._wanted, self._own = options.text_column.strip(), own
        self.has_header = self._is_header(first, options, own, alone=alone)
        self._names = [name.strip() for name in first] if self.has_header else []
        self._joined = self._joined_columns(joined_names(options.text_column, own))
        self._column = self._joined[0] if self._joined else self._column_of(options, own)
        # Without a header or a choice a row is a text; more fields come of commas unquoted.
        self._is_text = not self.has_header and not self._wanted
        self._kept = options.fields
        if self._kept and len(set(self._names)) != len(self._names):
            raise invalid("two columns have the same name", "Rename one of them.", "row 1")

    def _is_header(
        self, first: Sequence[str], options: Options, own: tuple[str, ...], *, alone: bool
    ) -> bool:
        if options.header:
            return options.header == "present"
        joined = joined_names(options.text_column, own)
        if joined and set(joined) <= set(map(plain, first)):
            return True
        if self._wanted and not self._wanted.isdecimal():
            return plain(self._wanted) in map(plain, first)
        alone = alone and (len(first) == 1 or bool(self._wanted))
        return is_header(first, (*own, *joined), alone=alone)

    def _joined_columns(self, wanted: tuple[str, ...]) -> list[int]:
        """Return the numbers of the columns whose texts are joined.

        Of the model's own some may be missing, where the column ``text`` is not there instead.
        """
        names = list(map(plain, self._names))
        found = [place for name in wanted if (place := _place((name,), names)) is not None]
        is_whole = TEXT_NAMES[0] in names and TEXT_NAMES[0] not in wanted
        return [] if len(found) < len(wanted) and (self._wanted or is_whole) else found

    def _column_of(self, options: Options, own: tuple[str, ...]) -> int:
        """Return the number of the text's column."""
        names = self._names
        if self._wanted and self._wanted in names:
            return names.index(self._wanted)
        column = _place(text_names(options.text_column, own), names)
        if column is not None:
            return column
        if self._wanted.isdecimal() and (not names or int(self._wanted) < len(names)):
            return int(self._wanted)
        if self._wanted:
            raise invalid(
                f"there is no column {self._wanted!r:.40}", "Correct text_column.", "row 1"
            )
        if len(names) > 1:
            raise invalid("no column is named text", "Name it text, or set text_column.", "row 1")
        return 0

    def document(self, row: list[str]) -> Found:
        """Return the document of a row."""
        if self._names and len(row) != len(self._names):
            return _misfit(row, f"{len(self._names)} are")
        if self._is_text and len(row) > 1:
            return _misfit(row, "1 is")
        if len(row) <= self._column:
            return _misfit(row, f"{self._column + 1} or more are")
        text = row[self._column]
        if self._joined:
            text = " ".join(filter(None, (row[column] for column in self._joined)))
        if not decodable(text):
            return NOT_UTF8
        if self._is_text and text[:1] in MAY_BE_JSON:
            return text_document(text, self._own)
        return Document(text, self._fields(row)) if self._kept else Document(text)

    def _fields(self, row: list[str]) -> dict[str, str | None]:
        names = self._names or [str(index) for index in range(len(row))]
        fields: dict[str, str | None] = dict(zip(names, row, strict=True))
        if "*" in self._kept:
            for column in self._joined or [self._column]:
                del fields[names[column]]
            return fields
        return {name: fields.get(name) for name in self._kept}


def _place(wanted: Iterable[str], names: Iterable[str]) -> int | None:
    """Return the number of the first wanted column that is there."""
    try:
        return place_of(wanted, names)
    except ValueError as error:
        raise invalid(str(error), "Rename one of them.", "row 1") from None


def _misfit(row: list[str], expected: str) -> Problem:
    return Problem(
        f"a row has {len(row)} field{'s' if len(row) > 1 else ''} where {expected} expected",
        "Quote texts that hold the delimiter, a comma unless the option delimiter says otherwise, "
        "and name the text column in a header.",
    )
