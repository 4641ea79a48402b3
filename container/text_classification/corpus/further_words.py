"""Words beyond a vocabulary that have pretrained vectors: no training document has them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.corpus.packed_vectors import PackedVectors
from text_classification.kernels.arrays import Floats, Ids

# The names of the words' arrays among a model's.
FURTHER = ("further.scales", "further.packed")
# A model grows at most by this part through words that training lacks.
GROWTH = 0.5


@dataclass(frozen=True, eq=False)
class FurtherWords:
    """N words, whose ids follow those of a vocabulary, and their vectors.

    lines: one a line, in the order of their ids.
    """

    lines: bytes
    vectors: PackedVectors

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]], lines: bytes) -> "FurtherWords":
        """Return the words that ``arrays`` and ``lines`` are of.

        Raises ``ValueError`` where they do not fit together: they may come from anyone.
        """
        if set(arrays) != set(FURTHER):
            raise ValueError(f"the arrays are not {' and '.join(FURTHER)}")
        scales, packed = (arrays[name] for name in FURTHER)
        if scales.dtype != np.float16 or packed.dtype != np.uint8:
            raise ValueError(f"the arrays are {scales.dtype} and {packed.dtype}")
        if packed.ndim != 2 or not packed.size or scales.shape != packed.shape[:1]:  # noqa: PLR2004
            raise ValueError(f"the arrays have the shapes {scales.shape} and {packed.shape}")
        if not np.isfinite(scales).all():
            raise ValueError("the scales hold numbers that are not finite")
        if lines.count(b"\n") != len(packed):
            raise ValueError(f"there are not {len(packed)} words")
        return cls(lines, PackedVectors(scales, packed))

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The vectors by name; with the lines they make the same words again."""
        return dict(zip(FURTHER, (self.vectors.scales, self.vectors.packed), strict=True))

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.vectors)

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The words, in the order of their ids."""
        return tuple(self.lines.split(b"\n")[:-1])

    def chosen(self, places: Sequence[int]) -> "FurtherWords":
        """Return the words in some places."""
        tokens = self.tokens
        lines = b"".join([tokens[place] + b"\n" for place in places])
        return FurtherWords(lines, self.vectors.chosen(places))

    def added_to(self, weights: dict[str, Floats]) -> dict[str, Floats]:
        """Return a network's weights with the words' rows behind those of its embedding.

        Each of several networks side by side has the vectors.
        """
        embedding, rows = weights["embedding"], self.vectors.rows()
        tiled = np.tile(rows, embedding.shape[1] // rows.shape[1])
        return {**weights, "embedding": np.concatenate([embedding, tiled])}


def places_of_further(words: Sequence[bytes], known: Iterable[bytes], most: int) -> list[int]:
    """Return the places of the first words that are not known, so many at most."""
    among = frozenset(known)
    return [place for place, word in enumerate(words) if word not in among][:most]


def numbered(further: Sequence[bytes], first: int, tokens: Sequence[bytes], numbers: Ids) -> Ids:
    """Return the ids of tokens, with those of further words: int32 [tokens].

    first: the id of the first further word; numbers: those that the vocabulary gives the tokens.
    """
    places = {word: number for number, word in enumerate(further, first)}
    found = np.array([places.get(token, 0) for token in tokens], np.int32)
    return np.where(found, found, numbers)
