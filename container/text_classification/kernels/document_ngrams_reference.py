"""What document_ngrams.c computes, document by document; for where no compiler was found."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from text_classification.kernels.arrays import Floats, Ids, Indices

if TYPE_CHECKING:
    from text_classification.kernels.document_ngrams import Documents, FeatureWeights

FIRST_TOKEN = 2
NOTHING: tuple[Indices, Indices] = (np.zeros(0, np.int64), np.zeros(0, np.int64))
_GOLDEN, _WORD = 0x9E3779B97F4A7C15, 1 << 64


def token_frequencies(documents: "Documents") -> Indices:
    """Return how many of the documents have each token: int64 [tokens]."""
    counts = np.zeros(len(documents.numbers), np.int64)
    for index in documents.documents.tolist():
        counts[np.unique(documents.document(index))] += 1
    return counts


def pair_frequencies(documents: "Documents", room: int, parts: int) -> tuple[Indices, Indices]:
    """Return the keys and counts of pairs, with ``room`` for those of each of the parts."""
    counted: list[dict[int, tuple[int, int]]] = [{} for _ in range(parts)]
    least = [0] * parts
    for document, index in enumerate(documents.documents.tolist()):
        for key in _pairs(documents, index):
            part = _mixed(key) * parts >> 64
            found = counted[part]
            count, last = found.get(key, (0, -1))
            found[key] = count + (last != document), document
            if last < 0 and len(found) == room:
                counted[part], least[part] = _dropped(found, room, least[part])
    keys = [key for found in counted for key in found]
    counts = [count for found in counted for count, _ in found.values()]
    return np.array(keys, np.int64), np.array(counts, np.int64)


def features_of(documents: "Documents", weights: "FeatureWeights") -> tuple[Floats, Ids, Indices]:
    """Return the features of documents: see ``document_ngrams.features_of``."""
    rows = [_features(documents, index, weights) for index in documents.documents.tolist()]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    values = np.array([value for row in rows for value in row.values()], np.float32)
    columns = np.array([column for row in rows for column in row], np.int32)
    return values, columns, offsets.astype(np.int64)


def _pairs(documents: "Documents", index: int) -> Iterator[int]:
    numbers = documents.numbers[documents.document(index)].tolist()
    for before, number in pairwise(numbers):
        if before >= FIRST_TOKEN and number >= FIRST_TOKEN:
            yield before << 32 | number


def _mixed(key: int) -> int:
    key = key * _GOLDEN % _WORD
    return key ^ key >> 32


def _dropped(
    found: dict[int, tuple[int, int]], room: int, least: int
) -> tuple[dict[int, tuple[int, int]], int]:
    """Drop the pairs of the fewest documents until half of the room is free."""
    while sum(count > least for count, _ in found.values()) > room // 2:
        least += 1
    return {key: each for key, each in found.items() if each[0] > least}, least


def _features(documents: "Documents", index: int, weights: "FeatureWeights") -> dict[int, float]:
    row: dict[int, float] = {}
    characters: dict[int, float] = {}
    square = 0.0
    first_character = weights.words + len(weights.index)
    for token, count in Counter(documents.document(index).tolist()).items():
        times = 1 + np.log(count)
        value = float(times * weights.tokens[token])
        square += float(times**2 * weights.squares[token])
        if documents.numbers[token] >= FIRST_TOKEN:
            row[int(documents.numbers[token])] = value
        own = slice(*weights.spelled_offsets[token : token + 2].tolist())
        for character, share in zip(
            weights.spelled[own].tolist(), weights.spelled_weights[own].tolist(), strict=True
        ):
            column = first_character + character
            characters[column] = characters.get(column, 0) + value * share
    for key, count in Counter(_pairs(documents, index)).items():
        pair = weights.index.numbers.get((key >> 32, key & 0xFFFFFFFF))
        if pair is not None:
            row[weights.words + pair] = float((1 + np.log(count)) * weights.pairs[pair])
            square += row[weights.words + pair] ** 2
    row.update(characters)
    return {column: value / square**0.5 for column, value in row.items()}
