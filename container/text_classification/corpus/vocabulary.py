"""Token to id: 0 is padding, 1 is any unknown token, the rest by falling frequency."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from text_classification.kernels.token_ids import EncodedDocuments, TokenIndex

PADDING = 0
UNKNOWN = 1
FIRST_TOKEN = 2


class Vocabulary:
    """The tokens that have an id of their own, each in UTF-8."""

    def __init__(self, lines: bytes) -> None:
        """Take the tokens from ``lines``, one a line, in the order of their ids.

        Raises ``ValueError`` when the lines are not UTF-8, one is cut off or empty, or one stands
        twice.
        """
        lines.decode()
        self._index = TokenIndex(lines)

    @classmethod
    def of(cls, tokens: Iterable[bytes]) -> "Vocabulary":
        """Return the vocabulary of some tokens, which hold no line breaks."""
        return cls(b"".join([token + b"\n" for token in tokens]))

    @property
    def lines(self) -> bytes:
        """The tokens, one a line, in the order of the ids."""
        return self._index.lines

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens, in the order of the ids."""
        return tuple(self.lines.split(b"\n")[:-1])

    def __len__(self) -> int:
        """Return the number of ids, padding and unknown included: the rows of the embedding."""
        return len(self._index) + FIRST_TOKEN

    def encode(
        self, documents: Sequence[bytes], *, longest: int, padding: int = 0
    ) -> EncodedDocuments:
        """Return documents, as a tokenizer leaves them, in token ids; see ``TokenIndex``."""
        return self._index.encode(documents, longest, padding)

    def followed_by(self, lines: bytes) -> "Vocabulary":
        """Return the vocabulary with further tokens, one a line, whose ids follow.

        Raises ``ValueError`` as for a new one.
        """
        return Vocabulary(self.lines + lines) if lines else self

    def save(self, path: Path) -> None:
        """Write one token a line, in the order of the ids."""
        path.write_bytes(self.lines)
