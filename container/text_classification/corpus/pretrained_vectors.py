"""The English vectors that the image brings along: GloVe 6B, compact.

Pennington, Socher and Manning 2014, GloVe: Global Vectors for Word Representation (EMNLP). A number
takes 4 bits, in steps of its row's own: 85,000 words take 5 MB, and more words gain more than finer
numbers. ``tools/english_vectors.py`` builds the file.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from text_classification.corpus.packed_vectors import PackedVectors
from text_classification.corpus.vectors import Vectors
from text_classification.kernels.arrays import Floats

FILE = Path(__file__).parents[1] / "pretrained" / "english.npz"
SIZE = 100


class EnglishVectors:
    """The vectors of the image; like ``VectorFile``, but that they need not have a token's."""

    where = "pretrained=english"
    size = SIZE

    def read(self, tokens: Sequence[bytes]) -> Vectors:
        """Return the vectors of those tokens that have one, float32 [100].

        A token that only lacks its last s for it has that vector: "womens" stands for "women's".
        """
        places = self._places
        found = {token: places.get(token, places.get(token.removesuffix(b"s"))) for token in tokens}
        known = {token: place for token, place in found.items() if place is not None}
        return dict(zip(known, self.rows(list(known.values())), strict=True))

    def rows(self, places: Sequence[int]) -> Floats:
        """Return the vectors of the words in some places: float32 [n, 100]."""
        return self.packed(places).rows()

    def packed(self, places: Sequence[int]) -> PackedVectors:
        """Return the vectors of the words in some places, as the file has them."""
        return PackedVectors(self._arrays["scale"], self._arrays["packed"]).chosen(places)

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray]:
        with np.load(FILE) as file:
            return dict(file)

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """The words that have a vector, the most frequent first."""
        return tuple(self._arrays["words"].tobytes().split(b"\n"))

    @cached_property
    def _places(self) -> dict[bytes, int]:
        return {word: place for place, word in enumerate(self.words)}


def pack(path: Path, words: Sequence[str], vectors: Floats) -> None:
    """Write the vectors of words, [words, 100], as ``EnglishVectors`` reads them."""
    packed = PackedVectors.of(vectors)
    path.parent.mkdir(exist_ok=True)
    lines = np.frombuffer("\n".join(words).encode(), np.uint8)
    np.savez_compressed(path, words=lines, scale=packed.scales, packed=packed.packed)
