"""The kernels of document_ngrams.c: n-grams counted in documents, and documents as features."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from text_classification.kernels import document_ngrams_reference as reference
from text_classification.kernels.arrays import Floats, Ids, Indices, Numbers
from text_classification.kernels.library import address, check_indices, library, pointer
from text_classification.kernels.pair_index import PairIndex, PairIndexStructure
from text_classification.kernels.parallel import each_part
from text_classification.machine.processors import processor_count

# Pairs are counted in so many parts, each by one thread; see PART_BITS in document_ngrams.c.
PARTS = 4
# Documents whose features a thread writes at a time, and how many such lots before they are moved.
TOGETHER, LOTS = 4096, 32
_PAIR = np.dtype([("key", "i8"), ("count", "i4"), ("document", "i4")])


class _Documents(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("ids", "offsets", "documents", "numbers")),
        ("tokens", ctypes.c_int64),
    )


class _PairCounts(ctypes.Structure):
    _fields_ = (
        ("pairs", ctypes.c_void_p),
        ("slots", ctypes.c_void_p),
        ("mask", ctypes.c_uint64),
        *((name, ctypes.c_int64) for name in ("room", "count", "least")),
        ("part", ctypes.c_uint64),
    )


class _Weights(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("weights", "squares")),
        ("pairs", PairIndexStructure),
        ("pair_weights", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in ("spelled_offsets", "spelled", "spelled_weights")),
        ("first_pair", ctypes.c_int64),
        ("first_character", ctypes.c_int64),
    )


class _Found(ctypes.Structure):
    _fields_ = (
        ("distinct", ctypes.c_void_p),
        ("times", ctypes.c_void_p),
        ("count", ctypes.c_int64),
    )


class Documents:
    """Some documents of a corpus, read where they lie: on disk, say.

    ids, offsets: of the corpus, as in ``EncodedCorpus``; documents: uint32, which of them are read;
    numbers: int32 [tokens], what each id is in the vocabulary, 1 for unknown.
    """

    def __init__(self, ids: Ids, offsets: Indices, documents: Numbers, numbers: Ids) -> None:
        """Take them.

        Raises ``ValueError`` where they do not fit together.
        """
        whole = len(offsets) > 0 and offsets[0] == 0 and offsets[-1] == len(ids)
        if not whole or (offsets[1:] < offsets[:-1]).any():
            raise ValueError("the offsets do not cut the ids into documents")
        check_indices(documents, len(offsets) - 1)
        self.ids, self.offsets, self.documents, self.numbers = ids, offsets, documents, numbers
        arrays = (ids, np.int32), (offsets, np.int64), (documents, np.uint32), (numbers, np.int32)
        self.structure = _Documents(*(pointer(*each) for each in arrays), len(numbers))
        compiled = library()
        if compiled is None:
            for document in documents.tolist():
                check_indices(self.document(document), len(numbers))
        else:
            each_part(partial(self._check, compiled), len(documents), processor_count())

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.documents)

    @property
    def lengths(self) -> Indices:
        """The tokens of each document: int64 [documents]."""
        return self.offsets[self.documents + 1] - self.offsets[self.documents]

    def document(self, index: int) -> Ids:
        """Return the ids of one document of the corpus."""
        return self.ids[self.offsets[index] : self.offsets[index + 1]]

    def _check(self, compiled: ctypes.CDLL, first: int, last: int) -> None:
        if not compiled.ids_fit(ctypes.byref(self.structure), first, last):
            raise ValueError(f"an id is not in [0, {len(self.numbers)})")


def token_frequencies(documents: Documents) -> Indices:
    """Return how many of the documents have each token: int64 [tokens]."""
    compiled = library()
    if compiled is None:
        return reference.token_frequencies(documents)
    counts = np.zeros(len(documents.numbers), np.int64)
    seen = np.full(len(counts), -1, np.int32)
    at = ctypes.byref(documents.structure)
    compiled.count_tokens(at, 0, len(documents), address(seen), address(counts))
    return counts


def pair_frequencies(documents: Documents, room: int) -> tuple[Indices, Indices]:
    """Return pairs of adjacent known words, and how many of the documents have each.

    room: the most pairs that are counted at a time. Where there are more, those of the fewest
    documents are dropped; one that comes back is counted from then on. Returns keys, int64, the id
    of the first word times 2**32 plus that of the second; and int64 counts.
    """
    compiled = library()
    room = room_of_a_part(documents, room)
    if compiled is None:
        return reference.pair_frequencies(documents, room, PARTS)
    found: list[tuple[Indices, Indices]] = [reference.NOTHING] * PARTS

    def count(first: int, last: int) -> None:
        for part in range(first, last):
            found[part] = _counted_part(compiled, documents, room, part)

    each_part(count, PARTS, min(processor_count(), PARTS))
    keys, counts = zip(*found, strict=True)
    return np.concatenate(keys), np.concatenate(counts)


def room_of_a_part(documents: Documents, room: int) -> int:
    """Return the room for the pairs of one part: none needs more than there are tokens."""
    return min(room // PARTS, int(documents.lengths.sum())) + 1


def _counted_part(
    compiled: ctypes.CDLL, documents: Documents, room: int, part: int
) -> tuple[Indices, Indices]:
    pairs = np.empty(room, _PAIR)
    slots = np.zeros(1 << (2 * room).bit_length(), np.uint32)
    table = _PairCounts(address(pairs), address(slots), len(slots) - 1, room, 0, 0, part)
    at = ctypes.byref(documents.structure)
    compiled.count_pairs(at, 0, len(documents), ctypes.byref(table))
    kept = pairs[: table.count]
    return kept["key"].copy(), kept["count"].astype(np.int64)


@dataclass(frozen=True)
class FeatureWeights:
    """How much each n-gram counts, and its column.

    tokens: float32 [tokens]; squares: float32 [tokens], what each adds to the square of a
    document's length; pairs: float32, of the pairs in ``index``. A token's character n-grams are
    ``spelled[spelled_offsets[token]:spelled_offsets[token + 1]]``, and how much each counts in
    ``spelled_weights``. The columns: words by id, then pairs, then ``characters`` of the last.
    """

    tokens: Floats
    squares: Floats
    index: PairIndex
    pairs: Floats
    spelled_offsets: Indices
    spelled: Ids
    spelled_weights: Floats
    words: int
    characters: int

    def __post_init__(self) -> None:
        """Raise ``ValueError`` where they do not fit together."""
        offsets = self.spelled_offsets
        whole = len(offsets) == len(self.tokens) + 1 and offsets[0] == 0
        if not whole or (offsets[1:] < offsets[:-1]).any() or offsets[-1] != len(self.spelled):
            raise ValueError("the offsets do not cut the character n-grams into tokens")
        sizes = len(self.tokens), len(self.index), len(self.spelled)
        if sizes != (len(self.squares), len(self.pairs), len(self.spelled_weights)):
            raise ValueError("weights do not fit the n-grams")
        check_indices(self.spelled, self.characters)

    @property
    def columns(self) -> int:
        """How many features there are."""
        return self.words + len(self.index) + self.characters

    @property
    def structure(self) -> _Weights:
        """What C reads."""
        return _Weights(
            pointer(self.tokens, np.float32),
            pointer(self.squares, np.float32),
            self.index.structure,
            pointer(self.pairs, np.float32),
            pointer(self.spelled_offsets, np.int64),
            pointer(self.spelled, np.int32),
            pointer(self.spelled_weights, np.float32),
            self.words,
            self.words + len(self.index),
        )


# Values float32 and columns int32 of all documents, one behind the other, and int64 offsets.
Features = tuple[Floats, Ids, Indices]


def features_of(documents: Documents, weights: FeatureWeights) -> Features:
    """Return the features of documents, each scaled to length 1.

    Document d has those from ``offsets[d]`` to ``offsets[d + 1]``, each once, in no order.
    """
    if len(documents.numbers) != len(weights.tokens):
        raise ValueError("the documents are of other tokens than the weights")
    check_indices(documents.numbers, weights.words)
    compiled = library()
    if compiled is None:
        return reference.features_of(documents, weights)
    return _Writer(compiled, documents, weights).all()


class _Writer:
    """Writes lots of documents, each where there is room for all that it may have."""

    def __init__(
        self, compiled: ctypes.CDLL, documents: Documents, weights: FeatureWeights
    ) -> None:
        self._compiled, self._documents, self._weights = compiled, documents, weights
        self._starts = np.append(np.arange(0, len(documents), TOGETHER), len(documents))
        most = np.concatenate([[0], np.cumsum(_most_features(documents, weights))])
        self._rooms: Indices = most[self._starts]
        # What no feature comes to is never touched, and takes no memory.
        self._values = np.empty(self._rooms[-1], np.float32)
        self._features = np.empty(self._rooms[-1], np.int32)
        self._lengths = np.zeros(len(documents), np.int64)

    def all(self) -> Features:
        """Write all lots, some at a time: those are moved together before the next are written."""
        end, lots = 0, len(self._starts) - 1
        for first in range(0, lots, LOTS):
            end = self._write_some(first, min(first + LOTS, lots), end)
        offsets: Indices = np.concatenate([[0], np.cumsum(self._lengths)])
        return self._values[:end], self._features[:end], offsets

    def _write_some(self, first: int, last: int, begin: int) -> int:
        """Write some lots from a place on, and return where they end."""
        places = (self._rooms[first:last] - self._rooms[first] + begin).tolist()
        each_part(partial(self._write, first, places), last - first, processor_count())
        for lot, place in enumerate(places, first):
            count = int(self._lengths[slice(*self._starts[lot : lot + 2])].sum())
            for array in (self._values, self._features):
                array[begin : begin + count] = array[place : place + count]
            begin += count
        return begin

    def _write(self, before: int, places: Sequence[int], first: int, last: int) -> None:
        """Write some of the lots that follow so many others, each to its place."""
        sizes = len(self._weights.tokens), len(self._weights.index), self._weights.characters
        scratch = [(np.empty(size, np.int32), np.zeros(size, np.float32)) for size in sizes]
        found = (_Found * 3)(*(_Found(*map(address, each), 0) for each in scratch))
        structures = self._documents.structure, self._weights.structure
        for lot in range(first, last):
            begin, end = self._starts[before + lot : before + lot + 2].tolist()
            self._compiled.write_features(
                *map(ctypes.byref, structures),
                begin,
                end,
                found,
                address(self._lengths[begin:]),
                address(self._values[places[lot] :]),
                address(self._features[places[lot] :]),
            )


def _most_features(documents: Documents, weights: FeatureWeights) -> Indices:
    """Return how many features each document has at most: int64 [documents]."""
    most = 2 * documents.lengths
    if weights.characters:
        spelled = np.diff(weights.spelled_offsets)
        for place, document in enumerate(documents.documents.tolist()):
            most[place] += spelled[documents.document(document)].sum()
    return most
