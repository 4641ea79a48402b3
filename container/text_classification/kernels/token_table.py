"""The kernels of token_table.c: number the tokens of texts in order of appearance."""

import ctypes
import secrets
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from text_classification.kernels import token_table_reference as reference
from text_classification.kernels.arrays import Ids, Indices, Rules
from text_classification.kernels.library import address, library, pointer
from text_classification.kernels.token_ids import VocabularyStructure

Number = TypeVar("Number", bound=np.generic)

# As in token_table.c: the table has room for so many tokens more before they are looked up.
TOGETHER = 64
_FIRST_ROOM = 1 << 12
_FIRST_BYTES = 1 << 15
# Ids are int32.
_MOST_TOKENS = 1 << 31


class _Table(ctypes.Structure):
    """``TokenTable`` of token_table.c."""

    _fields_ = (
        ("known", VocabularyStructure),
        *((name, ctypes.c_int64) for name in ("tokens", "token_room", "bytes", "byte_room")),
        ("first_hash", ctypes.c_uint64),
    )


class _Documents(ctypes.Structure):
    """``Documents`` of token_table.c."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("text", "ends", "chosen", "rules")),
        ("documents", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in ("scratch", "ids", "lengths")),
        *((name, ctypes.c_int64) for name in ("document", "at", "written", "needed")),
    )


class TokenTable:
    """Gives each distinct token a number: 0, 1, 2, ... in order of appearance.

    Not for several threads at a time.
    """

    def __init__(self, rules: Rules) -> None:
        """Take the rules that documents may be cut by, uint16 [2, 256]: see token_table.c.

        A line break must be no part of a token.
        """
        if rules.shape != (2, 256) or rules.dtype != np.uint16:
            raise ValueError("rules are two rows of a number for each byte")
        if (rules & 0xFF == ord("\n")).any():
            raise ValueError("a token may not hold a line break")
        self._rules = np.ascontiguousarray(rules)
        self._known: dict[bytes, int] = {}
        self._lines: npt.NDArray[np.uint8] = np.zeros(_FIRST_BYTES, np.uint8)
        self._starts: Indices = np.zeros(_FIRST_ROOM + 1, np.int64)
        self._table = _Table(first_hash=secrets.randbits(64))
        self._lay_down()

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self._known) or int(self._table.tokens)

    @property
    def lines(self) -> bytes:
        """The tokens, each with a line break behind it, in the order of their numbers."""
        if self._known:
            return b"".join([token + b"\n" for token in self._known])
        return self._lines[: self._table.bytes].tobytes()

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens, in the order of their numbers."""
        return tuple(self.lines.split(b"\n")[:-1])

    def number(self, documents: Sequence[bytes], chosen: Sequence[int]) -> tuple[Ids, Indices]:
        """Return the numbers of all tokens, int32 [tokens], and how many each document has.

        chosen: by which of the two rules each document is cut. New tokens get the next numbers.
        """
        text = np.frombuffer(b"".join(documents), np.uint8)
        ends = np.cumsum([len(document) for document in documents], dtype=np.int64)
        return self.number_joined(text, ends, np.array(chosen, np.uint8))

    def number_joined(
        self, text: npt.NDArray[np.uint8], ends: Indices, chosen: npt.NDArray[np.uint8]
    ) -> tuple[Ids, Indices]:
        """Return the same of documents that stand one behind the other, each up to its end."""
        if len(chosen) != len(ends) or (chosen > 1).any():
            raise ValueError("each document is cut by rule 0 or 1")
        bounds = np.concatenate([[0], ends])
        if (np.diff(bounds) < 0).any() or bounds[-1] != len(text):
            raise ValueError("documents do not end one behind the other")
        compiled = library()
        if compiled is None:
            return self._by_reference(text.tobytes(), bounds.tolist(), chosen.tolist())
        ids, scratch = np.empty(len(text), np.int32), np.empty(len(text), np.uint8)
        lengths = np.zeros(len(ends), np.int64)
        asked = _Documents(
            pointer(text, np.uint8),
            pointer(ends, np.int64),
            pointer(chosen, np.uint8),
            address(self._rules),
            len(ends),
            *(address(each) for each in (scratch, ids, lengths)),
        )
        while not compiled.number_tokens(ctypes.addressof(self._table), ctypes.addressof(asked)):
            self._grow(int(asked.needed))
            compiled.index_numbered(ctypes.addressof(self._table))
        return ids[: asked.written].copy(), lengths

    def _by_reference(
        self, text: bytes, bounds: Sequence[int], chosen: Sequence[int]
    ) -> tuple[Ids, Indices]:
        documents = [text[start:end] for start, end in pairwise(bounds)]
        rows = reference.number_tokens(documents, chosen, self._rules, self._known)
        numbers = [number for row in rows for number in row]
        return np.array(numbers, np.int32), np.array([len(row) for row in rows], np.int64)

    def _grow(self, needed: int) -> None:
        """Make room for more tokens, and for so many bytes of lines in all."""
        tokens, held = int(self._table.tokens), int(self._table.bytes)
        if tokens + TOGETHER >= _MOST_TOKENS:
            raise MemoryError
        if tokens + TOGETHER > self._table.token_room:
            self._starts = _enlarged(self._starts, tokens + 1, 2 * len(self._starts) - 1)
        if needed > len(self._lines):
            self._lines = _enlarged(self._lines, held, max(needed, 2 * len(self._lines)))
        self._lay_down()

    def _lay_down(self) -> None:
        """Make slots for the room there is, and note for C where the arrays lie."""
        table, room = self._table, len(self._starts) - 1
        self._slots = np.zeros(1 << (2 * room - 1).bit_length(), np.uint64)
        arrays = self._lines, self._starts, self._slots
        table.known = VocabularyStructure(*(address(each) for each in arrays), len(self._slots) - 1)
        table.token_room, table.byte_room = room, len(self._lines)


def _enlarged(array: npt.NDArray[Number], used: int, size: int) -> npt.NDArray[Number]:
    larger = np.zeros(size, array.dtype)
    larger[:used] = array[:used]
    return larger
