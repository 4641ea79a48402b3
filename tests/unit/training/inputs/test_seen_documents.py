"""training/inputs/seen_documents.py."""

from pathlib import Path

import pytest

from tests.unit.training.inputs.test_training_documents import PARAMETERS, ROWS, prepared
from text_classification.training.inputs.seen_documents import warn_of_seen_documents

NEW = "".join(f"{label},common {label} new{n}\n" for n in range(4) for label in ("x", "y"))


@pytest.mark.parametrize(
    ("train", "others", "expected"),
    [
        (ROWS * 2, {}, ["4 of 8 documents to validate on have the same tokens as one of 24"]),
        (ROWS, {"test": ROWS}, ["12 of 16 documents to test on have the same tokens"]),
        (ROWS, {"validation": ROWS, "test": NEW}, ["16 of 16 documents to validate on"]),
        (ROWS, {"validation": NEW + "x,common x word1\n", "test": NEW}, []),
        (ROWS, {"validation": NEW.replace("common", "")}, []),
    ],
)
def test_documents_that_are_trained_on_and_judge_are_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    train: str,
    others: dict[str, str],
    expected: list[str],
) -> None:
    """Copies of files; one document in nine, and words that are all unknown, are no copies."""
    model = prepared(tmp_path, train, PARAMETERS, **others)
    caplog.clear()
    warn_of_seen_documents(model)
    assert [
        message[: len(start)] for message, start in zip(caplog.messages, expected, strict=True)
    ] == expected
