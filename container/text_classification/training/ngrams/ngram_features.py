"""Documents as word and character n-grams: the inputs of a linear model.

A document has a number for each distinct word, each pair of adjacent words and each character
n-gram of its words. A word or pair that occurs n times in it, and in d of the N training
documents, counts (1 + log n) (log((1 + N) / (1 + d)) + 1); a word shares out as much again among
its character n-grams, so that words never seen in training count by what they are made of. Then the
document is scaled to length 1. What becomes of it when it is served stands in kernels/ngrams.c.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from text_classification.corpus.vocabulary import FIRST_TOKEN
from text_classification.kernels.arrays import Floats, Ids, Indices, Reals
from text_classification.kernels.ngram_reference import character_ngrams
from text_classification.kernels.ngrams import NgramTables, Rows
from text_classification.training.inputs.part import Part
from text_classification.training.ngrams.ngram_limits import MOST_OF_A_KIND


@dataclass(frozen=True)
class Tokens:
    """The tokens of documents in provisional ids.

    ids: int32 [n]; documents: int64 [n], the row of the document that each belongs to; count: how
    many documents there are.
    """

    ids: Ids
    documents: Indices
    count: int

    @classmethod
    def of(cls, part: Part) -> "Tokens":
        """Return all tokens of a part, in whichever ids it is read."""
        stored = part.corpus.renumbered(None)
        lengths = stored.lengths[part.documents]
        batch = stored.batch(part.documents, longest=int(lengths.max(initial=0)), padding=0)
        return cls(batch.ids, np.repeat(np.arange(len(part)), lengths), len(part))


class Ngrams:
    """The n-grams that training documents have, and how much each counts.

    tokens: those of the provisional ids; numbers: their ids in the vocabulary; fewest: the training
    documents that a pair or a character n-gram must occur in; characters: whether character n-grams
    are features too; most: how many pairs, and how many character n-grams, are kept.
    """

    def __init__(  # noqa: PLR0913 - options by name
        self,
        tokens: Sequence[bytes],
        numbers: Ids,
        training: Part,
        *,
        fewest: int,
        characters: bool,
        most: int = MOST_OF_A_KIND,
    ) -> None:
        self._numbers = numbers
        self._known = numbers >= FIRST_TOKEN
        self._size = int(numbers.max(initial=1)) + 1
        found = Tokens.of(training)
        self._documents = found.count
        frequencies = _document_frequencies(found.documents, found.ids.astype(np.int64))
        counts = np.zeros(len(tokens))
        counts[frequencies[0]] = frequencies[1]
        # A token that the vocabulary lacks counts as one that no document has.
        self._weights = self._rarity(np.where(self._known, counts, 0))  # [provisional ids]
        rows, keys = self._pairs(found)
        self._keys, pair_counts = _frequent(*_document_frequencies(rows, keys), fewest, most)
        self._pair_weights = self._rarity(pair_counts)
        self._spell(tokens, counts if characters else np.zeros(len(tokens)), fewest, most)

    @cached_property
    def blocks(self) -> tuple[slice, slice, slice]:
        """The columns of words, pairs and character n-grams in a row of features."""
        ends = np.cumsum([0, self._size, len(self._keys), self._spelled.shape[1]]).tolist()
        words, pairs, characters = (slice(*ends[at : at + 2]) for at in range(3))
        return words, pairs, characters

    def matrix(self, part: Part) -> sparse.csr_array:
        """Return the features of documents: float64 [documents, features]."""
        found = Tokens.of(part)
        times = _times(found.documents, found.ids, (found.count, len(self._numbers)))
        weighted = times @ sparse.diags_array(self._weights)
        selector = sparse.csr_array(
            (self._known.astype(float), (np.arange(len(self._numbers)), self._numbers)),
            shape=(len(self._numbers), self._size),
        )
        pairs = self._pair_times(found) @ sparse.diags_array(self._pair_weights)
        # Characters of different words are taken to be at right angles, here as in ngrams.c.
        squares = times.power(2) @ (
            self._weights**2 * (self._known.astype(float) + self._is_spelled)
        )
        squares += pairs.power(2).sum(axis=1)
        blocks = [weighted @ selector, pairs, weighted @ self._spelled]
        shrink = sparse.diags_array(1 / np.sqrt(np.where(squares > 0, squares, 1)))
        matrix = sparse.csr_array(shrink @ sparse.hstack(blocks, format="csr"))
        matrix.eliminate_zeros()
        return matrix

    def tables(self, weights: Floats) -> NgramTables:
        """Return what serving reads; weights: [features, classes] of the linear model."""
        words, pairs, characters = (weights[block] for block in self.blocks)
        by_word, squares = words.copy(), np.zeros(self._size)
        known, numbers = self._known, self._numbers[self._known]
        by_word[numbers] += self._spelled[known] @ characters
        by_word[numbers] *= self._weights[known][:, None]
        by_word[:FIRST_TOKEN] = 0
        squares[numbers] = self._weights[known] ** 2 * (1 + self._is_spelled[known])
        ids = np.stack(np.divmod(self._keys, self._size), axis=1).astype(np.int32)
        return NgramTables(
            _rows(by_word, squares),
            pairs=ids,
            pair_rows=_weighted(pairs, self._pair_weights),
            lines=b"".join([ngram + b"\n" for ngram in self._characters]),
            character_rows=_weighted(characters, self._character_weights),
            strange=float(self._rarity(np.zeros(1))[0]),
        )

    def _rarity(self, documents: npt.NDArray[np.number[Any]]) -> Reals:
        """Return the inverse document frequency of what so many training documents have."""
        rarity: Reals = np.log((1 + self._documents) / (1 + documents.astype(np.float64))) + 1
        return rarity

    def _pairs(self, found: Tokens) -> tuple[Indices, Indices]:
        """Return document and key of each two adjacent known words."""
        numbers = self._numbers[found.ids].astype(np.int64)
        known = self._known[found.ids]
        both = known[:-1] & known[1:] & (found.documents[:-1] == found.documents[1:])
        return found.documents[:-1][both], (numbers[:-1] * self._size + numbers[1:])[both]

    def _pair_times(self, found: Tokens) -> sparse.csr_array:
        documents, keys = self._pairs(found)
        places = np.searchsorted(self._keys, keys)
        kept = places < len(self._keys)
        kept[kept] = self._keys[places[kept]] == keys[kept]
        return _times(documents[kept], places[kept], (found.count, len(self._keys)))

    def _spell(self, tokens: Sequence[bytes], counts: Reals, fewest: int, most: int) -> None:
        """Find the character n-grams of the training documents, and all tokens' shares in them.

        counts: the documents that have each token; so many have its n-grams, or somewhat fewer,
        where a document has several words with the same.
        """
        numbers: dict[bytes, int] = {}
        documents: list[float] = []
        for token, count in zip(tokens, counts.tolist(), strict=True):
            for ngram in character_ngrams(token) if count else ():
                if numbers.setdefault(ngram, len(numbers)) == len(documents):
                    documents.append(0)
                documents[numbers[ngram]] += count
        kept, frequencies = _frequent(np.arange(len(documents)), np.array(documents), fewest, most)
        names = list(numbers)
        self._characters = [names[index] for index in kept.tolist()]
        self._character_weights = self._rarity(np.minimum(frequencies, self._documents))
        places = {ngram: place for place, ngram in enumerate(self._characters)}
        rows, columns = [], []
        for row, token in enumerate(tokens if places else ()):
            found = [places[ngram] for ngram in character_ngrams(token) if ngram in places]
            columns += found
            rows += [row] * len(found)
        shape = len(tokens), len(places)
        spelled = sparse.csr_array((self._character_weights[columns], (rows, columns)), shape=shape)
        lengths = np.sqrt(np.bincount(rows, self._character_weights[columns] ** 2, len(tokens)))
        self._is_spelled = lengths > 0
        shares = sparse.diags_array(1 / np.where(self._is_spelled, lengths, 1))
        self._spelled = sparse.csr_array(shares @ spelled)


def _times(
    rows: Indices, columns: npt.NDArray[np.integer[Any]], shape: tuple[int, int]
) -> sparse.csr_array:
    """Return 1 + log n for what occurs n times in a row: float64 of this shape."""
    times = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    times.sum_duplicates()
    times.data = 1 + np.log(times.data)
    return times


def _document_frequencies(rows: Indices, keys: Indices) -> tuple[Indices, Indices]:
    """Return the distinct keys in rising order, and how many rows have each."""
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    found, counts = np.unique(keys[first], return_counts=True)
    return found, counts


def _frequent(
    keys: Indices, counts: npt.NDArray[np.number[Any]], fewest: int, most: int
) -> tuple[Indices, npt.NDArray[np.number[Any]]]:
    """Return the keys that occur often enough, the most frequent, and their counts."""
    order = np.argsort(-counts.astype(np.float64), kind="stable")[:most]
    kept = np.sort(order[counts[order] >= fewest])
    return keys[kept], counts[kept]


def _weighted(rows: Floats, weights: Reals) -> Rows:
    return _rows(rows * weights[:, None].astype(np.float32), weights**2)


def _rows(rows: Floats, squares: Reals) -> Rows:
    return Rows(np.ascontiguousarray(rows, np.float32), np.ascontiguousarray(squares, np.float32))
