"""corpus/tokenizer.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.corpus.tokenizer import TOKENIZERS, Tokenizer, whitespace, words

# Any string that Python can hold: half surrogate pairs and unassigned characters too.
ANY_TEXT = st.text(st.characters(exclude_categories=()))

each_tokenizer = pytest.mark.parametrize("tokenize", TOKENIZERS.values(), ids=TOKENIZERS)


@each_tokenizer
@given(text=ANY_TEXT)
def test_tokens_of_any_text_are_words(tokenize: Tokenizer, text: str) -> None:
    """No text crashes a tokenizer, and no token is empty or holds white space."""
    for token in tokenize(text):
        assert token
        assert token.split() == [token]


@each_tokenizer
@given(text=ANY_TEXT)
def test_joined_tokens_give_the_same_tokens(tokenize: Tokenizer, text: str) -> None:
    """Text that is tokenized already passes unchanged."""
    tokens = tokenize(text)
    assert tokenize(" ".join(tokens)) == tokens


@given(st.lists(st.sampled_from(["It's", "3,5", "--", "(due)", "世界", "é", "\n"])))
def test_documents_can_be_cut_at_spaces(parts: list[str]) -> None:
    """The tokens of a text are those of its parts, one after the other."""
    assert words(" ".join(parts)) == [token for part in parts for token in words(part)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\r\n", []),
        ("The BILL, due 3/4!", ["the", "bill", "due", "3", "4"]),
        ("don't don\N{RIGHT SINGLE QUOTATION MARK}t", ["dont", "dont"]),
        ("snake_case e-mail a.b", ["snake", "case", "e", "mail", "a", "b"]),
        ("$5 + 3% = ©", ["5", "3"]),
        ("Grüße ΑΣ", ["grüße", "ας"]),
        ("東京tower タワー", ["東", "京", "tower", "タ", "ワ", "ー"]),
        ("한국어 ภาษา", ["한국어", "ภาษา"]),
        ("nul\0byte \N{GRINNING FACE}ok", ["nul", "byte", "ok"]),
        ("e\N{COMBINING ACUTE ACCENT}tude", ["e\N{COMBINING ACUTE ACCENT}tude"]),
    ],
)
def test_words(text: str, tokens: list[str]) -> None:
    """Lower case without punctuation; an ideograph is a token of its own."""
    assert words(text) == tokens


def test_whitespace_keeps_tokens_as_they_stand() -> None:
    """Hashed and already tokenized text is only cut."""
    assert whitespace(" De97  don't\tx,y\n世界 ") == ["De97", "don't", "x,y", "世界"]
