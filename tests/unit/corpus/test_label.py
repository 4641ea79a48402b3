"""corpus/label.py."""

import pytest

from text_classification.corpus.label import label_problem, normal_label, shown


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("BILL", ""),
        ("東京 of 1", ""),
        ("", "is empty"),
        ("x" * 201, "has 201 characters, more than 200"),
        ("a\tb", "holds control characters"),
        ("\ud800", "holds control characters"),
    ],
)
def test_problem_is_told_in_words(label: str, problem: str) -> None:
    """A label is a short text that can be written."""
    assert label_problem(label) == problem


COMPOSED = "R\u00e9clam\u00e9"


@pytest.mark.parametrize(
    "label",
    [
        "Re\u0301clame\u0301",
        "R\u00e9\u00adclam\u00e9",
        "\ufeffR\u00e9clam\u00e9\u200b",
        "R\u00e9\u200dcla\u200cm\u00e9",
        "\u200eR\u00e9clam\u00e9\u200f\u202c",
        "R\u00e9\u2060clam\u00e9\u00a0",
    ],
    ids=ascii,
)
def test_labels_that_look_the_same_are_one(label: str) -> None:
    """However they are composed, and whatever is in them that nobody sees."""
    assert normal_label(label) == COMPOSED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a b", "ab"),
        ("a", "A"),
        ("\uff21", "A"),
        ("\u00e9", "e"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\U0001f469"),
    ],
    ids=ascii,
)
def test_labels_that_look_different_stay_different(one: str, other: str) -> None:
    """Case, width and accents are seen, and so is a joiner between two emoji."""
    assert normal_label(one) != normal_label(other)


@pytest.mark.parametrize(
    ("label", "usual"),
    [
        ("Non\u2011payment", "Non-payment"),
        ("e\u2010mail", "e-mail"),
        ("\u0e40\u0e40\u0e01\u0e48", "\u0e41\u0e01\u0e48"),
        ("\u0e19\u0e49\u0e4d\u0e32", "\u0e19\u0e49\u0e33"),
        ("\u0ec0\u0ec0\u0e9a", "\u0ec1\u0e9a"),
        ("\u0e99\u0ecd\u0eb2", "\u0e99\u0eb3"),
    ],
    ids=ascii,
)
def test_another_way_to_write_the_same_is_one_label(label: str, usual: str) -> None:
    """As a hyphen that keeps a line whole, and vowels of Thai and Lao that are typed in parts."""
    assert normal_label(label) == normal_label(usual) == usual


def test_white_space_is_one_space() -> None:
    """Of whatever kind; a label of nothing that is seen is empty."""
    assert normal_label(" a\u00a0\u2003b\t") == "a b"
    assert not normal_label("\u200b \ufeff")


@pytest.mark.parametrize(
    ("count", "end"), [(1, "'0'"), (10, "'8', '9'"), (11, "'9' and 1 more"), (30, "and 20 more")]
)
def test_ten_labels_are_shown_and_others_counted(count: int, end: str) -> None:
    """However many there are, a message stays a message."""
    message = shown([str(number) for number in range(count)])
    assert message.startswith("'0'")
    assert message.endswith(end)


def test_long_labels_are_cut() -> None:
    """A label may be as long as a line."""
    assert shown(["x" * 200]) == f"'{'x' * 80}'"
