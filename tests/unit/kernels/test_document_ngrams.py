"""document_ngrams.c: held to its reference."""

import math
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import DocumentCase, dense
from text_classification.kernels import document_ngrams, document_ngrams_reference
from text_classification.kernels.document_ngrams import (
    PARTS,
    Documents,
    FeatureWeights,
    features_of,
    pair_frequencies,
    token_frequencies,
)
from text_classification.kernels.pair_index import PairIndex

KNOWN = np.array([2, 3, 1, 4], np.int32)


def documents_of(*documents: list[int]) -> Documents:
    """Return documents of the tokens 0 to 3, of which 2 is unknown."""
    offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    ids = np.array([token for document in documents for token in document], np.int32)
    return Documents(ids, offsets, np.arange(len(documents), dtype=np.uint32), KNOWN)


def counted(documents: Documents, room: int = 1000) -> dict[tuple[int, int], int]:
    """Return the documents of each pair."""
    keys, counts = pair_frequencies(documents, room)
    pairs = [(key >> 32, key & 0xFFFFFFFF) for key in keys.tolist()]
    return dict(zip(pairs, counts.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_kernel_and_reference_agree(seed: int) -> None:
    """Counts, those of pairs for which there is little room too, and features."""
    case = DocumentCase(seed)
    documents, weights = case.documents, case.weights
    found = token_frequencies(documents), pair_frequencies(documents, case.room)
    features = features_of(documents, weights)
    with without_compiled_kernels():
        expected = token_frequencies(documents), pair_frequencies(documents, case.room)
        wanted = features_of(documents, weights)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])
    columns = weights.columns
    np.testing.assert_allclose(dense(features, columns), dense(wanted, columns), rtol=1e-5)


def test_pairs_by_hand() -> None:
    """Each document counts once, and an unknown word is in no pair."""
    found = counted(documents_of([0, 1, 0, 1], [0, 1, 2, 3], [], [3, 3]))
    assert found == {(2, 3): 2, (3, 2): 1, (4, 4): 1}


def test_rare_pairs_are_dropped_where_there_is_no_room() -> None:
    """Frequent ones keep their counts, whatever comes between."""
    generator = np.random.default_rng(0)
    rare = [[int(one), int(other)] for one, other in generator.integers(2, 400, (2000, 2))]
    rows = [[0, 1, *pair] for pair in rare]
    numbers = np.arange(2, 402, dtype=np.int32)
    offsets = np.arange(0, 4 * len(rows) + 1, 4, dtype=np.int64)
    ids = np.array(rows, np.int32).ravel()
    documents = Documents(ids, offsets, np.arange(len(rows), dtype=np.uint32), numbers)
    found = counted(documents, room=200)
    assert len(found) <= 200 + PARTS
    assert found[2, 3] == len(rows)


def test_features_by_hand() -> None:
    """Words, one of them twice, one that is unknown and spelled, and a pair; of length 1."""
    weights = FeatureWeights(
        np.array([1, 2, 3, 4], np.float32),
        np.array([1, 4, 9, 16], np.float32),
        PairIndex(np.array([[2, 3], [4, 4]], np.int32)),
        np.array([5, 6], np.float32),
        np.array([0, 0, 0, 2, 2], np.int64),
        np.array([0, 1], np.int32),
        np.full(2, 0.5, np.float32),
        words=5,
        characters=2,
    )
    found = dense(features_of(documents_of([0, 1, 0, 2]), weights), 9)[0]
    twice = 1 + math.log(2)
    length = math.sqrt(twice**2 + 4 + 9 + 25)
    expected = np.array([0, 0, twice, 2, 0, 5, 0, 1.5, 1.5]) / length
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_documents_are_the_same_however_many_threads_write_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has a place of its own, however many lots are written before they are moved."""
    monkeypatch.setattr(document_ngrams, "TOGETHER", 2)
    case = next(each for each in map(DocumentCase, range(99)) if len(each.documents) > 7)
    found = []
    for count, lots in ((1, 32), (2, 1), (3, 2)):
        monkeypatch.setattr(document_ngrams, "processor_count", lambda count=count: count)
        monkeypatch.setattr(document_ngrams, "LOTS", lots)
        found.append(
            (features_of(case.documents, case.weights), pair_frequencies(case.documents, 40))
        )
    for features, pairs in found[1:]:
        for one, other in zip((*features, *pairs), (*found[0][0], *found[0][1]), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    "wrong",
    [
        {"ids": np.array([0, 4, 1], np.int32)},
        {"ids": np.array([0, -1, 1], np.int32)},
        {"ids": np.array([0, 1, 1])},
        {"offsets": np.array([0, 2, 4])},
        {"offsets": np.array([0, 3, 2, 3])},
        {"offsets": np.array([], np.int64)},
        {"documents": np.array([2], np.uint32)},
        {"documents": np.array([1])},
        {"documents": np.array([-1])},
    ],
    ids=str,
)
def test_documents_that_do_not_fit_are_refused(wrong: dict[str, Any], *, compiled: bool) -> None:
    """C trusts them."""
    given: dict[str, Any] = {
        "ids": np.array([0, 1, 1], np.int32),
        "offsets": np.array([0, 2, 3]),
        "documents": np.array([1, 0], np.uint32),
        "numbers": KNOWN,
    }
    Documents(**given)
    kernels = nullcontext() if compiled else without_compiled_kernels()
    with kernels, pytest.raises(ValueError, match=r"not in|fit|cut|contiguous"):
        Documents(**{**given, **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"squares": np.ones(3, np.float32)},
        {"pairs": np.ones(2, np.float32)},
        {"spelled_offsets": np.array([0, 2, 1, 2, 2])},
        {"spelled_offsets": np.array([0, 2])},
        {"spelled": np.array([0, 2], np.int32)},
        {"spelled_weights": np.ones(1, np.float32)},
        {"words": 4},
        {"tokens": np.ones(5, np.float32)},
    ],
    ids=str,
)
def test_weights_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    """Here too."""
    given: dict[str, Any] = {
        "tokens": np.ones(4, np.float32),
        "squares": np.ones(4, np.float32),
        "index": PairIndex(np.array([[2, 3]], np.int32)),
        "pairs": np.ones(1, np.float32),
        "spelled_offsets": np.array([0, 1, 2, 2, 2]),
        "spelled": np.array([0, 1], np.int32),
        "spelled_weights": np.ones(2, np.float32),
        "words": 5,
        "characters": 2,
    }
    documents = documents_of([0, 1])
    features_of(documents, FeatureWeights(**given))
    with pytest.raises(ValueError, match=r"not in|fit|cut|other"):
        features_of(documents, FeatureWeights(**{**given, **wrong}))


def test_reference_has_the_kernels_numbers() -> None:
    """What both must agree in, beside the code."""
    assert document_ngrams_reference.FIRST_TOKEN == 2
