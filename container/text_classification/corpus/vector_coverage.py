"""How many of the words of documents have a pretrained vector."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np

from text_classification.corpus.label import shown
from text_classification.kernels.arrays import Indices

# From so large a part of all words on, documents are of the vectors' language: newsgroups with
# codes and signatures come to 0.84, other English to more, another language to less than a half.
ENOUGH = 0.65
SHOWN_TOKENS = 10


@dataclass(frozen=True)
class Coverage:
    """The part of the words of some documents that have a vector, each counted as it occurs.

    lacking: the most frequent tokens without one.
    """

    share: float
    lacking: tuple[str, ...]

    @classmethod
    def of(cls, vectors: Container[bytes], tokens: Sequence[bytes], counts: Indices) -> "Coverage":
        """Count tokens that occur so often, int64 [tokens]."""
        known = np.array([token in vectors for token in tokens], bool)
        total = int(counts.sum())
        without = np.where(known, 0, counts)
        order = np.argsort(-without, kind="stable")[:SHOWN_TOKENS]
        lacking = [tokens[place].decode("utf-8", "replace") for place in order if without[place]]
        return cls(1 - int(without.sum()) / total if total else 0.0, tuple(lacking))

    @property
    def is_enough(self) -> bool:
        """Whether the vectors are of the documents' language."""
        return self.share >= ENOUGH

    def __str__(self) -> str:
        """Return the line that the log shows."""
        told = f"{self.share:.1%} of the words in the training documents have a vector"
        return f"{told}; most common of the others: {shown(self.lacking)}" if self.lacking else told
