"""The normal form of a text: the same characters for all that look the same.

Letters are composed (Unicode's NFC, UAX 15), and invisible characters go: soft hyphens, joiners,
marks of direction, of byte order and of variation. Spellings with and without a joiner are one word
to those who write Persian or Sinhala. White space beyond ASCII becomes spaces, and so does a
zero-width space.
"""

import re
import unicodedata

from text_classification.contract.unseen_characters import UNSEEN
from text_classification.corpus.emoji import FLAG_BY_TAGS, JOINER, STRAY_JOINER, TAGS

# White space beyond ASCII; the last line is none to Python: a zero-width space, which is a break,
# and what is empty in Braille and Hangul.
BLANKS = "\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u2800\u3164\uffa0"
NON_JOINER = "\u200c"
_BLANK = re.compile(f"[{BLANKS}]")
_UNSEEN = re.compile(f"[{UNSEEN}{NON_JOINER}]")
# The same and more, in a form that is searched for fast.
_MAY_BE_UNSEEN = re.compile(
    f"[{BLANKS}{UNSEEN[: UNSEEN.index(chr(0x1BCA0))]}{NON_JOINER}{JOINER}\U0001bca0-\U000e0fff]"
)
_TAGS = re.compile(f"({FLAG_BY_TAGS})|[{TAGS}]")
# Most of what is written: visible, no white space, composed, and nothing composes with it.
PLAIN = (
    "\x00-\x7f\u00a1-\u00ac\u00ae-\u02ff\u0388-\u038a\u038e-\u03a1\u03a3-\u03ce\u0400-\u0482"
    "\u048a-\u052f\u0561-\u0586\u05d0-\u05ea\u0621-\u064a\u0671-\u06d3\u0e01-\u0e37\u0e40-\u0e47"
    "\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u3029\u3041-\u3096\u30a1-\u30fc"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
)
_NOT_PLAIN = re.compile(f"[^{PLAIN}]")


def normal_form(text: str) -> str:
    r"""Return a text as all that look like it are written.

    >>> normal_form("Cafe\u0301 insur\u00adance a\u200bb")
    'Café insurance a b'
    """
    if not _NOT_PLAIN.search(text):
        return text
    if _MAY_BE_UNSEEN.search(text):
        text = _without_tags(_UNSEEN.sub("", _BLANK.sub(" ", text)))
        text = STRAY_JOINER.sub("", text)
    return unicodedata.normalize("NFC", text)


def _without_tags(text: str) -> str:
    """Return a text without tags that spell no flag."""
    return _TAGS.sub(lambda match: match[1] or "", text)
