"""training/inputs/label_checks.py."""

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.inputs.test_training_documents import prepared
from text_classification.errors import DataError
from text_classification.training.inputs.label_checks import check_labels


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (("BILL", "nan"), "'nan': programs write this where a value is missing"),
        (("BILL", "N/A", "NULL"), "'N/A', 'NULL': programs write this"),
        (("BILL", "Bill", "CLAIM"), "'BILL', 'Bill': these labels are classes of their own"),
        (("POLICY CHANGE", "policy_change"), "'POLICY CHANGE', 'policy_change': these labels"),
        (("1", "\N{FULLWIDTH DIGIT ONE}"), "these labels are classes of their own"),
        (("BILL", "\u0412ILL", "CLAIM"), "'BILL', '\u0412ILL': these labels are classes"),
        (("\u0421\u041e\u041d", "COH", "\u0441\u043e\u043d\u0430"), "these labels are classes"),
        (("\u0412\u0415\u041a", "\u0432\u0435\u043a", "BEK\u0430"), "these labels are classes"),
        (("customer's", "customer\u2019s"), "these labels are classes of their own"),
        (("24\u20137", "24-7", "247"), "'24\u20137', '24-7': these labels"),
        (
            ("A", "A, B", "B", "B|A"),
            "'A, B', 'B|A': these labels are classes of their own, and look",
        ),
        (("A", "A,C", "C++", "C", "D/E", "E"), "'A,C': these labels"),
        (("-1", "1", "1-2", "12", "C", "C++", "it", "no"), ""),
        (
            ("\u0421\u041e\u041d", "\u0421\u041b\u041e\u041d", "\u03bf\u03b9", "A\u0301", "\u0391"),
            "",
        ),
    ],
)
def test_labels_that_may_be_none_or_one_are_told(
    caplog: pytest.LogCaptureFixture, labels: tuple[str, ...], told: str
) -> None:
    """They are read as they stand, and the log says what they may be meant as."""
    check_labels(labels, np.full(len(labels), 4))
    assert len(caplog.messages) == bool(told)
    assert told in caplog.text


TOPICS = ("bill", "claim", "policy change")


@pytest.mark.parametrize(
    ("rows", "is_refused"),
    [
        ([(f"letter {n} on a {topic}", topic) for n in range(12) for topic in TOPICS] * 2, True),
        ([(topic, f"letter {n} on a {topic}") for n in range(12) for topic in TOPICS] * 2, False),
        ([(topic, "the same") for topic in TOPICS[:2]] * 12, True),
        ([(topic, "the same") for topic in TOPICS[:2]] * 9, False),
        ([(topic, f"letter {n % 3}") for n in range(12) for topic in TOPICS], False),
        ([(topic, "?!") for topic in TOPICS] * 12, False),
    ],
)
def test_fewer_texts_than_labels_are_refused(
    tmp_path: Path, rows: list[tuple[str, str]], *, is_refused: bool
) -> None:
    """As where columns are swapped and each document is there more than once.

    Few documents may be what they are, and those without tokens are told elsewhere.
    """
    content = "".join(f"{label},{text}\n" for label, text in rows)
    raised = pytest.raises(DataError, match=r"labels and only \d different texts.* wrong way round")
    with raised if is_refused else nullcontext():
        prepared(tmp_path, content)
