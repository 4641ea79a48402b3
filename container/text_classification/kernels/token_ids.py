"""The kernels of tokens.c: from documents to token ids, without a Python object a token."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from text_classification.kernels import reference
from text_classification.kernels.arrays import Ids, Indices
from text_classification.kernels.library import address, library, library_for

_LINE_BREAK = ord("\n")
# To find a token takes as long as to read some of a table's numbers for each of its bytes.
NUMBERS_A_BYTE = 32


@dataclass(frozen=True)
class EncodedDocuments:
    """Documents as a model reads them.

    ids: int32, of all documents, cut and padded; offsets: int64 [documents + 1], document b is
    ``ids[offsets[b]:offsets[b + 1]]``. tokens, unknown_tokens: int64 [documents], how many tokens
    the whole document holds, and how many of them the vocabulary does not.
    """

    ids: Ids
    offsets: Indices
    tokens: Indices
    unknown_tokens: Indices


class VocabularyStructure(ctypes.Structure):
    """An index as tokens.c reads it."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("lines", "starts", "slots")),
        ("mask", ctypes.c_uint64),
    )


class TokenIndex:
    """The tokens of a vocabulary, found by their bytes; plain arrays, which processes can share."""

    def __init__(self, lines: bytes) -> None:
        """Index the tokens in ``lines``, one a line; they get their ids in this order.

        Raises ``ValueError`` when the last line is cut off, a line is empty or stands twice, or
        lines were chosen to collide.
        """
        if lines and not lines.endswith(b"\n"):
            raise ValueError("the last line is cut off")
        self._lines = np.frombuffer(lines, np.uint8)
        breaks = np.flatnonzero(self._lines == _LINE_BREAK)
        self._starts: Indices = np.concatenate([[0], breaks + 1]).astype(np.int64)
        count = len(self)
        self._slots = np.zeros(1 << (2 * count).bit_length(), np.uint64)
        self._ids: dict[bytes, int] = {}
        self._lay_down()
        compiled = library()
        if compiled is None:
            self._ids = reference.index_tokens(lines)
            distinct = len(self._ids)
        else:
            distinct = compiled.index_tokens(self._vocabulary_at, count)
        if distinct != count or (np.diff(self._starts) == 1).any():
            raise ValueError("a line is empty or stands twice, or lines were chosen to collide")

    def __getstate__(self) -> tuple[Any, ...]:
        """Copy all but the addresses, which are those of this object's arrays."""
        return self._lines, self._starts, self._slots, self._ids

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._lines, self._starts, self._slots, self._ids = state
        self._lay_down()

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self._starts) - 1

    @property
    def lines(self) -> bytes:
        """The tokens, one a line, in the order of their ids."""
        return self._lines.tobytes()

    def encode(self, documents: Sequence[bytes], longest: int, padding: int) -> EncodedDocuments:
        """Return documents, tokens in UTF-8 set apart by spaces, as token ids.

        Each is cut to its first ``longest`` tokens and followed by up to ``padding`` padding ids,
        together no more than ``longest``.
        """
        text = b"".join([document + b"\n" for document in documents])
        if text.count(b"\n") != len(documents):
            raise ValueError("a document holds a line break")
        compiled = library_for(len(text) * NUMBERS_A_BYTE)
        if compiled is None:
            return EncodedDocuments(*reference.encode_documents(text, self._ids, longest, padding))
        count = len(documents)
        # No document is longer; C adds the number to an address.
        longest = min(longest, len(text) + padding)
        # A token and the space or line break behind it take two bytes at least.
        room = min(len(text) // 2 + count * padding, count * longest)
        ids, numbers = np.empty(room, np.int32), np.empty(3 * count + 1, np.int64)
        total = compiled.encode_documents(
            self._vocabulary_at,
            text,
            len(text),
            count,
            longest,
            padding,
            address(ids),
            address(numbers),
        )
        return EncodedDocuments(
            ids[:total],
            numbers[: count + 1],
            numbers[count + 1 : 2 * count + 1],
            numbers[2 * count + 1 :],
        )

    def _lay_down(self) -> None:
        """Note for C where the arrays lie."""
        arrays = self._lines, self._starts, self._slots
        self.structure = VocabularyStructure(
            *(address(each) for each in arrays), len(self._slots) - 1
        )
        self._vocabulary_at = ctypes.addressof(self.structure)
