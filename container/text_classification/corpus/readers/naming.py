"""The names of the columns of records that are lists: in the first of them, or given."""

from collections.abc import Sequence

from text_classification.contract.column_names import LABEL_NAMES, plain
from text_classification.corpus.readers.header import (
    is_header,
    numbered,
    refuse_names_below,
    refuse_unknown_names,
)
from text_classification.corpus.readers.source import Source
from text_classification.errors import DataError


def names_in_first(rows: Sequence[Sequence[str]], source: Source) -> list[str] | None:
    """Return the names that the first of some records gives; None where it is a document.

    Raises ``DataError`` where the columns to take are not among them.
    """
    header = source.reading.header
    is_auto = header == "auto"
    if header == "absent" or (is_auto and not is_header(rows, source.reading.columns)):
        return None
    try:
        source.resolve(rows[0])
    except DataError as error:
        if is_auto:
            error.remedy += " If the first row is a document, set csv_header=absent."
        raise
    return list(rows[0])


def given_names(rows: Sequence[Sequence[str]], width: int, source: Source) -> list[str]:
    """Return names for columns that have none; width: how many there are.

    Raises ``DataError`` where the first records look like names all the same, or nothing tells
    which columns hold the label and the text.
    """
    columns, where = source.reading.columns, source.where
    if source.reading.header == "auto":
        refuse_names_below(rows, columns, where)
        refuse_unknown_names(rows, width, columns, where)
    in_folders = any(name == columns.label or plain(name) in LABEL_NAMES for name in source.folders)
    return numbered(width, columns, where, only_text=in_folders)
