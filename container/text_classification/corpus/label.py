"""What may be a label."""

import unicodedata
from collections.abc import Sequence

# A longer label is a text in the wrong column.
LONGEST_LABEL = 200
SHOWN_LABELS = 10


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
