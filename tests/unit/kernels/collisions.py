"""Keys that somebody has chosen so that they lie in one another's way in a hash table.

The hashes are those of vocabulary.h and ngrams.c.
"""

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Ids

Hashes = npt.NDArray[np.uint64]

# All keys lie in so small a part of the table.
PART = 1024
_LETTERS = 5
_FIRST_HASH, _FACTOR = 0xCBF29CE484222325, np.uint64(0x100000001B3)
_GOLDEN, _UPPER = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


def slots_of(count: int) -> int:
    """Return the size of a table of so many tokens or pairs."""
    return 1 << (2 * count).bit_length()


def colliding_tokens(count: int) -> list[bytes]:
    """Return tokens that collide in the index of a vocabulary."""
    words = _words(count)
    return _chosen(words, _hashes(words) >> np.uint64(20), count, slots_of(count))


def colliding_words(count: int) -> list[bytes]:
    """Return unknown words that would collide in a document, if nothing were drawn at random."""
    words = _words(count)
    places = _mixed(_hashes(words) | np.uint64(1 << 63))
    return _chosen(words, places, count, 1 << (4 * count).bit_length())


def colliding_pairs(count: int) -> Ids:
    """Return pairs that collide in their index: int32 [count, 2]."""
    ids = np.arange(round((1.3 * PART * count) ** 0.5), dtype=np.uint64)
    keys = (ids[:, None] << _UPPER | ids).ravel()
    (chosen,) = np.nonzero(_mixed(keys) & np.uint64(slots_of(count) - 1) < slots_of(count) // PART)
    assert len(chosen) >= count
    return np.stack([chosen // len(ids), chosen % len(ids)], axis=1)[:count].astype(np.int32)


def _words(count: int) -> npt.NDArray[np.uint8]:
    """Return enough words to choose so many from: uint8 [n, letters]."""
    numbers = np.arange(round(1.3 * PART * count), dtype=np.int64)
    letters = [(numbers // 26**place % 26).astype(np.uint8) for place in range(_LETTERS)]
    return np.stack(letters, axis=1) + np.uint8(ord("a"))


def _chosen(words: npt.NDArray[np.uint8], places: Hashes, count: int, slots: int) -> list[bytes]:
    (chosen,) = np.nonzero(places & np.uint64(slots - 1) < slots // PART)
    assert len(chosen) >= count
    return [bytes(word) for word in words[chosen[:count]]]


def _mixed(keys: Hashes) -> Hashes:
    keys = keys * _GOLDEN
    return keys ^ keys >> _UPPER


def _hashes(words: npt.NDArray[np.uint8]) -> Hashes:
    hashes = np.full(len(words), _FIRST_HASH, np.uint64)
    for column in words.T:
        hashes = (hashes ^ column) * _FACTOR
    return (hashes ^ hashes >> _UPPER) * _GOLDEN
