"""corpus/readers/header.py."""

import pytest

from text_classification.corpus.readers.header import (
    is_header,
    numbered,
    refuse_names_below,
    refuse_unknown_names,
)
from text_classification.corpus.readers.row import Columns
from text_classification.errors import Code, DataError

OTHERS = [["bill", f"number {n}"] if n % 2 else ["claim", f"number {n}"] for n in range(9)]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("label,text", True),
        ("Category, Document", True),
        ("text,v", True),
        ("label,what it says", True),
        ("text,text", True),
        ("Review,SENTIMENT", True),
        ("tweet,y", True),
        ("question,how do I pay", False),
        ("y,one", False),
        ("bill,one", False),
    ],
)
def test_header_is_seen_by_its_names(first: str, *, expected: bool) -> None:
    """One name that means nothing else, or one of each; in any case, with white space around."""
    assert is_header([first.split(","), *OTHERS], Columns()) is expected


def test_wanted_name_makes_a_header() -> None:
    """In any case, as it is looked for."""
    assert is_header([["Kind", "v"], *OTHERS], Columns("kind", "said"))
    assert not is_header([["0", "v"], *OTHERS], Columns("0", "1"))


def test_value_that_others_have_is_no_name() -> None:
    """A class may be called topic; two files joined have two headers."""
    assert not is_header([["topic", "one"], ["topic", "two"], ["bill", "three"]], Columns())
    assert is_header([["topic", "text"], ["bill", "two"], ["topic", "text"]], Columns())


@pytest.mark.parametrize("first", [["utt", "cls"], ["Airline Sentiment", "v2"], ["was", "說"]])
def test_unknown_names_are_refused(first: list[str]) -> None:
    """The error has both and what can be done."""
    with pytest.raises(DataError) as raised:
        refuse_unknown_names([first, *OTHERS], 2, Columns(), "training/a.csv")
    assert raised.value.code == Code.COLUMN_MISSING
    assert raised.value.where == "training/a.csv"
    assert all(f"'{name}'" in raised.value.message for name in first)
    for name in ("label_column", "text_column", "csv_header=absent"):
        assert name in raised.value.remedy


def test_columns_that_are_counted_may_have_names_too() -> None:
    """The header would be a document of a class of its own."""
    rows = [["id", "utt", "cls"], *([str(n), *row] for n, row in enumerate(OTHERS))]
    with pytest.raises(DataError, match="'cls' and 'utt'"):
        refuse_unknown_names(rows, 3, Columns("2", "1"), "a.csv")


@pytest.mark.parametrize(
    "first",
    [
        ["bill", "so"],
        ["rare", "so, he said"],
        ["rare", "one two three four"],
        ["rare", "de9738ee8b24 54709b24b45f"],
        ["rare", "word " * 20],
        ["rare", "number 4"],
        ["rare", "1. so it goes"],
        ["rare", "so: 7"],
        ["A-1043", "so it goes"],
        ["rare", "$4 off"],
        ["a", "b", "c"],
    ],
)
def test_documents_are_no_names(first: list[str]) -> None:
    """A label that others have, or a text that is no name, and a row that is bad."""
    refuse_unknown_names([first, *OTHERS], 2, Columns(), "a.csv")


@pytest.mark.parametrize(
    "first",
    [
        ["श्रेणी", "संदेश का पाठ"],
        ["หมวดหมู่", "ข้อความ"],
        ["التصنيف", "النَّص"],
        ["Sentiment (by hand)", "What they said?"],
        ["class/kind", "Text of mail:"],
        ["0", "1"],
        ["_c0", "_c1"],
        ["text_1", "label_1"],
        ["f_0", "f_1"],
        ["col-1", "col-2"],
        ["__class__", "$text"],
        ["label:string", "text:string"],
        ["e-mail", "category #1"],
        ["Q1. Text", "Q2. Class"],
        ["text*", "class*"],
        ["text[0]", "label[0]"],
        ["2023 text", "2023 class"],
        ["customer's text", "reason"],
        ["#label", "#text"],
    ],
)
@pytest.mark.parametrize("is_label_first", [True, False])
def test_names_of_any_kind_are_refused(first: list[str], *, is_label_first: bool) -> None:
    """Of scripts whose letters have marks, with brackets and signs, and as programs number them."""
    step = 1 if is_label_first else -1
    rows = [first, *(row[::step] for row in OTHERS)]
    with pytest.raises(DataError, match="looks like the names of columns"):
        refuse_unknown_names(rows, 2, Columns(), "a.csv")


def test_names_above_few_texts_are_refused() -> None:
    """Each text has more words than the name."""
    with pytest.raises(DataError, match="looks like the names of columns"):
        refuse_unknown_names([["kind", "said"], *OTHERS[:2]], 2, Columns(), "a.csv")


def test_few_rows_of_words_tell_nothing() -> None:
    """Three short documents may all be different."""
    others = [["bill", "pay"], ["claim", "hail"], ["bill", "due"]]
    refuse_unknown_names([["rare", "so"], *others], 2, Columns(), "a.csv")
    refuse_unknown_names([["kind", "said"], *OTHERS[:1]], 2, Columns(), "a.csv")


@pytest.mark.parametrize(
    ("above", "names", "problem"),
    [
        ([["# exported", " by me"]], ["label", "text"], "row 2 names the columns and is not"),
        ([["My report", ""], ["", ""]], ["id", "Label ", "text"], "row 3 names the columns and"),
        ([["# exported"]], ["kind", "text"], "row 2 names the columns and is not the first"),
        ([], ["'label'", "'text'"], "row 1 names the columns but in single quotation marks"),
    ],
)
def test_names_that_are_no_header_are_refused(
    above: list[list[str]], names: list[str], problem: str
) -> None:
    """Below a title or a comment, or in marks of another kind, they would be a document."""
    columns = Columns("kind" if "kind" in names else "")
    with pytest.raises(DataError, match=problem):
        refuse_names_below([*above, names, *OTHERS], columns, "a.csv")


def test_words_and_counted_columns_are_no_names_below() -> None:
    """One usual name may be a word of a document, and columns that are counted have none."""
    refuse_names_below([["a", "b"], ["topic", "a fine day"], ["bill", "text"]], Columns(), "a.csv")
    refuse_names_below([["a", "b"], ["label", "text"]], Columns("0", "1"), "a.csv")


def test_columns_without_names_are_numbered() -> None:
    """Two are label and text, unless columns are counted; one is the text that folders label."""
    assert numbered(2, Columns(), "a.csv", only_text=False) == ["label", "text"]
    assert numbered(3, Columns("0", "2"), "a.csv", only_text=False) == ["0", "1", "2"]
    assert numbered(1, Columns(), "a.csv", only_text=True) == ["text"]
    with pytest.raises(DataError, match="3 columns and no header"):
        numbered(3, Columns(), "a.csv", only_text=False)


@pytest.mark.parametrize("columns", [Columns(), Columns("0", "1"), Columns("kind", "said")])
def test_one_column_is_told_what_may_separate_it(columns: Columns) -> None:
    """Neither names nor numbers help where lines are separated by a space or a colon."""
    with pytest.raises(DataError, match="one column") as raised:
        numbered(1, columns, "a.csv", only_text=False)
    assert "a comma, a tab, a semicolon or a pipe" in raised.value.remedy
