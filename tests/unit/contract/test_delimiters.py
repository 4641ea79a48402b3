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


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["id;note\n", "1;great, fine\n"], ";"),
        (["1|great\n", "\n", "2|bad\n"], "|"),
        (["note\tdate\n", "great\t2026\n"], "\t"),
        (["name;note\n", "a;b\n", "c;d\n"], ";"),
        (['1;"a\n', 'b;c"\n', '2;"d"\n'], ";"),
        ([*(f"{number};good\n" for number in range(100)), '7;"a\n', 'b"\n'], ";"),
        (["name;note\n", "a;b\n"], ","),
        (["id;note\n"], ","),
        (["1;2\n", "3;4\n"], ","),
        (["1;good\n", "2\n", "3;bad\n"], ","),
        (["Shoes | Acme\n", "Hats | Acme\n", "Home | Acme\n"], ","),
        (["wow ;)\n", "so ;)\n", "me ;)\n"], ","),
        (["well;done!\n", "so;true!\n", "no;way!\n"], ","),
        (["1;good, fine\n", "2;bad\n"], ";"),
        (["1,good;fine\n", "2,bad;worse\n"], ","),
    ],
)
def test_rows_tell_the_delimiter_without_a_known_name(lines: list[str], expected: str) -> None:
    """Texts that one stands in by chance do not; no line is lost."""
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
