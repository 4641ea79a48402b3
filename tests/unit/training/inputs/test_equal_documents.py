"""training/inputs/equal_documents.py."""

from pathlib import Path

import pytest

from tests.unit.training.inputs.test_training_documents import prepared
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.training.inputs.equal_documents import warn_of_equal_documents

SMILEYS = "".join(f"good,day {n} :-)\nbad,day {n} :-(\n" for n in range(8))


def warnings(root: Path, caplog: pytest.LogCaptureFixture, rows: str, tokenizer: str) -> list[str]:
    """Return what is warned of for rows to train on."""
    given = {"min_count": 1, "kernel_widths": (2,), "tokenizer": tokenizer}
    parameters = Hyperparameters.model_validate({"recipe": "kim", **given})
    model = prepared(root, rows, parameters, validation="good,day 1\nbad,day 2\n")
    caplog.clear()
    warn_of_equal_documents(model, parameters)
    return caplog.messages


def test_smileys_that_the_tokenizer_drops_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """How many documents nothing else tells apart, and what keeps it."""
    (told,) = warnings(tmp_path, caplog, SMILEYS, "words")
    assert told.startswith("16 of 16 training documents have the same tokens")
    assert "tokenizer=words_and_symbols" in told


def test_smileys_that_are_tokens_need_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not warnings(tmp_path, caplog, SMILEYS, "words_and_symbols")


def test_repeated_documents_and_a_wrong_label_need_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Equal documents of one label are no problem, nor are two in thirty of different ones."""
    rows = "good,fine day\nbad,awful day\n" * 14 + "good,odd\nbad,odd\n"
    assert not warnings(tmp_path, caplog, rows, "words")
