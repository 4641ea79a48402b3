"""corpus/tokenizer.py."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text_classification.corpus import tokenizer, tokenizer_v1
from text_classification.corpus.tokenizer import (
    TOKENIZERS,
    Tokenizer,
    kind_of,
    recorded_name,
    whitespace,
    words,
    words_and_symbols,
)

# Any string that Python can hold: half surrogate pairs and unassigned characters too.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
# What is put together of several characters, between letters, in any order.
PARTS = (
    *(
        "a",
        "É",
        "e\u0301",
        "'",
        "\u2019",
        "\u0301",
        "\u00ad",
        "\u200b",
        "\u200c",
        "\u200d",
        "\ufe0f",
    ),
    *("1\ufe0f\u20e3", "#\u20e3", "\u2764", "\U0001f44d", "\U0001f3fd", "\U0001f1e9", "\U0001f3f4"),
    *(
        "\U000e0067",
        "\U000e007f",
        "แ",
        "ก",
        "\u0e48",
        "๒",
        "\u1019",
        "\u103a",
        "\u1039",
        "東",
        "か",
    ),
    *("\u3099", "Σ", "İ", "=", "\u0338", "\ue000", " ", "—", "\u1112", "\u1161", "\ud800"),
)
PUT_TOGETHER = st.lists(st.sampled_from(PARTS)).map("".join)
PRESENT = {
    recorded_name(kind): TOKENIZERS[recorded_name(kind)] for kind in TOKENIZERS if "." not in kind
}

each_tokenizer = pytest.mark.parametrize("tokenize", PRESENT.values(), ids=PRESENT)


def tokens(tokenize: Tokenizer, text: str) -> list[str]:
    """Return the tokens of a text, as kernels find them: between spaces, which may be several."""
    return [token.decode("utf-8", "surrogatepass") for token in tokenize(text).split(b" ") if token]


@each_tokenizer
@given(text=ANY_TEXT | PUT_TOGETHER)
def test_tokens_of_any_text_are_words(tokenize: Tokenizer, text: str) -> None:
    """No text crashes a tokenizer, and no token holds white space of any kind."""
    for token in tokens(tokenize, text):
        assert token.split() == [token]
    assert b"\n" not in tokenize(text)


@each_tokenizer
@given(text=ANY_TEXT | PUT_TOGETHER)
def test_joined_tokens_give_the_same_tokens(tokenize: Tokenizer, text: str) -> None:
    """Text that is tokenized already passes unchanged."""
    found = tokens(tokenize, text)
    assert tokens(tokenize, " ".join(found)) == found


@each_tokenizer
@given(text=ANY_TEXT)
def test_composed_and_decomposed_text_has_the_same_tokens(tokenize: Tokenizer, text: str) -> None:
    """Whatever form the letters have, in training as in serving."""
    forms = [tokens(tokenize, unicodedata.normalize(form, text)) for form in ("NFC", "NFD")]
    assert forms[0] == forms[1] == tokens(tokenize, text)


@given(st.text(st.characters(max_codepoint=127)))
def test_text_in_ascii_is_cut_as_before(text: str) -> None:
    """The second version differs in nothing that is written in English."""
    assert words(text) == tokenizer_v1.words(text)
    assert words_and_symbols(text) == tokenizer_v1.words_and_symbols(text)
    assert whitespace(text).split() == tokenizer_v1.whitespace(text).split()


def test_letters_that_are_passed_over_stay_as_they_are() -> None:
    """They are letters of words in lower case; no mark, no symbol, no emoji is among them."""
    for character in tokenizer._OTHERS.sub("", "".join(map(chr, range(128, sys.maxunicode)))):
        lower = unicodedata.normalize("NFC", character.lower())
        assert unicodedata.category(character)[0] == "L"
        assert tokens(words, f"a{character}b") == [f"a{lower}b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("The BILL, due 3/4!", ["the", "bill", "due", "3", "4"]),
        ("don't don\N{RIGHT SINGLE QUOTATION MARK}t", ["dont", "dont"]),
        ("„Grüße“ ΑΣ \u2013 l\u2019été", ["grüße", "ας", "lété"]),
        ("東京tower タワー", ["東", "京", "tower", "タ", "ワ", "ー"]),
        ("한국어 \u1112\u1161\u11ab", ["한국어", "한"]),
        ("e\u0301tude", ["étude"]),
        ("half\ud83dpair \ue000", ["half", "pair"]),
        ("a =\u0338 b", ["a", "b"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """Lower case without punctuation, composed; an ideograph is a token of its own."""
    assert tokens(words, text) == expected


@pytest.mark.parametrize(
    "invisible",
    [
        *("\u00ad", "\u034f", "\u061c", "\u180b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2060"),
        *("\u2063", "\ufe00", "\ufe0f", "\ufeff", "\U000e0041", "\U000e0100"),
    ],
    ids=ascii,
)
@each_tokenizer
def test_invisible_characters_inside_words_go(tokenize: Tokenizer, invisible: str) -> None:
    """Soft hyphens, joiners, marks of direction, order and variation carry nothing."""
    assert tokens(tokenize, f"insur{invisible}ance") == ["insurance"]
    assert tokenize(f"e{invisible}\u0301") == "é".encode()


@pytest.mark.parametrize("blank", ["\u200b", "\u2800", "\u3164", "\u00a0"], ids=ascii)
@each_tokenizer
def test_a_space_of_no_width_is_a_break(tokenize: Tokenizer, blank: str) -> None:
    """And so is what looks like a space."""
    assert tokens(tokenize, f"one{blank}two") == ["one", "two"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u062e\u0648"),
        ("ශ්\u200dරී", "ශ්රී"),
        ("क्\u200dष", "क्ष"),
    ],
    ids=["Persian", "Sinhala", "Devanagari"],
)
def test_a_word_is_one_token_with_and_without_joiners(one: str, other: str) -> None:
    """Both ways to write it are usual, often in one text."""
    assert words(one) == words(other) == other.encode()


@pytest.mark.parametrize(
    "emoji",
    [
        *(
            "😡",
            "👍🏽",
            "☺",
            "❤",
            "⬆",
            "🇩🇪",
            "👨\u200d👩\u200d👧\u200d👦",
            "🏳\u200d🌈",
            "🧑🏽\u200d💻",
        ),
        *(
            "1\u20e3",
            "#\u20e3",
            "*\u20e3",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
    ],
)
@pytest.mark.parametrize("tokenize", [words, words_and_symbols])
def test_an_emoji_is_a_token(tokenize: Tokenizer, emoji: str) -> None:
    """Alone, beside others and beside a word; a skin tone, a flag and a family are one each."""
    assert tokens(tokenize, emoji) == [emoji]
    assert tokens(tokenize, f"good{emoji}{emoji}👎bad") == ["good", emoji, emoji, "👎", "bad"]


@pytest.mark.parametrize("tokenize", [words, words_and_symbols])
def test_an_emoji_is_the_same_in_any_variation(tokenize: Tokenizer) -> None:
    """What selects its colour is no token, nor is it part of one."""
    text = "❤\ufe0f ❤\ufe0e ❤ 1\ufe0f\u20e3 1\u20e3 🏳\ufe0f\u200d🌈 🏳\u200d🌈"
    expected = ["❤", "❤", "❤", "1\u20e3", "1\u20e3", "🏳\u200d🌈", "🏳\u200d🌈"]
    assert tokens(tokenize, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ประเทศไทย๒๕๖๐", "ป ระ เท ศ ไท ย ๒๕๖๐"),
        ("ສະບາຍດີ", "ສະ ບາ ຍ ດີ"),
        ("មនុស្ស។", "ម នុ ស្ស"),
        ("မြန်မာ\u200bနိုင်ငံ", "မြန် မာ နိုင် ငံ"),
        ("ok ครับok", "ok ค รั บ ok"),
    ],
    ids=["Thai", "Lao", "Khmer", "Burmese", "mixed"],
)
@pytest.mark.parametrize("tokenize", [words, words_and_symbols])
def test_scripts_without_spaces_are_cut(tokenize: Tokenizer, text: str, expected: str) -> None:
    """At what is spoken together: a consonant with its vowels and tone marks."""
    assert [token for token in tokens(tokenize, text) if token != "។"] == expected.split()


def test_whitespace_keeps_tokens_as_they_stand() -> None:
    """Hashed and already tokenized text is only cut."""
    text = " De97  don't\tx,y\n世界 \x1f#1 ครับ"
    assert tokens(whitespace, text) == ["De97", "don't", "x,y", "世界", "#1", "ครับ"]


def test_every_white_space_of_unicode_cuts() -> None:
    """Tabs, line and paragraph separators, spaces of any width."""
    for character in filter(str.isspace, map(chr, range(sys.maxunicode + 1))):
        assert tokens(whitespace, f"{character}a{character}{character}b{character}") == ["a", "b"]


def test_half_a_surrogate_pair_stays_a_token() -> None:
    """JSON can smuggle it in: it has bytes of its own, which no vocabulary holds."""
    assert whitespace("good \ud800 \udc00bad") == b"good \xed\xa0\x80 \xed\xb0\x80bad"


def test_memory_for_characters_is_bounded() -> None:
    """A caller may send all of Unicode; what is not remembered is cut as before."""
    everything = "".join(map(chr, range(0x20000)))
    for cut, tokenize in (
        (tokenizer._WITHOUT_SYMBOLS, words),
        (tokenizer._WITH_SYMBOLS, words_and_symbols),
    ):
        assert tokenize(everything) == tokenize(everything)
        assert len(cut._replacements) <= 1 << 16


def test_artifacts_record_the_version_of_a_tokenizer() -> None:
    """Those of before have no version, and what their words become stays as it was."""
    assert TOKENIZERS["words"]("e\u0301 😡") == "e\u0301  ".encode()
    assert TOKENIZERS[recorded_name("words")]("e\u0301 😡").split() == ["é".encode(), "😡".encode()]
    assert {kind_of(name) for name in TOKENIZERS} == {"words", "words_and_symbols", "whitespace"}
