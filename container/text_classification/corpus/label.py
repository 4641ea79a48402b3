"""What may be a label."""

import re
import unicodedata
from collections.abc import Sequence

from text_classification.corpus.normal_form import normal_form

# A longer label is a text in the wrong column.
LONGEST_LABEL = 200
SHOWN_LABELS = 10
# Joiners that change how letters are drawn (RFC 5892, appendix A): behind a mark that takes a
# consonant's vowel away, and between letters of Arabic that would be joined.
_VOWEL_KILLERS = (
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u0f84\u1039\u17d2\u1a60"
    "\u1b44\ua9c0"
)
_JOINED_TO_NEXT = (
    "\u0626\u0628\u062a-\u062e\u0633-\u0647\u0649\u064a\u066e\u066f\u0678-\u0687\u069a-\u06bf"
    "\u06c1\u06c2\u06cc\u06ce\u06d0\u06d1\u06fa-\u06fc\u06ff"
)
_JOINED_TO_LAST = f"{_JOINED_TO_NEXT}\u0622-\u064a\u0671-\u06d3"
_SEEN_JOINER = re.compile(
    f"((?<=[{_VOWEL_KILLERS}])[\u200c\u200d]|(?<=[{_JOINED_TO_NEXT}])\u200c(?=[{_JOINED_TO_LAST}]))"
)

# What is drawn as another is, and is the usual way to write: hyphens, of which one keeps a line
# whole, and vowels of Thai and Lao that are typed in two parts.
_USUAL = {
    "\u2010": "-",
    "\u2011": "-",
    "\u0e40\u0e40": "\u0e41",
    "\u0e4d\u0e32": "\u0e33",
    "\u0ec0\u0ec0": "\u0ec1",
    "\u0ecd\u0eb2": "\u0eb3",
}


def normal_label(label: str) -> str:
    r"""Return a label in the one form of all that look like it.

    Characters are composed (NFC), invisible ones left out, white space is one space, none around,
    and a hyphen is that of ASCII. Unlike in a text, joiners that are seen stay: a label is shown as
    it was given.

    >>> normal_label(" Cafe\u0301 \u200b a\u00adb ")
    'Café ab'
    """
    if not label.isascii():
        # The joiners lie between the parts.
        parts = _SEEN_JOINER.split(label.replace("\u200b", ""))
        parts[::2] = map(normal_form, parts[::2])
        label = "".join(parts)
        for written, usual in _USUAL.items():
            label = label.replace(written, usual)
    return " ".join(label.split())


def label_problem(label: str) -> str:
    """Return what keeps a text from being a label, in words; nothing when it can be one.

    >>> label_problem("BILL"), label_problem("")
    ('', 'is empty')
    """
    if not label:
        return "is empty"
    if len(label) > LONGEST_LABEL:
        return f"has {len(label)} characters, more than {LONGEST_LABEL}"
    # Control characters, and halves of surrogate pairs, which JSON can smuggle in.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in label):
        return "holds control characters"
    return ""


def shown(labels: Sequence[str]) -> str:
    """Return labels as a message shows them: the first ten, and how many more there are.

    >>> shown(["BILL", "BINDER"])
    "'BILL', 'BINDER'"
    """
    first = ", ".join(f"'{label:.80}'" for label in labels[:SHOWN_LABELS])
    more = len(labels) - SHOWN_LABELS
    return first if more <= 0 else f"{first} and {more} more"
