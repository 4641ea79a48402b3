"""training/inputs/label_checks.py."""

import numpy as np
import pytest

from text_classification.training.inputs.label_checks import check_labels


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (("BILL", "nan"), "'nan': programs write this where a value is missing"),
        (("BILL", "N/A", "NULL"), "'N/A', 'NULL': programs write this"),
        (("BILL", "Bill", "CLAIM"), "'BILL', 'Bill': these labels are classes of their own"),
        (("POLICY CHANGE", "policy_change"), "'POLICY CHANGE', 'policy_change': these labels"),
        (("1", "\N{FULLWIDTH DIGIT ONE}"), "these labels are classes of their own"),
        (
            ("A", "A, B", "B", "B|A"),
            "'A, B', 'B|A': these labels are classes of their own, and look",
        ),
        (("A", "A,C", "C++", "C", "D/E", "E"), "'A,C': these labels"),
        (("-1", "1", "1-2", "12", "C", "C++", "it", "no"), ""),
    ],
)
def test_labels_that_may_be_none_or_one_are_told(
    caplog: pytest.LogCaptureFixture, labels: tuple[str, ...], told: str
) -> None:
    """They are read as they stand, and the log says what they may be meant as."""
    check_labels(labels, np.full(len(labels), 4))
    assert len(caplog.messages) == bool(told)
    assert told in caplog.text
