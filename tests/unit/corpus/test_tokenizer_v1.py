"""corpus/tokenizer_v1.py: what models of before are served with."""

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.exhaustive import examples
from text_classification.corpus.tokenizer import Tokenizer
from text_classification.corpus.tokenizer_v1 import (
    _SET_APART,
    REPLACEMENTS,
    whitespace,
    words,
    words_and_symbols,
)

# Any string that Python can hold: half surrogate pairs and unassigned characters too.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
# Runs of ASCII between others, as most text in most languages has them.
MIXED_TEXT = st.lists(
    st.text(st.characters(max_codepoint=127))
    | st.text("'\u2019İßΣς東ータé\u0301\u200b\xa0\x85\u3000\u2013…½²ǅ\U0001f600\ud800", max_size=3)
).map("".join)
WHITE_SPACE = "".join(
    character for character in map(chr, range(sys.maxunicode + 1)) if character.isspace()
)

IDEOGRAPHS = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA")

each_tokenizer = pytest.mark.parametrize("tokenize", [words, words_and_symbols, whitespace])


def tokens(tokenize: Tokenizer, text: str) -> list[str]:
    """Return the tokens of a text, as kernels find them: between spaces, which may be several."""
    return [token.decode("utf-8", "surrogatepass") for token in tokenize(text).split(b" ") if token]


def words_by_definition(text: str, *, symbols: bool = False) -> list[str]:
    """Return the words of a text, one character after the other, as the documentation says."""
    cut = ""
    for character in text.lower():
        if character in {"'", "\N{RIGHT SINGLE QUOTATION MARK}"}:
            continue
        if symbols and unicodedata.category(character)[0] in "PS":
            cut += f" {character} "
        elif unicodedata.category(character)[0] in "PSCZ":
            cut += " "
        elif unicodedata.name(character, "").startswith(IDEOGRAPHS):
            cut += f" {character} "
        else:
            cut += character
    return [token for token in cut.split(" ") if token]


@settings(max_examples=examples(300))
@given(ANY_TEXT | MIXED_TEXT)
@example("".join(map(chr, range(256))))
@example("A'B\u2019C 'quoted' \u2018quoted\u2019 $5.00 (3%)")
def test_words_and_symbols_are_those_of_the_definition(text: str) -> None:
    """The same words, with each punctuation mark and symbol between them."""
    assert tokens(words_and_symbols, text) == words_by_definition(text, symbols=True)


@settings(max_examples=examples(300))
@given(ANY_TEXT | MIXED_TEXT)
@example("".join(map(chr, range(256))))
@example("A'B\u2019C 'quoted' \u2018quoted\u2019")
def test_words_are_those_of_the_definition(text: str) -> None:
    """The way of ASCII and the way of all else cut as a loop over the characters does."""
    assert tokens(words, text) == words_by_definition(text)


def test_every_character_is_cut_as_defined() -> None:
    """All that Python can hold, between ASCII letters, half surrogate pairs included."""
    for first in range(0, sys.maxunicode + 1, 1 << 12):
        # A final sigma is lowered by what stands around it, so each has the same around it.
        text = "".join(f"X{chr(code)}y " for code in range(first, first + (1 << 12)))
        assert tokens(words, text) == words_by_definition(text), hex(first)


@each_tokenizer
@given(text=ANY_TEXT | MIXED_TEXT)
def test_tokens_of_any_text_are_words(tokenize: Tokenizer, text: str) -> None:
    """No text crashes a tokenizer, and no token holds white space of any kind."""
    for token in tokens(tokenize, text):
        assert token.split() == [token]
    assert b"\n" not in tokenize(text)


@each_tokenizer
@given(text=ANY_TEXT)
def test_joined_tokens_give_the_same_tokens(tokenize: Tokenizer, text: str) -> None:
    """Text that is tokenized already passes unchanged."""
    found = tokens(tokenize, text)
    assert tokens(tokenize, " ".join(found)) == found


@given(st.lists(st.sampled_from(["It's", "3,5", "--", "(due)", "世界", "é", "\n"])))
def test_documents_can_be_cut_at_spaces(parts: list[str]) -> None:
    """The tokens of a text are those of its parts, one after the other."""
    one_by_one = [token for part in parts for token in tokens(words, part)]
    assert tokens(words, " ".join(parts)) == one_by_one


@pytest.mark.parametrize(
    ("text", "expected"),
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
        ("half\ud83dpair", ["half", "pair"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """Lower case without punctuation; an ideograph is a token of its own."""
    assert tokens(words, text) == expected


@given(ANY_TEXT | MIXED_TEXT)
def test_white_space_cuts_as_python_does(text: str) -> None:
    """The parts of the text between white space, one space between them."""
    assert whitespace(text).decode("utf-8", "surrogatepass") == " ".join(text.split())


def test_every_white_space_of_unicode_cuts() -> None:
    """Tabs, line and paragraph separators, spaces of any width; no character that is none."""
    assert len(WHITE_SPACE) >= 25
    for character in WHITE_SPACE:
        assert whitespace(f"{character}a{character}{character}b{character}") == b"a b"
    assert whitespace(WHITE_SPACE) == b""
    assert whitespace("a\u200bb") == "a\u200bb".encode()


def test_whitespace_keeps_tokens_as_they_stand() -> None:
    """Hashed and already tokenized text is only cut."""
    assert tokens(whitespace, " De97  don't\tx,y\n世界 ") == ["De97", "don't", "x,y", "世界"]


def test_half_a_surrogate_pair_stays_a_token() -> None:
    """JSON can smuggle it in: it has bytes of its own, which no vocabulary holds."""
    assert whitespace("good \ud800 \udc00bad") == b"good \xed\xa0\x80 \xed\xb0\x80bad"


def test_memory_for_characters_is_bounded() -> None:
    """A caller may send all of Unicode; what is not remembered is cut as before."""
    everything = "".join(map(chr, range(0x20000)))
    for tokenizer in (words, words_and_symbols):
        assert tokenizer(everything) == tokenizer(everything)
    assert [len(each) for each in (REPLACEMENTS, _SET_APART)] == [1 << 16] * 2
