"""Cut a text into tokens; training and serving share this code.

A tokenizer returns the tokens in UTF-8 with spaces between them, the form that kernels read. Text
that ends in half a surrogate pair, as JSON can smuggle in, is encoded all the same.
"""

import re
import unicodedata
from collections.abc import Callable

Tokenizer = Callable[[str], bytes]

# Letters of scripts that are written without spaces: each is a token of its own.
_IDEOGRAPH_NAMES = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA")
_APOSTROPHES = "'\u2019"
# More characters than any text is written in; all of Unicode would take hundreds of megabytes.
_REMEMBERED = 1 << 16


class _Replacements(dict[int, str | None]):
    """What becomes of a character, looked up once for each that occurs (see ``str.translate``).

    Apostrophes go ("don't" is one token), white space and control characters become spaces,
    ideographs are set apart by spaces, everything else stays. symbols: whether punctuation and
    symbols are set apart too; otherwise they become spaces.
    """

    def __init__(self, *, symbols: bool) -> None:
        super().__init__()
        self._symbols = symbols

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        replacement: str | None = character
        category = unicodedata.category(character)[0]
        is_symbol = category in "PS"
        if character in _APOSTROPHES:
            replacement = None
        elif category in "CZ" or (is_symbol and not self._symbols):
            replacement = " "
        elif is_symbol or unicodedata.name(character, "").startswith(_IDEOGRAPH_NAMES):
            replacement = f" {character} "
        if len(self) < _REMEMBERED:
            self[code] = replacement
        return replacement


_REPLACEMENTS = _Replacements(symbols=False)
_SET_APART = _Replacements(symbols=True)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# The same for ASCII, which most text is, with upper case turned to lower.
_ASCII = bytes(
    ord(_REPLACEMENTS[code] or "'") if code < 128 else code  # noqa: PLR2004
    for code in bytes(range(256)).lower()
)


_SYMBOLS = re.compile(rb"[!-&(-/:-@\[-`{-~]")
_CONTROLS = bytes(code if 32 < code != 127 else 32 for code in range(256))  # noqa: PLR2004


def words(text: str) -> bytes:
    """Return the words of ``text`` in lower case, punctuation stripped.

    >>> words("It's 3,5 % of the bill -- PAID!").split()
    [b'its', b'3', b'5', b'of', b'the', b'bill', b'paid']
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda match: match[0].translate(_REPLACEMENTS), text.lower())
    return _encoded(text).translate(_ASCII, delete=b"'")


def words_and_symbols(text: str) -> bytes:
    """Return the words of ``text`` in lower case, and each punctuation mark or symbol.

    >>> words_and_symbols("It's 3,5 % of the bill -- PAID!").split()
    [b'its', b'3', b',', b'5', b'%', b'of', b'the', b'bill', b'-', b'-', b'paid', b'!']
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda match: match[0].translate(_SET_APART), text.lower())
    return _SYMBOLS.sub(rb" \g<0> ", _encoded(text).lower()).translate(_CONTROLS, delete=b"'")


def whitespace(text: str) -> bytes:
    """Return the parts of ``text`` between white space, as they stand.

    >>> whitespace("de9738ee8b24   54709b24b45f")
    b'de9738ee8b24 54709b24b45f'
    """
    return _encoded(" ".join(text.split()))


TOKENIZERS: dict[str, Tokenizer] = {
    "words": words,
    "words_and_symbols": words_and_symbols,
    "whitespace": whitespace,
}


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
