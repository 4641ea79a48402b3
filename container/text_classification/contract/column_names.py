"""The names that columns and fields usually have: training and serving look for the same ones."""

from collections.abc import Iterable

_TEXT = ("text", "document", "content", "body", "sentence", "abstract", "description", "words")
_LABEL = ("label", "category", "class", "target", "intent", "topic")
# The first that is there is taken, so names that may mean something else come last.
TEXT_NAMES = (
    *_TEXT,
    *("review", "tweet", "message", "comment", "utterance", "question", "query", "headline"),
    *("inputs", "input", "title", "source"),
)
LABEL_NAMES = (*_LABEL, "labels", "sentiment", "tag", "y")


def plain(name: object) -> str:
    """Return a name without what people do not mean by it: white space around it, and case.

    >>> plain(" Text ")
    'text'
    """
    return str(name).strip().casefold()


def are_usual(names: Iterable[object]) -> bool:
    """Tell whether some values are the names of columns.

    They are where one hardly means anything else, or both a label and a text are among them:
    "question" or "y" alone may be a value.
    """
    known = {plain(name) for name in names}
    return not known.isdisjoint(_CERTAIN) or not (
        known.isdisjoint(TEXT_NAMES) or known.isdisjoint(LABEL_NAMES)
    )


_CERTAIN = frozenset((*_TEXT, *_LABEL))
