"""What may be a label."""

import re
import unicodedata
from collections.abc import Sequence

# A longer label is a text in the wrong column.
LONGEST_LABEL = 200
SHOWN_LABELS = 10
# What is not seen: soft hyphens, joiners, marks of direction, of variation and of byte order. A
# joiner between emoji is seen: it makes them one.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff]|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)


def normal_label(label: str) -> str:
    r"""Return a label in the one form of all that look like it.

    Characters are composed (NFC), invisible ones left out, white space is one space, none around.

    >>> normal_label(" Cafe\u0301 \u200b a\u00adb ")
    'Café ab'
    """
    if not label.isascii():
        label = _INVISIBLE.sub("", unicodedata.normalize("NFC", label))
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
