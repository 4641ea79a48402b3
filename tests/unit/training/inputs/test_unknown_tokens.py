"""training/inputs/unknown_tokens.py."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.unit.training.inputs.test_training_documents import prepared
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.training.inputs.unknown_tokens import warn_of_unknown_tokens

PARAMETERS = Hyperparameters(recipe="kim", min_count=2, kernel_widths=(2,))
TRAIN = "".join(f"{label},common {label} word{n}\n" for n in range(8) for label in ("x", "y"))


def warnings(
    root: Path, caplog: pytest.LogCaptureFixture, texts: Sequence[str], parameters: Hyperparameters
) -> list[str]:
    """Return what is warned of for some texts to validate on."""
    validation = "".join(f"x,{text}\n" for text in texts)
    model = prepared(root, TRAIN, parameters, validation=validation)
    caplog.clear()
    warn_of_unknown_tokens(model, parameters)
    return caplog.messages


def test_known_words_need_no_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nor does one strange document among many."""
    texts = ["common x other"] * 10 + ["strange"]
    assert not warnings(tmp_path, caplog, texts, PARAMETERS)


def test_documents_of_unknown_words_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Which, how many, and what to try with these hyperparameters."""
    (told,) = warnings(tmp_path, caplog, ["common x", "strange", "one word"], PARAMETERS)
    assert told.startswith("2 of 3 validation documents have hardly a token that the vocabulary")
    assert all(remedy in told for remedy in ("min_count=1", "tokenizer=words_and_symbols", "wide"))


def test_documents_without_tokens_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Of punctuation alone, words have none."""
    (told,) = warnings(tmp_path, caplog, ["common x", "?!", ":-)"], PARAMETERS)
    assert told.startswith("2 of 3 validation documents have no tokens")
    assert "tokenizer=words_and_symbols" in told


def test_only_what_may_help_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not what the job has already."""
    parameters = PARAMETERS.model_copy(
        update={"min_count": 1, "tokenizer": "words_and_symbols", "recipe": "wide"}
    )
    (told,) = warnings(tmp_path, caplog, ["strange"], parameters)
    assert not any(remedy in told for remedy in ("min_count", "tokenizer", "wide"))
