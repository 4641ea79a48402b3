"""contract/delimiters.py."""

import pytest

from text_classification.contract.delimiters import Delimiter, delimiter_of_rows, told_delimiter


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
    ("text", "expected"),
    [
        ("id;note\n1;great, fine\n", "semicolon"),
        ("1;good, fine \n2;bad\n", "semicolon"),
        ("\n1|great\n\n2|bad\n", "pipe"),
        ("2024-01-01|gut\n2024-01-02|schlecht\n", "pipe"),
        ("note\tdate\ngreat\t2026\n", "tab"),
        ('1\tsay "so\n2\t"bad\n', "tab"),
        ("pos\tso it goes\nneg\tno\n", "tab"),
        ("kommentar;bewertung\nGut, schoen ;5\nSchlecht;1\n", "semicolon"),
        ("name;note\na;b\nc;d\n", "semicolon"),
        ('1;"a\nb;c"\n2;"d"\n', "semicolon"),
        ("".join(f"{number};good\n" for number in range(100)) + '7;"a\nb"\n', "semicolon"),
        ("1,good;5\n2,bad;7\n", "comma"),
        ('"Hi, you",x;1\n"Oh, no",y;2\n', "comma"),
        ("pos;so it goes.\nneg;no!\npos;I like it.\nneg;bad, bad\n", "semicolon"),
        ("pos;so it goes.\nneg;no!\npos;I like it.\n", None),
        ("name;note\na;b\n", None),
        ("id;note\n", None),
        ("a;5\nb;7\n", None),
        ("AT&amp;1\nQ&amp;5\n", None),
        ("1;2\n3;4\n5;6\n", None),
        ("1;good\n2\n3;bad\n", None),
        ("Shoes | Acme\nHats | Acme\nHome | Acme\n", None),
        ("News|BBC\nSport|BBC\nWeather|BBC\n", None),
        ("wow ;)\nso ;)\nme ;)\n", None),
        ("haha;D\nlol;D\nhi;D\n", None),
        ("well;done!\nso;true!\nno;way!\n", None),
        ("We saw it; so, too.\nIt went; fine.\nNo; yes.\n", None),
        ('1;"a\n2;b\n3;c\n', None),
        (";" * 5000 + "\n" + ";" * 5000 + "\n", None),
        ("a\rb;1\nc;2\n", None),
        ("one\ntwo;three\n", None),
        ("", None),
    ],
)
def test_rows_of_a_table_are_told_from_texts(text: str, expected: Delimiter | None) -> None:
    """Texts that a delimiter stands in by chance are none; no line is lost."""
    lines = text.splitlines(keepends=True) if "\r" not in text else text.split("\n")
    delimiter, whole = delimiter_of_rows(lines)
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
