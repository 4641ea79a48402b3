"""Token to id: 0 is padding, 1 is any unknown token, the rest by falling frequency."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

PADDING = 0
UNKNOWN = 1
FIRST_TOKEN = 2


class Vocabulary:
    """The tokens that have an id of their own."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        self._ids = {token: index for index, token in enumerate(self.tokens, FIRST_TOKEN)}

    def __len__(self) -> int:
        """Return the number of ids, padding and unknown included: the rows of the embedding."""
        return len(self.tokens) + FIRST_TOKEN

    def encode(self, tokens: Iterable[str]) -> npt.NDArray[np.int32]:
        """Return the ids of ``tokens``, int32 [number of tokens]."""
        get = self._ids.get
        return np.array([get(token, UNKNOWN) for token in tokens], dtype=np.int32)

    def save(self, path: Path) -> None:
        """Write one token a line, in the order of the ids. Tokens hold no line breaks."""
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{token}\n" for token in self.tokens)

    @classmethod
    def parse(cls, text: str) -> "Vocabulary":
        """Return the vocabulary that ``save`` wrote.

        Raises ``ValueError`` when a line is empty or stands twice.
        """
        tokens = text.split("\n")
        if tokens.pop():
            raise ValueError("the last line is cut off")
        vocabulary = cls(tokens)
        if "" in vocabulary._ids or len(vocabulary._ids) != len(tokens):
            raise ValueError("a line is empty or stands twice")
        return vocabulary
