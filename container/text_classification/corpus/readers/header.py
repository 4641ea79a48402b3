"""Whether a delimited file begins with the names of its columns, and what they are."""

import re
from collections.abc import Sequence

from text_classification.contract.column_names import (
    LABEL_NAMES,
    TEXT_NAMES,
    are_usual,
    named_between_commas,
    plain,
)
from text_classification.corpus.readers.row import Columns
from text_classification.errors import Code, DataError

# Up to three words, perhaps with a number behind them, and something in brackets or a type.
# Programs put signs around names (_c0, $text, #label) and number them (text_1, text[0]). The
# letters of many scripts, as of Hindi and Thai, are followed by marks, no letters to Python.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u109f"
    "\u17b4-\u17d3"
)
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*"
_WORD = rf"{_LETTERS}(?:['\u2019]{_LETTERS})?\d{{0,2}}"
_YEAR = r"(?:(?:19|20)\d\d[ _-])?"
_BEHIND = rf" ?\([^()]+\)|\[\w+\]| ?[?:]| ?#\d{{0,2}}|\*|:{_WORD}"
_NAME = re.compile(
    rf"[_$#@]{{0,2}}{_YEAR}{_WORD}(?:(?:[ _./-]|\. ){_WORD}){{0,2}}(?:[_-]\d{{1,2}})?_{{0,2}}"
    rf"(?:{_BEHIND})?"
)
_LONGEST_NAME = 40
# Of fewer rows nobody could say what recurs.
_ENOUGH_ROWS = 5
# But a word above longer texts is a name in a file of so many rows too.
_FEWEST_ROWS = 3
# Titles and comments above the names are few.
_LOOKED_AT = 10
_SINGLE = "but in single quotation marks, which quote nothing in CSV"
_DOUBLE = "Write double quotation marks around fields, or none."
_SEPARATE = (
    "Separate them by a comma, a tab, a semicolon or a pipe; if they are, check the content type "
    "of the channel, the file's name and the hyperparameter delimiter, which may say another."
)
_ABOVE = "Remove what stands above, or set csv_header=absent if that row is a document."


def is_header(rows: Sequence[Sequence[str]], columns: Columns) -> bool:
    """Tell whether the first of some rows names columns.

    It does where it holds a name that a column is wanted by, or usual ones; but not those that
    other rows have in the same place: a topic may be a label.
    """
    first, *others = rows
    wanted = {plain(name) for name in columns.wanted if not name.isdecimal()}
    if any(plain(name) in wanted - {""} for name in first):
        return True
    # Files that were joined name them again, behind the mark that each began with.
    again = [f"\ufeff{first[0]}", *first[1:]] if first else first
    others = [row for row in others if row not in (first, again)]
    return are_usual(
        name
        for place, name in enumerate(first)
        if not any(name in row[place : place + 1] for row in others)
    )


def refuse_names_below(rows: Sequence[Sequence[str]], columns: Columns, where: str) -> None:
    """Raise ``DataError`` where names stand below a first row that holds none.

    As below a title or a comment, which would be read as a document, and the names as another; or
    where they are the first row, but in single quotation marks.
    """
    for number, row in enumerate(rows[:_LOOKED_AT], 1):
        bare = [field.strip(" '") for field in row]
        is_quoted = any("'" in field for field in row)
        if (number > 1 or is_quoted) and _names_both(bare, columns):
            how = _SINGLE if is_quoted else "and is not the first"
            raise DataError(
                Code.COLUMN_MISSING,
                f"row {number} names the columns {how}",
                where=where,
                remedy=_DOUBLE if is_quoted else _ABOVE,
            )


def _names_both(fields: Sequence[str], columns: Columns) -> bool:
    """Tell whether some fields name a label and a text, as asked for or as usual."""
    names = {plain(field) for field in fields}
    texts = [plain(name) for name in named_between_commas(columns.text)]
    if len(fields) < 2 or any(map(str.isdecimal, columns.wanted)):  # noqa: PLR2004 - both
        return False
    label = {plain(columns.label)} if columns.label else LABEL_NAMES
    return not names.isdisjoint(label) and not names.isdisjoint(texts or TEXT_NAMES)


def refuse_unknown_names(
    rows: Sequence[Sequence[str]], width: int, columns: Columns, where: str
) -> None:
    """Raise ``DataError`` where the first row looks like names, though not like any that is known.

    It does where the label and the text of the row are words that occur in no other row, or the
    numbers of the columns, which pandas writes for names: a header that is taken for a document
    leaves its columns to be guessed, perhaps the wrong way round.
    """
    first, *others = [row for row in rows if len(row) == width] or [[]]
    if len(others) + 1 < _FEWEST_ROWS or first is not rows[0]:
        return
    if len(others) + 1 < _ENOUGH_ROWS and not _stands_above_texts(first, others):
        return
    places = [int(name) for name in columns.wanted if name.isdecimal()] or [0, 1]
    taken = [place for place in places if place < width]
    are_numbers = first == list(map(str, range(width)))
    if all(
        first[place] not in {row[place] for row in others}
        and (are_numbers or _is_name(first[place]))
        for place in taken
    ):
        names = " and ".join(f"'{first[place].strip()}'" for place in taken)
        raise DataError(
            Code.COLUMN_MISSING,
            f"the first row looks like the names of columns, {names}, of which none is known",
            where=where,
            remedy="Name the columns with label_column and text_column (set csv_header=present too "
            "if you count them), or set csv_header=absent if that row is a document.",
        )


def numbered(width: int, columns: Columns, where: str, *, only_text: bool) -> list[str]:
    """Return the names of columns that have none.

    They are numbers from 0 where columns are asked for; a file of two is label, text, as the hashed
    mortgage documents are; of one it is the text, where only that is to come.
    """
    if width == 1 and not only_text:
        raise DataError(
            Code.COLUMN_MISSING,
            "the file has one column: nothing separates a label from a text",
            where=where,
            remedy=_SEPARATE,
        )
    if columns.label and columns.text:
        return [str(index) for index in range(width)]
    if width == 2:  # noqa: PLR2004 - label, text
        return ["label", "text"]
    if width == 1:
        return ["text"]
    raise DataError(
        Code.COLUMN_MISSING,
        f"the file has {width} columns and no header that names a label and a text",
        where=where,
        remedy="Write a header into each file, or set label_column and text_column to numbers "
        "counted from 0; set delimiter where the columns are separated otherwise.",
    )


def _is_name(field: str) -> bool:
    name = field.strip()
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _stands_above_texts(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Tell whether in a column every row but the first has several words."""
    return any(
        len(name.split()) < min(len(row[place].split()) for row in others)
        for place, name in enumerate(first)
    )
