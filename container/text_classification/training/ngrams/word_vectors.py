"""Words by ids that those beyond the vocabulary have too, and their pretrained vectors.

A document's vector is the sum of those of its words, each counted as its word is (see
``ngram_features``): so what a linear model of it says of a word is one number a class, and is
added to the word's row. That holds for a word that training lacks as well, if it has a vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.corpus.further_words import GROWTH, numbered, places_of_further
from text_classification.corpus.vocabulary import FIRST_TOKEN
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.training.inputs.training_documents import TrainingData

# Beside a word's row: its square, and itself in the list.
BYTES_A_NAME = 14


@dataclass(frozen=True)
class WordVectors:
    """Vectors by id: float32 [ids, size], 0 where a word has none; of size 0 where none has one.

    further: the words behind those of the vocabulary: first those of the training documents.
    """

    rows: Floats
    further: tuple[bytes, ...]

    @classmethod
    def of(cls, prepared: TrainingData) -> "WordVectors":
        """Return the vectors that a job starts from; none where it starts from chance."""
        vectors, beyond = prepared.start.vectors or {}, prepared.beyond
        size = len(next(iter(vectors.values()), ()))
        known = (*prepared.vocabulary.tokens, *beyond)
        rows = np.zeros((FIRST_TOKEN + len(known), size), np.float32)
        for number, token in enumerate(known if size else (), FIRST_TOKEN):
            if token in vectors:
                rows[number] = vectors[token]
        source = prepared.start.source if size else None
        if source is None:
            return cls(rows, beyond) if size or beyond else NO_VECTORS
        chosen = places_of_further(source.words, known, most_further(prepared))
        further = tuple(source.words[place] for place in chosen)
        return cls(np.concatenate([rows, source.rows(chosen)]), (*beyond, *further))

    def __len__(self) -> int:
        """Return the number of ids that have a row."""
        return len(self.rows)

    @property
    def lines(self) -> bytes:
        """The further words, one a line, in the order of their ids."""
        return b"".join([word + b"\n" for word in self.further])

    @property
    def first(self) -> int:
        """The id of the first further word."""
        return len(self.rows) - len(self.further)

    def cut(self, size: int) -> "WordVectors":
        """Return the vectors of the first ids."""
        return WordVectors(self.rows[:size], self.further[: max(size - self.first, 0)])

    def numbered(self, tokens: Sequence[bytes], numbers: Ids) -> Ids:
        """Return the ids of tokens, with those of further words: int32 [tokens].

        numbers: those that the vocabulary gives them.
        """
        return numbered(self.further, self.first, tokens, numbers) if self.further else numbers

    def unheard(self, numbers: Ids) -> Indices:
        """Return the ids of further words that are not among some ids: int64 [n]."""
        return np.setdiff1d(np.arange(self.first, len(self)), numbers)

    def tokens(self, ids: Indices) -> list[bytes]:
        """Return the further words that have some ids."""
        return [self.further[place] for place in (ids - self.first).tolist()]


NO_VECTORS = WordVectors(np.zeros((0, 0), np.float32), ())


def most_further(prepared: TrainingData) -> int:
    """Return how many words that training lacks a model may have rows of."""
    numbers = sum(int(np.prod(shape)) for shape in prepared.configuration.shapes().values())
    classes = len(prepared.labels)
    words = len(prepared.vocabulary) * classes
    return int(GROWTH * 4 * (numbers + words)) // (4 * classes + BYTES_A_NAME)
