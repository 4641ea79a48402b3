"""corpus/readers/row.py."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from text_classification.contract.column_names import LABEL_NAMES, TEXT_NAMES
from text_classification.corpus.label import LONGEST_LABEL
from text_classification.corpus.readers.row import (
    BadRow,
    Columns,
    Document,
    Row,
    label_text,
)
from text_classification.errors import Code, DataError


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("BILL", "BILL"),
        ("  POLICY \t CHANGE\n", "POLICY CHANGE"),
        ("Überweisung 東京", "Überweisung 東京"),
        ("U\u0308ber\u00adweisung", "Überweisung"),
        ("0", "0"),
        (0, "0"),
        (-3, "-3"),
        (2.0, "2"),
        ("2.0", "2"),
        ("-3.00", "-3"),
        ("1.10", "1.10"),
        (2.5, "2.5"),
        (1e16, "10000000000000000"),
        (10**16, "10000000000000000"),
        (-0.0, "0"),
        ("-0.0", "0"),
        ("-0", "0"),
        ("2.5", "2.5"),
        (Decimal("2.50"), "2.50"),
        (Decimal("0E-18"), "0"),
        (Decimal("-0E-7"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E+3"), "1000"),
        (True, "True"),
        ("true", "True"),
        ("FALSE", "False"),
        (b"BILL", "BILL"),
    ],
)
def test_label_becomes_text(value: Any, label: str) -> None:
    """The same in all formats, of numbers and truth values too; white space is trimmed."""
    assert label_text(value) == label


@pytest.mark.parametrize(
    "value",
    [
        *("", " \n", None, float("nan"), float("inf"), [], {}, b"\xff", "a\0b", "\ud800"),
        *(date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
    ],
    ids=repr,
)
def test_anything_else_is_no_label(value: Any) -> None:
    """What cannot be printed or is no text is a bad row."""
    with pytest.raises(BadRow, match="the label "):
        label_text(value)


def test_text_in_place_of_a_label_is_refused() -> None:
    """A label has a sensible length: swapped columns are told before they fill the memory."""
    assert label_text("x" * LONGEST_LABEL) == "x" * LONGEST_LABEL
    with pytest.raises(BadRow, match="201 characters"):
        label_text("x" * (LONGEST_LABEL + 1))


@pytest.mark.parametrize("name", LABEL_NAMES)
def test_usual_names_of_labels_are_found(name: str) -> None:
    """In any case, with white space around."""
    header = f" {name.upper()} "
    assert Columns().resolve({"id": 1, header: 2, "text": 3}, "a.csv") == Columns(header, "text")


@pytest.mark.parametrize("name", TEXT_NAMES)
def test_usual_names_of_texts_are_found(name: str) -> None:
    """In any case too."""
    header = name.title()
    assert Columns().resolve({header: 1, "id": 2, "Label": 3}, "a.csv") == Columns("Label", header)


def test_usual_names_have_an_order() -> None:
    """The names label and text go before those that may mean something else."""
    present = dict.fromkeys(("y", "topic", "label", "x", "body", "text"))
    assert Columns().resolve(present, "a.csv") == Columns("label", "text")


def test_name_goes_before_position() -> None:
    """A column that is called 0 is meant by its name."""
    assert Columns("0", "1").resolve(dict.fromkeys(("text", "0", "1")), "a.csv") == Columns(
        "0", "1"
    )
    assert Columns("0", "1").resolve(dict.fromkeys(("kind", "said")), "a.csv") == Columns(
        "kind", "said"
    )


@pytest.mark.parametrize("wanted", ["2", "-1", "Kinds", "²"])
def test_wanted_column_that_is_not_there_is_told(wanted: str) -> None:
    """The error names the column, those that are there, and the hyperparameter."""
    with pytest.raises(DataError, match="there are 'kind', 'text'") as raised:
        Columns(wanted).resolve(dict.fromkeys(("kind", "text")), "training/a.csv")
    assert raised.value.code == Code.COLUMN_MISSING
    assert raised.value.where == "training/a.csv"
    assert "Correct label_column" in raised.value.remedy
    with pytest.raises(DataError) as raised:
        Columns().resolve(dict.fromkeys(("kind", "text")), "training/a.csv")
    assert "Name it with the hyperparameter label_column" in raised.value.remedy


@pytest.mark.parametrize("names", [("label", "text", " TEXT"), ("label", "text", "text")])
def test_columns_of_the_same_name_are_refused(names: tuple[str, ...]) -> None:
    """Which is meant cannot be known."""
    with pytest.raises(DataError, match="2 columns have the same name: 'text'") as raised:
        Columns().resolve(names, "training/a.csv")
    assert (raised.value.code, raised.value.where) == (Code.COLUMN_MISSING, "training/a.csv")


def test_exact_name_tells_columns_apart() -> None:
    """Where they differ in case or spaces; a wanted name is found in any case otherwise."""
    names = ("label", "Text", "text")
    assert Columns(text="Text").resolve(names, "a.csv") == Columns("label", "Text")
    assert Columns("LABEL", "text").resolve(names, "a.csv") == Columns("label", "text")


def test_names_of_a_wide_file_are_cut_short() -> None:
    """An error about thousands of columns, or long ones, names the beginning of the first 20."""
    names = [f"{number} {'long' * 1000}" for number in range(5_000)]
    with pytest.raises(DataError, match=r"there is no column for the label; .*'19 lon") as raised:
        Columns().resolve(dict.fromkeys(names), "a.csv")
    assert len(raised.value.message) < 2_000
    assert "'20 " not in raised.value.message


def test_label_and_text_are_two_columns() -> None:
    """One column cannot be both: training would look perfect and mean nothing."""
    with pytest.raises(DataError, match="both"):
        Columns("1", "").resolve(dict.fromkeys(("label", "text")), "a.csv")


def test_text_is_not_touched() -> None:
    """White space and control characters of a text stay; the tokenizer sees to them."""
    row = Row(1, {"label": " x ", "text": " a\0\n"})
    assert Columns("label", "text").document(row) == Document("x", " a\0\n")


def test_several_columns_are_joined() -> None:
    """In the order that they are asked for, by name or position; some may be missing, not all."""
    names = ("title", "label", "description")
    columns = Columns(text="Title, description").resolve(names, "a.csv")
    assert columns.texts == ("title", "description")
    assert Columns(text="2,0").resolve(names, "a.csv").texts == ("description", "title")
    for fields, text in (
        ({"title": "a", "description": "b"}, "a b"),
        ({"title": "", "description": "b"}, "b"),
        ({"title": None, "description": "b"}, "b"),
        ({"title": "a"}, "a"),
    ):
        assert columns.document(Row(1, {"label": "x", **fields})).text == text
    with pytest.raises(BadRow, match="'title', 'description' are missing"):
        columns.document(Row(1, {"label": "x"}))


@pytest.mark.parametrize(
    "wanted", ["title,", ",title", "title, ,description", "title,,description"]
)
def test_comma_that_separates_nothing_names_no_column(wanted: str) -> None:
    """Those that are named are taken, and not one of the usual names too."""
    columns = Columns(text=wanted).resolve(("label", "title", "description", "text"), "a.csv")
    assert columns.texts == ("title", "description")[: 1 + ("description" in wanted)]


@pytest.mark.parametrize("wanted", [",", " , ,"])
def test_commas_alone_name_no_column(wanted: str) -> None:
    """They are refused, unless a column is called so."""
    with pytest.raises(DataError, match=f"text_column is '{wanted}'") as raised:
        Columns(text=wanted).resolve(("label", "text"), "a.csv")
    assert raised.value.code == Code.COLUMN_MISSING
    assert Columns(text=wanted).resolve(("label", wanted), "a.csv").texts == (wanted,)


def test_column_is_asked_for_once() -> None:
    """Messages name what is asked for; one text column is no list of two."""
    assert Columns("kind", "said").wanted == ("kind", "said")
    assert Columns("", "a, b").wanted == ("", "a, b", "a", "b")


def test_a_column_may_have_a_comma_in_its_name() -> None:
    """Then it is meant, rather than two; and each of several has to be there."""
    assert Columns(text="a,b").resolve(("label", "a,b", "a"), "a.csv").texts == ("a,b",)
    with pytest.raises(DataError, match="there is no column 'body'"):
        Columns(text="title,body").resolve(("label", "title"), "a.csv")
    with pytest.raises(DataError, match="both the label and the text"):
        Columns(text="title,label").resolve(("label", "title"), "a.csv")
