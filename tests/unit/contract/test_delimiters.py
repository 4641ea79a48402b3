"""contract/delimiters.py."""

import pytest

from text_classification.contract.delimiters import told_delimiter


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["id;text\n", "1;good, fine\n"], ";"),
        (["\n", " \n", '"id"\t"Review"\r\n'], "\t"),
        (["id|text"], "|"),
        (["id,a;text\n"], ","),
        (["one; two\n"], ","),
        (["one\n", "id;text\n"], ","),
        ([], ","),
    ],
)
def test_a_header_tells_the_delimiter(lines: list[str], expected: str) -> None:
    """Only the first line that is not empty does, where it names a text; no line is lost."""
    delimiter, whole = told_delimiter(lines)
    assert delimiter == expected
    assert list(whole) == lines


def test_names_that_a_model_has_tell_the_delimiter_too() -> None:
    """They are no usual ones; a lone name is not separated from anything."""
    assert told_delimiter(["id;letter\n"], {"letter"})[0] == ";"
    assert told_delimiter(["id;letter\n"])[0] == ","
    assert told_delimiter(["letter\n"], {"letter"})[0] == ","


def test_line_that_names_the_separator_is_read_as_an_empty_one() -> None:
    """Excel writes and hides it; lines keep their numbers."""
    delimiter, whole = told_delimiter(["sep=|\r\n", "a|b\n"])
    assert (delimiter, list(whole)) == ("|", ["\n", "a|b\n"])
