"""contract/column_names.py."""

import pytest

from text_classification.contract.column_names import LABEL_NAMES, TEXT_NAMES, are_usual, plain


@pytest.mark.parametrize("name", ["text", " Text", "TEXT\t"])
def test_case_and_spaces_make_no_other_name(name: str) -> None:
    """People write names as they like."""
    assert plain(name) == "text"


@pytest.mark.parametrize(
    "name",
    [
        "cate\u0301gorie",
        "\ufeffcat\u00e9gorie",
        "Cat\u00e9gorie\u200b",
        "cat\u00e9\u00adgorie",
        "\u200ecat\u00e9gorie ",
    ],
    ids=ascii,
)
def test_what_is_not_seen_makes_no_other_name(name: str) -> None:
    """Spreadsheets and joined files leave it behind; nobody could tell such names apart."""
    assert plain(name) == "cat\u00e9gorie"


def test_each_name_stands_once() -> None:
    """A column is a label or a text, and written as names are compared."""
    names = (*TEXT_NAMES, *LABEL_NAMES)
    assert len(set(names)) == len(names)
    assert all(plain(name) == name for name in names)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("label", "x"), True),
        (("id", "Sentence"), True),
        (("review", "sentiment"), True),
        (("y", "input"), True),
        (("review", "one"), False),
        (("y", "n"), False),
        (("title", "source"), False),
        ((), False),
    ],
)
def test_values_are_names_where_hardly_else(names: tuple[str, ...], *, expected: bool) -> None:
    """One name that is no value, or a label and a text."""
    assert are_usual(names) is expected
