"""corpus/readers/dialect.py: what is recognised, from lines of many kinds."""

import csv
import io
from collections.abc import Iterator, Sequence

import pytest

from text_classification.contract.hyperparameters.kinds import Quoting
from text_classification.corpus.readers.delimited_records import Dialect
from text_classification.corpus.readers.dialect import Sample, recognise
from text_classification.corpus.readers.header import is_header
from text_classification.corpus.readers.row import Columns

ROWS = [("bill" if n % 2 else "claim", f'number {n}, and "so" on') for n in range(30)]
ALL = "\t,;|"
UNNAMED = Columns()


def written(rows: Sequence[Sequence[object]], delimiter: str) -> list[str]:
    """Return rows as the lines of a file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().splitlines(keepends=True)


def recognised(
    lines: list[str], delimiters: str = ALL, quoting: Quoting = "auto", columns: Columns = UNNAMED
) -> Sample:
    """Return what is recognised in lines."""
    return recognise(lines, delimiters, quoting, lambda rows: is_header(rows, columns))


@pytest.mark.parametrize("order", [ALL, ",;\t|"], ids=["of any", "of csv"])
@pytest.mark.parametrize("header", [[], [("label", "text")]], ids=["documents", "names"])
@pytest.mark.parametrize("delimiter", ALL, ids=["tab", "comma", "semicolon", "pipe"])
def test_delimiter_is_seen(delimiter: str, header: list[tuple[str, str]], order: str) -> None:
    """With a header and without, though each text has a comma."""
    sample = recognised(written([*header, *ROWS], delimiter), order)
    assert sample.dialect.delimiter == delimiter
    assert sample.width == 2


@pytest.mark.parametrize("delimiter", ";|")
@pytest.mark.parametrize("order", [ALL, ",;\t|"], ids=["of any", "of csv"])
def test_comma_of_each_text_is_no_delimiter(delimiter: str, order: str) -> None:
    """Where the text stands before the label, as many values recur before the comma as behind."""
    rows = [(f"{'pay' if n % 2 else 'hail'}, number {n}", f"kind {n % 2}") for n in range(12)]
    assert recognised(written(rows, delimiter), order).dialect.delimiter == delimiter


def test_rows_are_counted_once() -> None:
    """However often the width is asked for, as it is for each row."""

    class Rows(list[Sequence[str]]):
        reads = 0

        def __iter__(self) -> Iterator[Sequence[str]]:
            self.reads += 1
            return super().__iter__()

    rows = Rows([["x", "one"], ["y", "two"], ["z"]] * 10)
    sample = Sample(Dialect(",", "standard"), rows)
    assert sample.agrees(0.6)
    assert not sample.agrees()
    assert (sample.width, sample.has_labels) == (2, True)
    assert rows.reads == 4  # for the width, and for each of the others


def test_header_decides() -> None:
    """Where rows are bad, and would all have three fields by their commas."""
    lines = ["text;n;kind\n", *(f"a, b, c{';' * (n % 3)}x\n" for n in range(10))]
    assert recognised(lines).dialect.delimiter == ";"


def test_wanted_name_decides() -> None:
    """A name that the job asks for is as good as a usual one."""
    lines = ["said|kind\n", "a, b|x\n", "c, d|y|\n"]
    assert recognised(lines, columns=Columns("kind", "said")).dialect.delimiter == "|"


def test_some_bad_rows_hide_no_delimiter() -> None:
    """Nine of ten rows are enough."""
    lines = [*(f"bill;number {n}\n" for n in range(19)), "bill;a;b\n"]
    assert recognised(lines).dialect.delimiter == ";"


def test_nothing_to_see_is_comma() -> None:
    """A file of one column, or of rows that have nothing in common."""
    assert recognised(["one\n", "two\n"]).dialect.delimiter == ","
    assert recognised(["a;b\n", "a\tb\tc\n", "a|b|c|d\n"]).dialect.delimiter == ","
    assert recognised([]).dialect.delimiter == ","


@pytest.mark.parametrize(
    "field",
    [
        r'"he said \"so {n}\" now"',
        r'"number {n} ends with \"so\""',
        r'"\"so\", he said {n}"',
    ],
)
def test_escaped_marks_are_seen(field: str) -> None:
    """As Spark writes them, also where the standard would swallow lines instead of failing."""
    lines = ["label,text\n", *(f"bill,{field.format(n=n)}\n" for n in range(30))]
    sample = recognised(lines)
    assert sample.dialect.quoting == "backslash"
    assert len(sample.rows) == 31


@pytest.mark.parametrize(
    "field", ['"C:\\"', '"a ""b\\""c"" {n}"', '"plain {n}"', '"a ""b\\"""', 'inches \\" {n}']
)
def test_backslash_that_is_text_leaves_the_standard(field: str) -> None:
    """A path or a quoted JSON string holds the same characters."""
    lines = ["label,text\n", *(f"bill,{field.format(n=n)}\n" for n in range(30))]
    assert recognised(lines).dialect.quoting == "standard"


@pytest.mark.parametrize(
    "line",
    [
        '"pay, number {n}"; "{kind}"',
        '{kind}; "pay, {n} times"',
        '{kind};   "pay; {n} times"',
        '{kind}; "pay\n{n} times"',
        r'{kind}; "pay \"{n}\" times; or so"',
    ],
)
def test_marks_behind_a_space_quote(line: str) -> None:
    """They are no part of the field, and what they hold is one."""
    rows = (line.format(n=n, kind="bill" if n % 2 else "claim") for n in range(30))
    lines = "".join(f"{row}\n" for row in rows).splitlines(keepends=True)
    sample = recognised(lines)
    assert (sample.dialect.delimiter, sample.width, len(sample.rows)) == (";", 2, 30)
    assert {field.strip('" ') for row in sample.rows for field in row} == {
        field for row in sample.rows for field in row
    }


@pytest.mark.parametrize("text", [' "so" it was {n}', ' "open {n}', '"said, ""so"", or {n}"'])
def test_marks_behind_a_space_may_be_text(text: str) -> None:
    """Where they do not end the field, or stand within another's marks."""
    lines = [f"kind,{text.format(n=n)}\n" for n in range(30)]
    assert not recognised(lines).dialect.is_spaced
    assert not recognised(['kind, "so"\n'] * 9, quoting="none").dialect.is_spaced


def test_end_of_the_sample_is_no_fault() -> None:
    """A record that goes on behind the sample does not make the dialect wrong."""
    lines = [*(f"bill;number {n}\n" for n in range(98)), 'bill;"one\n', "and, two\n"]
    sample = recognised(lines, ",;")
    assert sample.dialect.delimiter == ";"
    assert len(sample.rows) == 98


def test_quoting_that_is_set_is_kept() -> None:
    """Whatever the lines look like."""
    assert recognised(['x,"\\"a\\""\n'], quoting="none").dialect.quoting == "none"
    assert recognised(["x\ta\n"], quoting="standard").dialect.quoting == "standard"
