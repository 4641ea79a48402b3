"""The documents of one file, made of its rows."""

import logging
from dataclasses import replace

from text_classification.corpus.readers.json_fields import columns_of, lists_of_records
from text_classification.corpus.readers.row import BadRow, Columns, Document, Row, label_text
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.told import note
from text_classification.errors import DataError

_TWO = "Remove the column or rename the folder, whichever is not the class."
_TAKEN = "%s: the label is column '%s', the text is column '%s'; the first row has '%s', '%s'"
_GUESSED = (
    "%s: its columns have no names, and are taken to be '%s', '%s'; the first row has '%s', '%s'"
)
# As much of the first document as tells whether the right columns were taken.
SHOWN_CHARACTERS = 40


class DocumentMaker:
    """Makes documents by the columns that the first good row has."""

    def __init__(self, source: Source) -> None:
        self._source = source
        opening = source.piece.opening if source.piece else None
        self._columns = opening.columns if opening else None
        self._missing: DataError | None = None

    @property
    def columns(self) -> Columns | None:
        """The columns that are taken, once they are known."""
        return self._columns

    def document(self, row: Row) -> Document:
        """Return the document of a row. Raises ``BadRow`` with the reason.

        Raises ``DataError`` where the first row lacks a column; if bad rows are skipped, others may
        have it.
        """
        if row.problem:
            raise BadRow(row.problem, row.remedy)
        if self._columns is None:
            self._columns = self._resolved(row)
        if self._source.folders:
            row = self._with_folders(row, self._columns.label)
        return self._columns.document(row)

    def check(self) -> None:
        """Raise ``DataError`` where rows were skipped since none had the columns."""
        if self._columns is None and self._missing:
            raise self._missing

    def tell(self, document: Document, told: set[Columns]) -> None:
        """Log which columns were taken, with a document; told: those of the channel's other files.

        Raises ``DataError`` where they cannot stand beside those.
        """
        columns = self._columns
        if columns is None or columns in told:
            return
        # What is named already is told to other processes alone, which know what was named here.
        level = logging.INFO if note(columns, told, self._source.where) else logging.DEBUG
        self._source.log.log(
            level,
            _GUESSED if columns.order == "guessed" else _TAKEN,
            self._source.where,
            columns.label,
            "', '".join(columns.texts),
            _cut(document.label),
            _cut(document.text),
            extra={"columns": columns},
        )

    def _with_folders(self, row: Row, label: str) -> Row:
        """Return a row with the fields that folders tell. Raises ``BadRow`` for two labels."""
        folders, fields = self._source.folders, row.fields
        beside = folders.get(label)
        if beside is not None and label in fields:
            told, other = label_text(fields[label]), label_text(beside)
            if told != other:
                raise BadRow(
                    f"its {label} is '{told}', and the folder of its file says '{other}'", _TWO
                )
        return row._replace(fields={**folders, **fields})

    def _resolved(self, row: Row) -> Columns:
        try:
            columns = columns_of(row.fields, lists_of_records(row.fields), self._source)
        except DataError as error:
            if not self._source.reading.skip_bad_rows:
                raise
            self._missing = self._missing or error
            raise BadRow(error.message) from None
        return replace(columns, order=row.order(columns))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
