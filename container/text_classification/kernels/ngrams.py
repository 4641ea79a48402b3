"""The kernel of ngrams.c: logits from word and character n-grams, no Python object a token."""

import ctypes
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from text_classification.kernels import ngram_reference
from text_classification.kernels.arrays import Floats, Ids, Indices
from text_classification.kernels.library import (
    address,
    check_indices,
    library_for,
    pointer,
)
from text_classification.kernels.pair_index import PairIndex, PairIndexStructure
from text_classification.kernels.token_ids import TokenIndex, VocabularyStructure

# A byte of a word that is not known costs several look-ups, each of a row of all classes; to find
# and to add one takes as long as to read so many numbers of a table, for each 16 classes.
NUMBERS_A_BYTE = 256
CLASSES = 16
_ENTRY = np.dtype([("key", "u8"), ("token", "u8"), ("length", "i8"), ("count", "i8")])


class _Ngrams(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in ("classes", "known")),
        *((name, ctypes.c_void_p) for name in ("words", "word_squares")),
        ("pairs", PairIndexStructure),
        *((name, ctypes.c_void_p) for name in ("pair_rows", "pair_squares")),
        ("characters", VocabularyStructure),
        *((name, ctypes.c_void_p) for name in ("character_rows", "character_squares")),
        ("strange", ctypes.c_double),
        ("multiplier", ctypes.c_uint64),
    )


@dataclass(frozen=True)
class Rows:
    """What n-grams of one kind add: rows float32 [n, classes], squares float32 [n]."""

    rows: Floats
    squares: Floats


class NgramTables:
    """The n-grams of a model; it is not changed by use, so threads and processes may share it.

    words: by token id; one whose id is beyond them is as one that is unknown; pair_rows: of
    ``pairs``, int32 [n, 2], the ids of two adjacent words; character_rows: of the character n-grams
    in ``lines``, one a line; strange: how much a word counts that is unknown; further: words that
    have the last rows, beyond those of the network's vocabulary, one a line.
    """

    def __init__(  # noqa: PLR0913 - what a model's file holds
        self,
        words: Rows,
        *,
        pairs: Ids,
        pair_rows: Rows,
        lines: bytes,
        character_rows: Rows,
        strange: float,
        further: bytes = b"",
    ) -> None:
        """Index pairs and character n-grams.

        Raises ``ValueError`` where the parts do not fit together, and where pairs or lines stand
        twice or were chosen to collide.
        """
        self.words, self.pair_rows = words, pair_rows
        self.character_rows, self.strange = character_rows, strange
        self.further = further
        self.classes = words.rows.shape[1]
        self._index = PairIndex(pairs)
        check_indices(pairs.ravel(), len(words.rows))
        sizes = len(words.rows), len(pairs), lines.count(b"\n")
        for size, each in zip(sizes, (words, pair_rows, character_rows), strict=True):
            if each.rows.shape != (size, self.classes) or each.squares.shape != (size,):
                raise ValueError("the n-grams' rows do not fit together")
        self.characters = TokenIndex(lines)
        self._tables = self._described()

    def __getstate__(self) -> dict[str, Any]:
        """Copy all but the addresses, which are those of this object's arrays, and what follows."""
        left_out = {"_tables", "character_numbers"}
        return {name: value for name, value in vars(self).items() if name not in left_out}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._tables = self._described()

    @property
    def pairs(self) -> Ids:
        """The pairs in the order of their rows: int32 [n, 2]."""
        return self._index.pairs

    @property
    def numbers(self) -> dict[tuple[int, int], int]:
        """The number of each pair."""
        return self._index.numbers

    @property
    def lines(self) -> bytes:
        """The character n-grams, one a line, in the order of their rows."""
        return self.characters.lines

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All numbers by name; with both lists of lines they make the same tables again."""
        parts = {"words": self.words, "pairs": self.pair_rows, "characters": self.character_rows}
        return {
            **{f"{name}.rows": part.rows for name, part in parts.items()},
            **{f"{name}.squares": part.squares for name, part in parts.items()},
            "pairs": self.pairs,
            "strange": np.array([self.strange], np.float32),
        }

    @classmethod
    def of(
        cls, arrays: Mapping[str, npt.NDArray[Any]], lines: bytes, further: bytes = b""
    ) -> "NgramTables":
        """Return the tables that ``arrays``, ``lines`` and ``further`` are of.

        Raises ``ValueError`` when some are missing, out of shape or no numbers: they may come from
        anyone.
        """
        names = "words", "pairs", "characters"
        needed = {f"{name}.{part}" for name in names for part in ("rows", "squares")}
        if set(arrays) != {*needed, "pairs", "strange"} or arrays["pairs"].dtype != np.int32:
            raise ValueError("the arrays are not those of n-grams")
        for name in (*needed, "strange"):
            if arrays[name].dtype != np.float32 or not np.isfinite(arrays[name]).all():
                raise ValueError(f"{name} holds other than finite float32 numbers")
            if not name.endswith(".rows") and (arrays[name] < 0).any():
                raise ValueError(f"{name} holds numbers below 0")
        if arrays["words.rows"].ndim != 2 or arrays["strange"].shape != (1,):  # noqa: PLR2004
            raise ValueError("the n-grams' rows do not fit together")
        words, pairs, characters = (
            Rows(arrays[f"{name}.rows"], arrays[f"{name}.squares"]) for name in names
        )
        strange = float(arrays["strange"][0])
        return cls(
            words,
            pairs=arrays["pairs"],
            pair_rows=pairs,
            lines=lines,
            character_rows=characters,
            strange=strange,
            further=further,
        )

    def scaled(self, factor: float) -> "NgramTables":
        """Return tables whose logits are ``factor`` times these."""
        arrays = {
            name: array * np.float32(factor) if name.endswith(".rows") else array
            for name, array in self.arrays.items()
        }
        return NgramTables.of(arrays, self.lines, self.further)

    @cached_property
    def character_numbers(self) -> dict[bytes, int]:
        """The number of each character n-gram."""
        return {line: n for n, line in enumerate(self.lines.split(b"\n")[:-1])}

    def logits(self, documents: Sequence[bytes], ids: Ids, offsets: Indices) -> Floats:
        """Return what the n-grams of documents add to their logits: float32 [documents, classes].

        documents: as a tokenizer leaves them; ids: those of all their tokens, document b
        ``ids[offsets[b]:offsets[b + 1]]``.
        """
        if len(offsets) != len(documents) + 1:
            raise ValueError("the offsets are not those of the documents")
        lengths = np.diff(offsets)
        if (lengths < 0).any() or offsets[0] != 0 or offsets[-1] != len(ids):
            raise ValueError("the offsets do not cut the ids into documents")
        if len(ids) and ids.min() < 0:
            raise ValueError("an id is below 0")
        text = b"".join([document + b"\n" for document in documents])
        if text.count(b"\n") != len(documents):
            raise ValueError("a document holds a line break")
        compiled = library_for(len(text) * NUMBERS_A_BYTE * (1 + self.classes // CLASSES))
        if compiled is None:
            return ngram_reference.logits(self, documents, ids, offsets)
        longest = int(lengths.max(initial=0))
        logits = np.empty((len(documents), self.classes), np.float32)
        scratch = (
            np.empty(2 * longest, _ENTRY),
            np.empty(1 << (4 * longest + 1).bit_length(), np.uint32),
            np.empty(len(text) + 2, np.uint8),
            np.empty(self.classes, np.float32),
        )
        compiled.ngram_logits(
            ctypes.byref(self._tables),
            text,
            pointer(ids, np.int32),
            pointer(offsets, np.int64),
            len(documents),
            *(array.ctypes.data for array in scratch),
            address(logits),
        )
        return logits

    def _described(self) -> _Ngrams:
        def rows(each: Rows) -> tuple[int, int]:
            return pointer(each.rows, np.float32), pointer(each.squares, np.float32)

        return _Ngrams(
            self.classes,
            len(self.words.rows),
            *rows(self.words),
            self._index.structure,
            *rows(self.pair_rows),
            self.characters.structure,
            *rows(self.character_rows),
            self.strange,
            # No caller can know it, nor choose words that collide; answers do not depend on it.
            int.from_bytes(os.urandom(8), "little") | 1,
        )
