"""The first version of the tokenizers: artifacts that name one of them are served with it.

They take a text as it stands: composed and decomposed letters make different tokens, invisible
characters cut words, scripts without spaces are not cut, and ``words`` drops emoji.
"""

import re
import unicodedata

# Letters of scripts that are written without spaces: each is a token of its own.
_IDEOGRAPH_NAMES = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA")
_APOSTROPHES = "'\u2019"
# More characters than any text is written in; all of Unicode would take hundreds of megabytes.
_REMEMBERED = 1 << 16


class Replacements(dict[int, str | None]):
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
        return self.remembered(code, replacement)

    def remembered(self, code: int, replacement: str | None) -> str | None:
        """Return a replacement, which need not be found again."""
        if len(self) < _REMEMBERED:
            self[code] = replacement
        return replacement


REPLACEMENTS = Replacements(symbols=False)
_SET_APART = Replacements(symbols=True)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# The same for ASCII, which most text is, with upper case turned to lower.
ASCII = bytes(
    ord(REPLACEMENTS[code] or "'") if code < 128 else code  # noqa: PLR2004
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
        text = _NOT_ASCII.sub(lambda match: match[0].translate(REPLACEMENTS), text.lower())
    return words_of_ascii(text)


def words_and_symbols(text: str) -> bytes:
    """Return the words of ``text`` in lower case, and each punctuation mark or symbol.

    >>> words_and_symbols("It's 3,5 % of the bill -- PAID!").split()
    [b'its', b'3', b',', b'5', b'%', b'of', b'the', b'bill', b'-', b'-', b'paid', b'!']
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda match: match[0].translate(_SET_APART), text.lower())
    return words_and_symbols_of_ascii(text)


def whitespace(text: str) -> bytes:
    """Return the parts of ``text`` between white space, as they stand.

    >>> whitespace("de9738ee8b24   54709b24b45f")
    b'de9738ee8b24 54709b24b45f'
    """
    return encoded(" ".join(text.split()))


def words_of_ascii(text: str) -> bytes:
    """Cut what is ASCII of a text."""
    return encoded(text).translate(ASCII, delete=b"'")


def words_and_symbols_of_ascii(text: str) -> bytes:
    """Cut what is ASCII of a text, each symbol a token."""
    return _SYMBOLS.sub(rb" \g<0> ", encoded(text).lower()).translate(_CONTROLS, delete=b"'")


def encoded(text: str) -> bytes:
    """Return a text in UTF-8, halves of surrogate pairs included."""
    return text.encode("utf-8", "surrogatepass")
