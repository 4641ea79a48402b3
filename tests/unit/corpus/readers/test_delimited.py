"""corpus/readers/delimited.py: lines and headers; the formats are tested with the channel."""

from pathlib import Path

import pytest

from text_classification.contract.hyperparameters.kinds import Header
from text_classification.corpus.readers.delimited import read_delimited
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns, Row
from text_classification.corpus.readers.source import Source
from text_classification.errors import DataError


def rows(
    tmp_path: Path, text: str, header: Header = "auto", columns: Columns | None = None
) -> list[Row]:
    """Return the rows of a CSV file."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    reading = Reading(columns or Columns(), header)
    return list(read_delimited(Source(tmp_path / "a.csv", "a.csv", reading)))


def test_row_stands_on_its_first_line(tmp_path: Path) -> None:
    """Lines are counted as an editor counts them, through line breaks inside fields."""
    text = 'label,text\r\nx,"one\r\ntwo"\r\n\r\ny,three\r\n'
    assert [row.line for row in rows(tmp_path, text)] == [2, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_break_is_read(tmp_path: Path, end: str) -> None:
    """Files of any system give the same rows; the last line break may be missing."""
    found = rows(tmp_path, end.join(("label,text", "x,one", "y,two")))
    assert [dict(row.fields) for row in found] == [
        {"label": "x", "text": "one"},
        {"label": "y", "text": "two"},
    ]


def test_quotation_marks_are_no_remedy_where_they_quote_nothing(tmp_path: Path) -> None:
    """With quoting=none a comma in a text separates whatever stands around it."""
    (tmp_path / "a.csv").write_text('label,text\nx,"one, two"\ny,three\n', encoding="utf-8")
    reading = Reading(quoting="none")
    wrong, _ = read_delimited(Source(tmp_path / "a.csv", "a.csv", reading))
    assert wrong.remedy.startswith("With quoting=none each comma separates")


def test_wanted_name_makes_a_header(tmp_path: Path) -> None:
    """One of the names that the hyperparameters ask for is enough."""
    found = rows(tmp_path, "kind,said\nx,one\n", columns=Columns("kind", "said"))
    assert [dict(row.fields) for row in found] == [{"kind": "x", "said": "one"}]


def test_number_of_a_column_is_no_name_of_a_header(tmp_path: Path) -> None:
    """Where labels are numbers, a first row that holds a column's number is a document."""
    found = rows(tmp_path, "one,0\ntwo,1\n", columns=Columns("1", "0"))
    assert [dict(row.fields) for row in found] == [{"0": "one", "1": "0"}, {"0": "two", "1": "1"}]


def test_numbers_name_columns_where_there_is_no_header(tmp_path: Path) -> None:
    """Columns are called 0, 1, 2 then."""
    found = rows(tmp_path, "a,b,c\n", columns=Columns("2", "0"))
    assert [dict(row.fields) for row in found] == [{"0": "a", "1": "b", "2": "c"}]


def test_line_that_names_the_separator_is_no_record(tmp_path: Path) -> None:
    """Excel reads it; the lines below it keep their numbers."""
    found = rows(tmp_path, "\ufeffsep=;\r\nlabel;text\r\nx;one, two\r\n")
    assert [(row.line, dict(row.fields)) for row in found] == [
        (3, {"label": "x", "text": "one, two"})
    ]


def test_names_of_unknown_bytes_are_refused(tmp_path: Path) -> None:
    """A message with half of a character could not even be written."""
    (tmp_path / "a.csv").write_bytes(b"label,text,caf\xe9\nx,one,two\n")
    with pytest.raises(DataError, match="byte 0xe9 is not UTF-8") as raised:
        list(read_delimited(Source(tmp_path / "a.csv", "a.csv", Reading(skip_bad_rows=True))))
    assert raised.value.where == "a.csv, line 1"


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_names_that_come_again_are_no_document(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mark: str
) -> None:
    """As where files were joined, each with its header and its mark; the log tells the line."""
    text = f"{mark}label,text\nx,one\n"
    found = rows(tmp_path, text + text.replace("one", "two") + "label,three\n")
    assert [row.fields["text"] for row in found] == ["one", "two", "three"]
    assert "a.csv, line 3: the names of the columns again" in caplog.text


def test_bytes_that_tell_no_columns_are_told(tmp_path: Path) -> None:
    """Of a file that is packed or encoded in another way, the bytes are what is wrong."""
    (tmp_path / "a.csv").write_bytes("label,text\nx,one\n".encode("cp500"))
    with pytest.raises(DataError, match="cannot be read: byte 0x93 is not UTF-8"):
        list(read_delimited(Source(tmp_path / "a.csv", "a.csv")))
