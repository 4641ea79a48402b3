"""corpus/vocabulary.py."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from text_classification.corpus.tokenizer import whitespace
from text_classification.corpus.vocabulary import Vocabulary


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text()))
def test_what_is_saved_is_parsed(tmp_path: Path, texts: list[str]) -> None:
    """Any tokens that a tokenizer makes survive the file, in their order."""
    tokens = list(dict.fromkeys(token for text in texts for token in whitespace(text)))
    path = tmp_path / "vocabulary.txt"
    Vocabulary(tokens).save(path)
    assert Vocabulary.parse(path.read_bytes().decode()).tokens == tuple(tokens)


def test_tokens_have_ids_from_two_on() -> None:
    """0 is left to padding, 1 to all that is unknown."""
    vocabulary = Vocabulary(["bill", "policy"])
    ids = vocabulary.encode(["policy", "never seen", "bill", ""])
    assert ids.tolist() == [3, 1, 2, 1]
    assert ids.dtype == "int32"
    assert len(vocabulary) == 4


def test_no_tokens_give_no_ids() -> None:
    """An empty document is an empty array of the right type."""
    ids = Vocabulary(["bill"]).encode([])
    assert len(ids) == 0
    assert ids.dtype == "int32"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\n\nb\n", "empty or stands twice"),
        ("\n", "empty or stands twice"),
        ("a\nb\na\n", "empty or stands twice"),
        ("a\nb", "cut off"),
    ],
)
def test_damaged_file_is_refused(text: str, reason: str) -> None:
    """Two tokens with one id, or a line cut off, would shift every id behind it."""
    with pytest.raises(ValueError, match=reason):
        Vocabulary.parse(text)


def test_empty_file_is_an_empty_vocabulary() -> None:
    """Documents without a single frequent token still make a model."""
    assert len(Vocabulary.parse("")) == 2
