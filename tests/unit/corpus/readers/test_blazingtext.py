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
        ("__label__x one __label__y", "x", "one __label__y"),
    ],
)
def test_line_is_a_label_and_a_text(tmp_path: Path, line: str, label: str, text: str) -> None:
    """The label ends at the first white space, as fastText reads it."""
    (tmp_path / "a.txt").write_text(f"\n{line}\n")
    (row,) = read_blazingtext(Source(tmp_path / "a.txt", "a.txt"))
    assert (row.line, row.problem) == (2, "")
    assert row.fields == {"label": label, "text": text}
