"""Cut a text into tokens; training and serving share this code.

A tokenizer returns the tokens in UTF-8 with spaces between them, the form that kernels read. Text
that ends in half a surrogate pair, as JSON can smuggle in, is encoded all the same. A tokenizer has
a version in its name, by which the artifact records it: what it makes of a text never changes.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from text_classification.corpus import clusters, emoji, tokenizer_v1
from text_classification.corpus.normal_form import normal_form
from text_classification.corpus.tokenizer_v1 import (
    Replacements,
    encoded,
    words_and_symbols_of_ascii,
    words_of_ascii,
)

Tokenizer = Callable[[str], bytes]

VERSION = "v2"
# Letters that stay as they are in every text and are most of what is not ASCII: of Latin, Greek,
# Cyrillic, Armenian, Hebrew, Arabic and Hangul, composed.
PLAIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0388-\u038a\u038e-\u03a1\u03a3-\u03ce\u0400-\u0481"
    "\u048a-\u052f\u0561-\u0586\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u1e00-\u1eff\uac00-\ud7a3"
)
_OTHER = f"[^\x00-\x7f{PLAIN}]"
# Twice, since only a pattern that begins with a single class of characters is searched for fast.
_OTHERS = re.compile(f"{_OTHER}{_OTHER}*")
# A run of others is nearly always short: a quotation mark, a dash.
_SHORT_RUN = 2
_REMEMBERED_RUNS = 1 << 12
# White space of ASCII, as Python sees it, becomes spaces.
_SPACES = bytes(32 if code < 128 and chr(code).isspace() else code for code in range(256))  # noqa: PLR2004
# Stand for # and * of a keycap until punctuation is gone; a text has none of them by then.
_STAND_INS = {"#": "\ue000", "*": "\ue001"}


class _Replacements(Replacements):
    """The same as in the first version, but that emoji and clusters stay as they are."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        if emoji.PART.match(character) or clusters.PART.match(character):
            return self.remembered(code, character)
        return super().__missing__(code)


class _Cut:
    """Sets apart what is a token of its own, in a text that is in lower case and normal form."""

    def __init__(self, *, symbols: bool) -> None:
        self._replacements = _Replacements(symbols=symbols)
        self._short_run = lru_cache(_REMEMBERED_RUNS)(self._run)

    def __call__(self, text: str) -> str:
        return _OTHERS.sub(self._replacement, text)

    def _replacement(self, match: re.Match[str]) -> str:
        run = match[0]
        return self._short_run(run) if len(run) <= _SHORT_RUN else self._run(run)

    def _run(self, run: str) -> str:
        if clusters.PART.search(run):
            run = clusters.CLUSTER.sub(_set_apart, run)
        if emoji.MAY_BE_PART.search(run):
            run = emoji.EMOJI.sub(_set_apart, run)
        return run.translate(self._replacements)


_WITHOUT_SYMBOLS = _Cut(symbols=False)
_WITH_SYMBOLS = _Cut(symbols=True)


def words(text: str) -> bytes:
    """Return the words of ``text`` in lower case and its emoji, punctuation stripped.

    >>> words("It's 3,5 % of the bill -- PAID!").split()
    [b'its', b'3', b'5', b'of', b'the', b'bill', b'paid']
    """
    if not text.isascii():
        return _cut(text, _WITHOUT_SYMBOLS, words_of_ascii)
    return words_of_ascii(text)


def words_and_symbols(text: str) -> bytes:
    """Return the words of ``text`` in lower case, and each emoji, punctuation mark or symbol.

    >>> words_and_symbols("It's 3,5 % of the bill -- PAID!").split()
    [b'its', b'3', b',', b'5', b'%', b'of', b'the', b'bill', b'-', b'-', b'paid', b'!']
    """
    if not text.isascii():
        return _cut(text, _WITH_SYMBOLS, words_and_symbols_of_ascii)
    return words_and_symbols_of_ascii(text)


def whitespace(text: str) -> bytes:
    """Return the parts of ``text`` between white space, as they stand but for invisible things.

    >>> whitespace("de9738ee8b24   54709b24b45f").split()
    [b'de9738ee8b24', b'54709b24b45f']
    """
    if not text.isascii():
        text = normal_form(text)
    return encoded(text).translate(_SPACES)


# By the names that artifacts have them by.
TOKENIZERS: Mapping[str, Tokenizer] = {
    "words": tokenizer_v1.words,
    "words_and_symbols": tokenizer_v1.words_and_symbols,
    "whitespace": tokenizer_v1.whitespace,
    f"words.{VERSION}": words,
    f"words_and_symbols.{VERSION}": words_and_symbols,
    f"whitespace.{VERSION}": whitespace,
}


def recorded_name(kind: str) -> str:
    """Return the name by which an artifact records the present version of a kind of tokenizer.

    >>> recorded_name("words")
    'words.v2'
    """
    return f"{kind}.{VERSION}"


def kind_of(name: str) -> str:
    """Return the kind of a recorded tokenizer, as the hyperparameter names it.

    >>> kind_of("words.v2"), kind_of("words")
    ('words', 'words')
    """
    return name.partition(".")[0]


def _cut(text: str, set_apart: _Cut, of_ascii: Tokenizer) -> bytes:
    """Return the tokens of a text that is not all ASCII; of_ascii: cuts what is."""
    # Apostrophes go before letters are composed: a mark may stand behind one.
    text = normal_form(text).replace("'", "").replace("\u2019", "")
    text = set_apart(unicodedata.normalize("NFC", text.lower()))
    if emoji.KEYCAP not in text:
        return of_ascii(text)
    tokens = of_ascii(emoji.KEYCAP_OF.sub(_with_stand_in, text))
    for character, stand_in in _STAND_INS.items():
        tokens = tokens.replace(stand_in.encode(), character.encode())
    return tokens


def _set_apart(match: re.Match[str]) -> str:
    return f" {match[0]} "


def _with_stand_in(keycap: re.Match[str]) -> str:
    return f" {_STAND_INS.get(keycap[1], keycap[1])}{emoji.KEYCAP} "
