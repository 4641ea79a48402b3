"""The names that columns and fields usually have: training and serving look for the same ones."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from text_classification.contract.unseen_characters import UNSEEN

_TEXT = ("text", "document", "content", "body", "sentence", "abstract", "description", "words")
_LABEL = ("label", "category", "class", "target", "intent", "topic")
# The first that is there is taken, so names that may mean something else come last.
TEXT_NAMES = (
    *_TEXT,
    *("review", "tweet", "message", "comment", "utterance", "question", "query", "headline"),
    *("data", "inputs", "input", "title", "source"),
)
LABEL_NAMES = (*_LABEL, "labels", "sentiment", "tag", "y")

# With joiners, and the space that has no width.
_UNSEEN = re.compile(f"[{UNSEEN}\u200b-\u200d]")


def plain(name: object) -> str:
    r"""Return a name without what people do not mean by it: white space around it, and case.

    Nor do they mean what is not seen in it, nor how its characters are composed.

    >>> plain(" Text "), plain("\ufeffCate\u0301gorie\u200b")
    ('text', 'catégorie')
    """
    written = str(name)
    if not written.isascii():
        written = unicodedata.normalize("NFC", _UNSEEN.sub("", written))
    return written.strip().casefold()


def named_between_commas(wanted: str) -> tuple[str, ...]:
    """Return the names that commas separate; where there is nothing between two, none is meant.

    >>> named_between_commas("title, body,")
    ('title', 'body')
    """
    return tuple(name for part in wanted.split(",") if (name := part.strip()))


def names_in(text_column: str | None) -> frozenset[str]:
    """Return the names of columns that the option says, in their ``plain`` form; a number is none.

    >>> sorted(names_in("Text")), names_in("1")
    (['text'], frozenset())
    """
    if not text_column or text_column.isdecimal():
        return frozenset()
    return frozenset(map(plain, (text_column, *named_between_commas(text_column))))


def place_of(wanted: Iterable[str], present: Iterable[object]) -> int | None:
    """Return the place of the first wanted name among those present, however it is written.

    wanted: in their ``plain`` form. Raises ``ValueError`` where two are called so.

    >>> place_of(TEXT_NAMES, ["id", " Review "])
    1
    """
    names = list(map(plain, present))
    places = dict(zip(names, range(len(names)), strict=True))
    for name in wanted:
        if name in places:
            if names.count(name) > 1:
                raise ValueError(f"{names.count(name)} columns are named {name!r:.40}")
            return places[name]
    return None


def is_header(first: Sequence[str], wanted: Iterable[str] = (), *, alone: bool = False) -> bool:
    """Tell whether the first row of a table of documents names its columns.

    wanted: names in their ``plain`` form that no other row has, beside "text"; alone: whether the
    table has no other row. Other usual names may be words of a document: of a lone column they are
    names where rows follow, and beside others where those look like names too.

    >>> is_header(["id", "review"]), is_header(["7", "review"]), is_header(["title"], alone=True)
    (True, False, False)
    """
    names = {plain(name) for name in first}
    if not names.isdisjoint((*wanted, TEXT_NAMES[0])):
        return True
    if alone or names.isdisjoint(TEXT_NAMES):
        return False
    return all(not name or any(map(str.isalpha, name)) for name in names)


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
