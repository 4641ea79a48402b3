"""The words of a document by what each added to the score of its label."""

from collections.abc import Iterable
from typing import Any

from rich.text import Text

# A word with less than this part of the largest attribution stays plain.
FAINT = 0.1
STRONG = 0.5
MOST_LISTED = 5

Weighted = tuple[str, float]


def weighed(explanation: dict[str, Any]) -> list[Weighted]:
    """Return the tokens with their values, in the order of the document."""
    return list(zip(explanation["tokens"], explanation["values"], strict=True))


def marked(words: list[Weighted]) -> Text:
    """Return the document with its words marked: underlined for the label, struck against it.

    Strong ones are bold; green and red say the same again.
    """
    largest = max((abs(value) for _, value in words), default=0.0)
    parts = [(word, _style(value / largest if largest else 0.0)) for word, value in words]
    return Text(" ").join(Text(word, style) for word, style in parts)


def _style(part: float) -> str:
    """Return the style of a word; part is from -1 to 1."""
    if abs(part) < FAINT:
        return ""
    bold = "bold " if abs(part) >= STRONG else ""
    return bold + ("underline green" if part > 0 else "strike red")


def strongest(words: Iterable[Weighted], sign: int) -> list[Weighted]:
    """Return the words that speak most for the label (sign 1) or against it (-1), once each."""
    sums: dict[str, float] = {}
    for word, value in words:
        sums[word] = sums.get(word, 0.0) + value
    largest = max(map(abs, sums.values()), default=0.0)
    speaking = [each for each in sums.items() if each[1] * sign > FAINT * largest]
    return sorted(speaking, key=lambda each: -abs(each[1]))[:MOST_LISTED]


def listed(words: list[Weighted]) -> str:
    """Return words with their values: ``storm +1.92, roof +0.80``."""
    return ", ".join(f"{word} {value:+.2f}" for word, value in words) or "nothing"
