"""corpus/label.py."""

import pytest

from text_classification.corpus.label import label_problem, shown


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
