"""corpus/readers/delimited_records.py: quoting and what is wrong with it."""

import pytest

from text_classification.corpus.readers.delimited_records import Dialect, Fault, read_records
from text_classification.corpus.readers.line_reader import Lines


def read(text: str, dialect: Dialect) -> list[tuple[int, list[str] | str]]:
    """Return the line of each record, and its fields or what is wrong."""
    lines = Lines(text.splitlines(keepends=True))
    return [
        (lines.first, record.problem if isinstance(record, Fault) else record)
        for record in read_records(lines, dialect)
    ]


STANDARD = Dialect(",", "standard")
BACKSLASH = Dialect(",", "backslash")


def test_quoted_fields_hold_anything() -> None:
    """Delimiters, doubled marks and line breaks, and the number is that of the first line."""
    assert read('a,"b, ""c""\nd"\n\ne,f\n', STANDARD) == [
        (1, ["a", 'b, "c"\nd']),
        (4, ["e", "f"]),
    ]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ('x,"one" two', "inside a quoted field"),
        ('x,"one', "never closed"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_reading_goes_on_behind_the_first_line_of_a_bad_record(
    bad: str, problem: str, place: int
) -> None:
    """Wherever it is, the first and the last included, no other line is lost with it."""
    good = [f"y,{number}" for number in range(3)]
    found = read("\n".join([*good[:place], bad, *good[place:]]), STANDARD)
    assert [line for line, _ in found] == [1, 2, 3, 4]
    assert problem in found[place][1]
    assert [record for line, record in found if line != place + 1] == [
        ["y", str(number)] for number in range(3)
    ]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (r'"he said \"yes\""', 'he said "yes"'),
        (r'"\"yes\", he said"', '"yes", he said'),
        (r'"C:\temp\new"', r"C:\temp\new"),
        (r'"one \\ two"', r"one \ two"),
        ('"he said ""yes"""', 'he said "yes"'),
        ('"a\nb"', "a\nb"),
        (r"C:\temp", r"C:\temp"),
    ],
)
def test_backslashes_escape_quotation_marks_alone(field: str, text: str) -> None:
    """As Spark writes them; other backslashes are text."""
    assert read(f"x,{field}\ny,z\n", BACKSLASH)[0] == (1, ["x", text])


def test_spaces_before_marks_are_left_out() -> None:
    """As those before other fields of such a file."""
    assert read('"a" , b\nc, "d, e"\nf, g\n', Dialect(",", "standard", is_spaced=True)) == [
        (1, "there is a quotation mark inside a quoted field"),
        (2, ["c", "d, e"]),
        (3, ["f", "g"]),
    ]


def test_marks_are_text_without_quoting() -> None:
    """A line is a record, whatever marks it has."""
    assert read('x,"one\ny,two"\n', Dialect(",", "none")) == [
        (1, ["x", '"one']),
        (2, ["y", 'two"']),
    ]
