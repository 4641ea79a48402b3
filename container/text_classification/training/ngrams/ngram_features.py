"""Documents as word and character n-grams: the inputs of a linear model.

A document has a number for each distinct word, each pair of adjacent words and each character
n-gram of its words. A word or pair that occurs n times in it, and in d of the N training
documents, counts (1 + log n) (log((1 + N) / (1 + d)) + 1); a word shares out as much again among
its character n-grams, so that words never seen in training count by what they are made of. Then the
document is scaled to length 1. What becomes of it when it is served stands in kernels/ngrams.c.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from text_classification.corpus.vocabulary import FIRST_TOKEN, UNKNOWN
from text_classification.kernels.arrays import Floats, Ids, Indices, Reals
from text_classification.kernels.document_ngrams import (
    Documents,
    FeatureWeights,
    features_of,
    pair_frequencies,
    token_frequencies,
)
from text_classification.kernels.ngram_reference import character_ngrams
from text_classification.kernels.ngrams import NgramTables, Rows
from text_classification.kernels.pair_index import PairIndex
from text_classification.training.inputs.part import Part
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.word_vectors import NO_VECTORS, WordVectors

# As many as there are, up to what is of use.
ALL = NgramLimits()
_UPPER, _LOWER = 32, (1 << 32) - 1


class Ngrams:
    """The n-grams that training documents have, and how much each counts.

    tokens: those of the provisional ids; numbers: their ids in the vocabulary; fewest: the training
    documents that a pair or a character n-gram must occur in; characters: whether character n-grams
    are features too; vectors: further words that have ids, those that training lacks; limits: how
    many are kept, the most frequent, and how many pairs are counted.
    """

    def __init__(  # noqa: PLR0913 - options by name
        self,
        tokens: Sequence[bytes],
        numbers: Ids,
        training: Part,
        *,
        fewest: int,
        characters: bool,
        vectors: WordVectors = NO_VECTORS,
        limits: NgramLimits = ALL,
    ) -> None:
        self.vectors = vectors.cut(limits.words)
        numbers = self.vectors.numbered(tokens, numbers)
        self._numbers = np.where(numbers < limits.words, numbers, np.int32(UNKNOWN))
        self._known = self._numbers >= FIRST_TOKEN
        most = int(self._numbers.max(initial=UNKNOWN)) + 1
        self._size = max(most, len(self.vectors))
        documents = self._read(training)
        self._documents = len(documents)
        counts = token_frequencies(documents).astype(np.float64)
        # A token that has no row counts as one that no document has.
        self._weights = self._rarity(np.where(self._known, counts, 0))  # [provisional ids]
        pairs = pair_frequencies(documents, limits.counted)
        keys, pair_counts = _frequent(*pairs, fewest, limits.of_a_kind)
        ids = np.stack([keys >> _UPPER, keys & _LOWER], axis=1).astype(np.int32)
        self._pairs = PairIndex(ids)
        self._pair_weights = self._rarity(pair_counts)
        given = counts if characters else np.zeros(len(tokens))
        self._spell(tokens, given, fewest, limits.of_a_kind)

    @cached_property
    def blocks(self) -> tuple[slice, slice, slice]:
        """The columns of words, pairs and character n-grams in a row of features."""
        ends = np.cumsum([0, self._size, len(self._pairs), self._spelled.shape[1]]).tolist()
        words, pairs, characters = (slice(*ends[at : at + 2]) for at in range(3))
        return words, pairs, characters

    def matrix(self, part: Part) -> sparse.csr_array:
        """Return the features of documents: float32 [documents, features]."""
        values, columns, offsets = features_of(self._read(part), self._feature_weights)
        shape = len(part), self._feature_weights.columns
        # Offsets of the columns' type: SciPy would copy these else.
        return sparse.csr_array((values, columns, offsets.astype(np.int32)), shape=shape)

    @cached_property
    def _feature_weights(self) -> FeatureWeights:
        # Characters of different words are taken to be at right angles, here as in ngrams.c.
        squares = self._weights**2 * (self._known.astype(float) + self._is_spelled)
        return FeatureWeights(
            self._weights.astype(np.float32),
            squares.astype(np.float32),
            self._pairs,
            self._pair_weights.astype(np.float32),
            self._spelled.indptr.astype(np.int64),
            self._spelled.indices.astype(np.int32),
            self._spelled.data.astype(np.float32),
            words=self._size,
            characters=self._spelled.shape[1],
        )

    def _read(self, part: Part) -> Documents:
        stored = part.corpus
        documents = part.documents.astype(np.uint32, copy=False)
        return Documents(stored.ids, stored.offsets, documents, self._numbers)

    def tables(self, weights: Floats) -> NgramTables:
        """Return what serving reads.

        weights: [features, classes] of the linear model, float32; they become the tables' rows.
        """
        words, pairs, characters = (weights[block] for block in self.blocks)
        known, numbers = self._known, self._numbers[self._known]
        if len(characters):
            words[numbers] += self._spelled[known] @ characters
        rarities, squares = np.zeros(self._size), np.zeros(self._size)
        rarities[numbers] = self._weights[known]
        squares[numbers] = self._weights[known] ** 2 * (1 + self._is_spelled[known])
        strange = float(self._rarity(np.zeros(1))[0])
        unheard = self.vectors.unheard(self._numbers)
        rarities[unheard], squares[unheard] = strange, strange**2
        tables = NgramTables(
            _weighted(words, rarities, squares),
            pairs=self._pairs.pairs,
            pair_rows=_weighted(pairs, self._pair_weights, self._pair_weights**2),
            lines=b"".join([ngram + b"\n" for ngram in self._characters]),
            character_rows=_weighted(
                characters, self._character_weights, self._character_weights**2
            ),
            strange=strange,
            further=self.vectors.lines,
        )
        self._spell_unheard(unheard, tables)
        return tables

    def _spell_unheard(self, ids: Indices, tables: NgramTables) -> None:
        """Add to the rows of words that no document has what their character n-grams say."""
        # As a document of its own, each has that for its logits while it is unknown.
        unknown = np.full(len(ids), UNKNOWN, np.int32)
        rows = tables.logits(self.vectors.tokens(ids), unknown, np.arange(len(ids) + 1))
        tables.words.rows[ids] += np.float32(tables.strange) * rows
        tables.words.squares[ids[rows.any(axis=1)]] *= 2

    def _rarity(self, documents: npt.NDArray[np.number[Any]]) -> Reals:
        """Return the inverse document frequency of what so many training documents have."""
        rarity: Reals = np.log((1 + self._documents) / (1 + documents.astype(np.float64))) + 1
        return rarity

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


def _frequent(
    keys: Indices, counts: npt.NDArray[np.number[Any]], fewest: int, most: int
) -> tuple[Indices, npt.NDArray[np.number[Any]]]:
    """Return the keys that occur often enough, the most frequent, in order, and their counts."""
    enough = counts >= fewest
    if np.count_nonzero(enough) > most:
        # Of the least frequent that are kept, those with the smallest keys.
        fewest = np.partition(counts, len(counts) - most)[len(counts) - most]
        enough = counts > fewest
        equal = np.flatnonzero(counts == fewest)
        equal = equal[np.argsort(keys[equal])]
        enough[equal[: most - np.count_nonzero(enough)]] = True
    kept = np.flatnonzero(enough)
    kept = kept[np.argsort(keys[kept])]
    return keys[kept], counts[kept]


def _weighted(rows: Floats, weights: Reals, squares: Reals) -> Rows:
    """Return rows, each multiplied in place: they may take most of the memory."""
    rows *= weights[:, None].astype(np.float32)
    return Rows(rows, squares.astype(np.float32))
