"""The encoded corpus: token ids on disk, flat, with offsets."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from text_classification.corpus.vocabulary import PADDING
from text_classification.kernels.arrays import Ids, Indices, Numbers

# Ids counted at a time, so that a corpus larger than the memory still passes.
CHUNK_IDS = 1 << 22


@dataclass(frozen=True)
class Batch:
    """Documents of a training step, flat: document b is ``ids[offsets[b]:offsets[b + 1]]``.

    ids: int32 [n]; offsets: int64 [documents + 1].
    """

    ids: Ids
    offsets: Indices

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.offsets) - 1


@dataclass(frozen=True)
class EncodedCorpus:
    """Documents as token ids.

    ids: int32 [all tokens], mapped from a file; offsets: int64 [documents + 1]. Document ``i`` is
    ``ids[offsets[i]:offsets[i + 1]]``. numbers: int32, what each of these ids is read as; None for
    as it stands. So one file serves any number of vocabularies at a time.
    """

    ids: Ids
    offsets: Indices
    numbers: Ids | None = None

    @classmethod
    def map(cls, path: Path, offsets: Indices) -> "EncodedCorpus":
        """Return the corpus in the file at ``path``: int32 in the machine's byte order."""
        total = int(offsets[-1])
        # An empty file cannot be mapped.
        ids = np.memmap(path, np.int32, "r", shape=(total,)) if total else np.zeros(0, np.int32)
        return cls(ids, offsets)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process map the file as well, rather than send it a copy."""
        if isinstance(self.ids, np.memmap):
            return _map_renumbered, (Path(str(self.ids.filename)), self.offsets, self.numbers)
        return EncodedCorpus, (self.ids, self.offsets, self.numbers)

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.offsets) - 1

    @property
    def arrays(self) -> tuple[Ids | Indices, ...]:
        """Everything that makes the corpus."""
        stored = self.ids, self.offsets
        return stored if self.numbers is None else (*stored, self.numbers)

    def renumbered(self, numbers: Ids | None) -> "EncodedCorpus":
        """Return the same documents, each id read as ``numbers[id]``; nothing is copied.

        None reads them as they are stored.
        """
        return replace(self, numbers=numbers)

    @property
    def lengths(self) -> Indices:
        """The tokens of each document, int64 [documents]; counted anew, so not for each batch."""
        return np.diff(self.offsets)

    def document(self, index: int) -> Ids:
        """Return the ids of one document."""
        return self._read(self.ids[self.offsets[index] : self.offsets[index + 1]])

    def batch(self, documents: Numbers, longest: int, padding: int) -> "Batch":
        """Return documents cut to their first ``longest`` tokens.

        Each is followed by up to ``padding`` padding ids, together no more than ``longest``.
        """
        starts = self.offsets[documents]
        read = np.minimum(self.offsets[documents + 1] - starts, longest)
        kept = np.minimum(read + padding, longest)
        offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
        places = np.arange(offsets[-1]) - np.repeat(offsets[:-1], kept)
        is_token = places < np.repeat(read, kept)
        ids = np.full(offsets[-1], PADDING, np.int32)
        stored = self.ids[(places + np.repeat(starts, kept))[is_token]]
        ids[is_token] = self._read(stored)
        return Batch(ids, offsets)

    def token_counts(self, documents: Numbers, size: int) -> Indices:
        """Return how often each of ``size`` ids occurs in ``documents``: int64 [size]."""
        chosen = np.zeros(len(self), dtype=bool)
        chosen[documents] = True
        counts = np.zeros(size, dtype=np.int64)
        for start, stop in _chunks(self.offsets):
            inside = np.repeat(chosen[start:stop], np.diff(self.offsets[start : stop + 1]))
            ids = self.ids[self.offsets[start] : self.offsets[stop]]
            counts += np.bincount(self._read(ids[inside]), minlength=size)
        return counts

    def counts_of(self, token: int, documents: Numbers) -> Indices:
        """Return how often an id occurs in each of some documents: int64 [n]."""
        lengths = self.offsets[documents + 1] - self.offsets[documents]
        longest = int(lengths.max(initial=0))
        counts = np.zeros(len(documents), np.int64)
        for start, stop in _chunks(np.append(0, np.cumsum(lengths))):
            found = self.batch(documents[start:stop], longest, padding=0)
            before = np.append(0, np.cumsum(found.ids == token))
            counts[start:stop] = np.diff(before[found.offsets])
        return counts

    def _read(self, stored: Ids) -> Ids:
        return stored if self.numbers is None else self.numbers[stored]


def _chunks(offsets: Indices) -> list[tuple[int, int]]:
    """Return ranges of documents that hold about ``CHUNK_IDS`` ids each; offsets: [n + 1]."""
    marks = np.arange(0, int(offsets[-1]) + CHUNK_IDS, CHUNK_IDS)
    bounds = np.unique(np.searchsorted(offsets, marks).clip(0, len(offsets) - 1))
    return list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))


def _map_renumbered(path: Path, offsets: Indices, numbers: Ids | None) -> EncodedCorpus:
    return replace(EncodedCorpus.map(path, offsets), numbers=numbers)
