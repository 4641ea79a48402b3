"""The reference of ngrams.c in Python: the n-grams of a document, one by one.

Attribution and training read it as well; the kernel is for many documents.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Floats, Ids, Indices, Reals

if TYPE_CHECKING:
    from text_classification.kernels.ngrams import NgramTables

# As in ngrams.c, and UNKNOWN as in corpus/vocabulary.py.
SHORTEST, LONGEST = 3, 6
BEGIN, END = b"<", b">"
UNKNOWN = 1


@dataclass(frozen=True)
class Term:
    """A distinct word, or a pair of adjacent ones: what it adds, and to the square of the length.

    places: the tokens that it is made of, occurrence after occurrence; row: float64 [classes].
    """

    places: tuple[int, ...]
    row: Reals
    square: float


def logits(tables: "NgramTables", documents: Sequence[bytes], ids: Ids, offsets: Indices) -> Floats:
    """Return what the n-grams of documents add to their logits: float32 [documents, classes]."""
    result = np.zeros((len(documents), tables.classes), np.float32)
    for b, document in enumerate(documents):
        tokens = [token for token in document.split(b" ") if token]
        found = list(terms(tables, tokens, ids[offsets[b] : offsets[b + 1]].tolist()))
        length = math.sqrt(sum(term.square for term in found))
        if length:
            result[b] = sum(term.row for term in found) / length
    return result


def contributions(
    tables: "NgramTables", tokens: Sequence[bytes], ids: Sequence[int], index: int
) -> Reals:
    """Return what each token of a document adds to the logit of a class: float64 [tokens].

    What a word or pair adds is shared by its tokens, each occurrence the same.
    """
    added = np.zeros(len(tokens))
    squares = 0.0
    for term in terms(tables, tokens, ids):
        np.add.at(added, list(term.places), term.row[index] / len(term.places))
        squares += term.square
    return added / math.sqrt(squares) if squares else added


def terms(tables: "NgramTables", tokens: Sequence[bytes], ids: Sequence[int]) -> Iterator[Term]:
    """Yield the terms of a document: its logits are the sum of their rows over its length."""
    words: dict[bytes, list[int]] = {}
    pairs: dict[int, list[int]] = {}
    for place, (token, number) in enumerate(zip(tokens, ids, strict=True)):
        words.setdefault(token, []).append(place)
        if place and UNKNOWN not in (ids[place - 1], number):
            pair = tables.numbers.get((ids[place - 1], number))
            if pair is not None:
                pairs.setdefault(pair, []).extend((place - 1, place))
    for token, places in words.items():
        row, square = _word(tables, token, ids[places[0]])
        yield _times(places, len(places), row, square)
    for pair, places in pairs.items():
        row, square = tables.pair_rows.rows[pair], float(tables.pair_rows.squares[pair])
        yield _times(places, len(places) // 2, row, square)


def is_inside(byte: int) -> bool:
    """Tell whether a byte continues a character of UTF-8."""
    return byte & 0xC0 == 0x80  # noqa: PLR2004


def character_ngrams(token: bytes) -> Iterator[bytes]:
    """Yield the character n-grams of a word, its begin and end marked, as often as they occur."""
    word = BEGIN + token + END
    # Where the characters of UTF-8 begin, and where the last one ends.
    starts = [at for at, byte in enumerate(word) if not is_inside(byte)]
    ends = [*starts[1:], len(word)]
    for first, start in enumerate(starts):
        for end in ends[first + SHORTEST - 1 : first + LONGEST]:
            yield word[start:end]


def _times(places: Sequence[int], count: int, row: npt.NDArray[np.floating], square: float) -> Term:
    times = 1 + math.log(count)
    return Term(tuple(places), row.astype(np.float64) * times, square * times**2)


def _word(tables: "NgramTables", token: bytes, number: int) -> tuple[Reals | Floats, float]:
    if number != UNKNOWN and number < len(tables.words.rows):
        return tables.words.rows[number], float(tables.words.squares[number])
    known = tables.character_numbers
    found = [known[each] for each in character_ngrams(token) if each in known]
    length = math.sqrt(tables.character_rows.squares[found].sum())
    if not length:
        return np.zeros(tables.classes), 0.0
    row = tables.character_rows.rows[found].sum(axis=0, dtype=np.float64) / length
    return row * tables.strange, tables.strange**2
