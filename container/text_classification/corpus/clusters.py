"""Scripts of South-East Asia that are written without spaces, cut into what is spoken together.

Words could only be found with a dictionary of each language. A cluster is a consonant with the
vowels and tone marks that are written around it, nearly a syllable; there are some thousands, and
few words of any text have one that was not seen in training. The scripts are those to which
Unicode's line breaking (UAX 14) gives the class SA.
"""

import re
import unicodedata

_BLOCKS = (
    *((0x0E00, 0x0E80), (0x0E80, 0x0F00), (0x1000, 0x10A0)),  # Thai, Lao, Burmese
    *((0x1780, 0x1800), (0x1950, 0x19E0), (0x1A20, 0x1AB0)),  # Khmer, Tai Le, New Tai Lue, Tai Tham
    *((0xA9E0, 0xAA00), (0xAA60, 0xAAE0), (0x11700, 0x11740)),  # Burmese, Tai Viet, Ahom
)
# Vowels written before the consonant they follow, and such behind it that are no marks.
_BEFORE = "\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc"
_BEHIND = "\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\u0ebd\u19b0-\u19b4\u19b8\u19b9\u19bb-\u19c9"
# What stacks the next consonant below: Burmese virama, Khmer coeng, Tai Tham sakot.
_STACKS = "\u1039\u17d2\u1a60"
# A Burmese consonant without a vowel of its own ends the syllable before it.
_FINAL = "[\u1000-\u1021\u103f\u1050-\u1081]\u1037?\u103a"


def _characters() -> tuple[str, str]:
    """Return the letters and the marks of the scripts, without vowels that are letters."""
    vowels = re.compile(f"[{_BEFORE}{_BEHIND}]")
    letters, marks = "", ""
    for start, stop in _BLOCKS:
        for character in map(chr, range(start, stop)):
            category = unicodedata.category(character)[0]
            if category == "M":
                marks += character
            elif category == "L" and not vowels.match(character):
                letters += character
    return letters, marks


_LETTERS, _MARKS = _characters()
# A character that may stand in a cluster; digits are words as usual.
PART = re.compile(f"[{_LETTERS}{_MARKS}{_BEFORE}{_BEHIND}]")
CLUSTER = re.compile(
    f"(?:[{_BEFORE}]?[{_LETTERS}]|[{_BEFORE}{_MARKS}{_BEHIND}])"
    f"(?:[{_STACKS}][{_LETTERS}]|{_FINAL}|[{_MARKS}{_BEHIND}])*"
)
