"""Cut a text into tokens; training and serving share this code."""

import unicodedata
from collections.abc import Callable

Tokenizer = Callable[[str], list[str]]

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


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, punctuation stripped.

    >>> words("It's 3,5 % of the bill -- PAID!")
    ['its', '3', '5', 'of', 'the', 'bill', 'paid']
    """
    return text.lower().translate(_REPLACEMENTS).split()


def whitespace(text: str) -> list[str]:
    """Return the parts of ``text`` between white space, as they stand.

    >>> whitespace("de9738ee8b24 54709b24b45f")
    ['de9738ee8b24', '54709b24b45f']
    """
    return text.split()


TOKENIZERS: dict[str, Tokenizer] = {"words": words, "whitespace": whitespace}
