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


class _Replacements(dict[int, str | None]):
    """What becomes of a character, looked up once for each that occurs (see ``str.translate``).

    Apostrophes go ("don't" is one token), other punctuation, symbols and control characters
    become spaces, ideographs are set apart by spaces, everything else stays.
    """

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        replacement: str | None = character
        if character in _APOSTROPHES:
            replacement = None
        elif unicodedata.category(character)[0] in "PSCZ":
            replacement = " "
        elif unicodedata.name(character, "").startswith(_IDEOGRAPH_NAMES):
            replacement = f" {character} "
        self[code] = replacement
        return replacement


_REPLACEMENTS = _Replacements()
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# The same for ASCII, which most text is, with upper case turned to lower.
_ASCII = bytes(
    ord(_REPLACEMENTS[code] or "'") if code < 128 else code  # noqa: PLR2004
    for code in bytes(range(256)).lower()
)


def words(text: str) -> bytes:
    """Return the words of ``text`` in lower case, punctuation stripped.

    >>> words("It's 3,5 % of the bill -- PAID!").split()
    [b'its', b'3', b'5', b'of', b'the', b'bill', b'paid']
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(_replaced, text.lower())
    return _encoded(text).translate(_ASCII, delete=b"'")


def whitespace(text: str) -> bytes:
    """Return the parts of ``text`` between white space, as they stand.

    >>> whitespace("de9738ee8b24   54709b24b45f")
    b'de9738ee8b24 54709b24b45f'
    """
    return _encoded(" ".join(text.split()))


TOKENIZERS: dict[str, Tokenizer] = {"words": words, "whitespace": whitespace}


def _replaced(match: re.Match[str]) -> str:
    return match[0].translate(_REPLACEMENTS)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
