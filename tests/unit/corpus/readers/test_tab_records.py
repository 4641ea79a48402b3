"""corpus/readers/tab_records.py."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.corpus.readers.line_reader import Lines
from text_classification.corpus.readers.tab_records import tab_records


def read(text: str, width: int = 2) -> list[list[str]]:
    """Return the records of a text."""
    return list(tab_records(Lines(text.splitlines(keepends=True)), width))


@pytest.mark.parametrize(
    "text",
    ['"Pay now , they said .', 'a 5" pipe', '"so" he said', 'he said "so"', '"', '"a" or "b"'],
)
def test_marks_that_quote_nothing_are_text(text: str) -> None:
    """No line behind is swallowed, also where another one closes what this one seems to open."""
    behind = 'y\tthe end"\n'
    assert read(f"x\t{text}\ny\tmore\n{behind}") == [["x", text], ["y", "more"], ["y", 'the end"']]


@pytest.mark.parametrize(
    ("field", "text"),
    [('"one"', "one"), ('"he said ""so"""', 'he said "so"'), ('""', ""), ('"a\tb"', "a\tb")],
)
def test_wrapped_fields_are_unwrapped(field: str, text: str) -> None:
    """Spreadsheets and pandas quote fields that hold marks or tabs."""
    assert read(f"x\t{field}\ny\tz\n") == [["x", text], ["y", "z"]]


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ('x\t"one\ntwo\n\nthree"\n', ["x", "one\ntwo\n\nthree"]),
        ('"one\ntwo"\tx\n', ["one\ntwo", "x"]),
        ('x\t"one ""q""\ntwo"\n', ["x", 'one "q"\ntwo']),
    ],
)
def test_lines_are_joined_that_make_a_record_together(text: str, record: list[str]) -> None:
    """Where the field is closed as it should be, and no record is between."""
    assert read(f"{text}y\tz\n") == [record, ["y", "z"]]


def test_field_in_the_middle_may_have_lines() -> None:
    """Neither line has all the fields."""
    assert read('1\t"one\ntwo"\tx\n2\tz\ty\n', 3) == [["1", "one\ntwo", "x"], ["2", "z", "y"]]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_mark_that_is_open_at_the_end_is_text(end: str) -> None:
    """The last lines are records as others are."""
    assert read(f'x\t"one\ny{end}') == [["x", '"one'], ["y"]]


@given(st.lists(st.tuples(st.sampled_from("xy"), st.text('ab" \n', max_size=8)), min_size=1))
def test_what_a_program_quotes_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    """Whatever marks and line breaks the texts hold, once all fields are quoted."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    lines = io.StringIO(written.getvalue(), newline="")
    assert list(tab_records(Lines(lines), 2)) == [list(row) for row in rows]
