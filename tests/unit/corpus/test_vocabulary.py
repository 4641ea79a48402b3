"""corpus/vocabulary.py."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from text_classification.corpus.tokenizer import whitespace
from text_classification.corpus.vocabulary import Vocabulary


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text()))
def test_what_is_saved_is_read(tmp_path: Path, texts: list[str]) -> None:
    """Any tokens that a tokenizer makes survive the file, in their order."""
    tokens = list(dict.fromkeys(token for text in texts for token in whitespace(text).split()))
    path = tmp_path / "vocabulary.txt"
    Vocabulary.of(tokens).save(path)
    assert Vocabulary(path.read_bytes()).tokens == tuple(tokens)


def test_file_holds_one_token_a_line(tmp_path: Path) -> None:
    """In UTF-8, with a line break behind the last one too, on every system."""
    Vocabulary.of([b"bill", "Grüße".encode()]).save(tmp_path / "vocabulary.txt")
    assert (tmp_path / "vocabulary.txt").read_bytes() == b"bill\nGr\xc3\xbc\xc3\x9fe\n"


def test_tokens_have_ids_from_two_on() -> None:
    """0 is left to padding, 1 to all that is unknown."""
    vocabulary = Vocabulary.of([b"bill", b"policy"])
    encoded = vocabulary.encode([b"policy never bill"], longest=5, padding=1)
    assert encoded.ids.tolist() == [3, 1, 2, 0]
    assert encoded.ids.dtype == "int32"
    assert (encoded.tokens.tolist(), encoded.unknown_tokens.tolist()) == ([3], [1])
    assert len(vocabulary) == 4


def test_documents_are_padded_where_it_is_asked_for() -> None:
    """Without a word of padding there is none."""
    encoded = Vocabulary.of([b"bill"]).encode([b"bill", b"", b"bill bill"], longest=1)
    assert (encoded.ids.tolist(), encoded.offsets.tolist()) == ([2, 2], [0, 1, 1, 2])


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (b"a\n\nb\n", "empty or stands twice"),
        (b"\n", "empty or stands twice"),
        (b"a\nb\na\n", "empty or stands twice"),
        (b"a\nb", "cut off"),
        (b"a\n\xff\n", "utf-8"),
        (b"a\n\xed\xa0\x80\n", "utf-8"),
        (b"\xc3\n\xa9\n", "utf-8"),
    ],
)
def test_damaged_file_is_refused(lines: bytes, reason: str) -> None:
    """Two tokens with one id, or a line cut off, would shift every id behind it."""
    with pytest.raises(ValueError, match=reason):
        Vocabulary(lines)


def test_line_ends_of_other_systems_belong_to_the_token() -> None:
    """Only a line feed ends a token, not what else Python takes for the end of a line."""
    tokens = (b"a\r", "b\x85".encode(), "c\u2028d".encode(), b"e\x1cf")
    assert Vocabulary.of(tokens).tokens == tokens


def test_empty_file_is_an_empty_vocabulary() -> None:
    """Documents without a single frequent token still make a model."""
    vocabulary = Vocabulary(b"")
    assert (len(vocabulary), vocabulary.tokens) == (2, ())
    assert vocabulary.encode([b"any token"], longest=5).ids.tolist() == [1, 1]
