"""corpus/readers/blazingtext.py."""

from pathlib import Path

import pytest

from text_classification.corpus.readers.blazingtext import read_blazingtext
from text_classification.corpus.readers.source import Source


@pytest.mark.parametrize(
    ("line", "label", "text"),
    [
        ("__label__x one two", "x", "one two"),
        ("__label__x\tone two", "x", "one two"),
        ("  __label__x   one  two  ", "x", "one  two"),
        ("__label__4 , linux , a b", "4", ", linux , a b"),
        ("__label__a-b_c one", "a-b_c", "one"),
        ("__label__x", "x", ""),
        ("__label__x one__label__y", "x", "one__label__y"),
    ],
)
def test_line_is_a_label_and_a_text(tmp_path: Path, line: str, label: str, text: str) -> None:
    """The label ends at the first white space, as fastText reads it."""
    (tmp_path / "a.txt").write_text(f"\n{line}\n")
    (row,) = read_blazingtext(Source(tmp_path / "a.txt", "a.txt"))
    assert (row.line, row.problem) == (2, "")
    assert row.fields == {"label": label, "text": text}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("__label__x __label__y one", "several labels"),
        ("__label__x one __label__y", "several labels"),
        ("__label__x,__label__y one", "several labels"),
        ("__label__x, one", "its label ends in ',', as in CSV"),
    ],
)
def test_line_of_several_labels_or_of_csv_is_no_document(
    tmp_path: Path, line: str, problem: str
) -> None:
    """Labels may stand anywhere in a line, as fastText reads it."""
    (tmp_path / "a.txt").write_text(line)
    (row,) = read_blazingtext(Source(tmp_path / "a.txt", "a.txt"))
    assert problem in row.problem
