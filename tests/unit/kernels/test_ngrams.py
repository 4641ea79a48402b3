"""kernels/ngrams.py: what n-grams add to the logits of documents."""

import copy
import math
import pickle
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import NgramCase
from text_classification.kernels import ngram_reference, ngrams
from text_classification.kernels.library import FEW_NUMBERS
from text_classification.kernels.ngram_reference import character_ngrams, contributions
from text_classification.kernels.ngrams import NgramTables, Rows
from text_classification.kernels.token_ids import TokenIndex

SEEDS = st.integers(0, 2**32 - 1)
# good and bad are known, and the pair of them; of the character n-grams "<ba" and "ad>".
VOCABULARY = b"good\nbad\n"
GOOD, BAD = 2, 3


def rows(values: list[list[float]], squares: list[float]) -> Rows:
    """Return rows of numbers."""
    return Rows(np.array(values, np.float32).reshape(-1, 2), np.array(squares, np.float32))


def small() -> NgramTables:
    """Return a model of two classes that can be computed by hand."""
    return NgramTables(
        rows([[0, 0], [0, 0], [1, -1], [-2, 2]], [0, 0, 4, 9]),
        pairs=np.array([[GOOD, BAD]], np.int32),
        pair_rows=rows([[6, 0]], [3]),
        lines=b"<ba\nad>\n",
        character_rows=rows([[3, 0], [0, 5]], [16, 9]),
        strange=2.0,
    )


def logits(tables: NgramTables, *documents: str) -> list[list[float]]:
    """Return the logits of documents."""
    texts = [document.encode() for document in documents]
    encoded = TokenIndex(VOCABULARY).encode(texts, longest=100, padding=0)
    found: list[list[float]] = tables.logits(texts, encoded.ids, encoded.offsets).tolist()
    return found


@pytest.mark.parametrize("compiled", [True, False])
def test_logits_by_hand(*, compiled: bool) -> None:
    """Words, a pair, a repeated word, an unknown one, one of no known part, and nothing."""
    documents = "good", "good bad", "bad  bad ", "bat", "zzz", "", "good zzz bad"
    if compiled:
        found = logits(small(), *documents)
    else:
        with without_compiled_kernels():
            found = logits(small(), *documents)
    twice = (1 + math.log(2)) / ((1 + math.log(2)) * 3)  # the length takes it off again
    expected: list[list[float]] = [
        [1 / 2, -1 / 2],
        [5 / 4, 1 / 4],
        [-2 * twice, 2 * twice],
        [3 / 4, 0],  # "<ba", of length 4
        [0, 0],
        [0, 0],
        [-1 / math.sqrt(13), 1 / math.sqrt(13)],  # good and bad are not adjacent
    ]
    np.testing.assert_allclose(np.array(found), np.array(expected), rtol=1e-6)


@pytest.mark.parametrize("compiled", [True, False])
def test_word_without_a_row_is_as_one_that_is_unknown(*, compiled: bool) -> None:
    """Where there are many classes, only the most frequent words of the vocabulary have rows."""
    documents, offsets = [b"good bat", b"good zzz"], np.array([0, 2, 4])
    beyond = np.array([GOOD, 4, GOOD, 1 << 30], np.int32)
    unknown = np.array([GOOD, 1, GOOD, 1], np.int32)
    with nullcontext() if compiled else without_compiled_kernels():
        found, expected = (small().logits(documents, ids, offsets) for ids in (beyond, unknown))
    np.testing.assert_array_equal(found, expected)


@given(SEEDS)
def test_kernel_and_twin_agree(seed: int) -> None:
    """Random models and documents, to rounding."""
    case = NgramCase(seed)
    found, expected = (
        case.tables.logits(*case.arguments),
        ngram_reference.logits(case.tables, *case.arguments),
    )
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert found.dtype == expected.dtype == np.float32


@given(SEEDS)
def test_contributions_sum_to_the_logit(seed: int) -> None:
    """Each class's logit is shared out among the tokens, nothing left over."""
    case = NgramCase(seed)
    documents, ids, offsets = case.arguments
    found = case.tables.logits(documents, ids, offsets)
    for index in range(case.classes):
        for b, document in enumerate(documents):
            tokens = document.split()
            numbers = ids[offsets[b] : offsets[b + 1]].tolist()
            added = contributions(case.tables, tokens, numbers, index)
            assert len(added) == len(tokens)
            assert added.sum() == pytest.approx(found[b, index], rel=1e-4, abs=1e-5)


def test_occurrences_of_a_word_have_equal_shares() -> None:
    """A pair belongs to both of its words."""
    added = contributions(small(), [b"good", b"bad", b"bad"], [GOOD, BAD, BAD], 0)
    times = 1 + math.log(2)
    length = math.sqrt(4 + 9 * times**2 + 3)
    expected = np.array([1 + 6 / 2, -2 * times / 2 + 6 / 2, -2 * times / 2]) / length
    np.testing.assert_allclose(added, expected)


def test_character_ngrams_are_of_whole_characters() -> None:
    """Three to six of them, of a word between its marks; of any alphabet."""
    assert list(character_ngrams(b"a")) == [b"<a>"]
    assert [each.decode() for each in character_ngrams("字é".encode())] == ["<字é", "<字é>", "字é>"]
    assert max(map(len, character_ngrams(b"abcdefgh"))) == 6
    assert len(list(character_ngrams(b"abcdefgh"))) == 8 + 7 + 6 + 5


def test_copies_answer_alike() -> None:
    """Another process gets tables with addresses of its own."""
    for each in (copy.deepcopy(small()), pickle.loads(pickle.dumps(small()))):
        assert logits(each, "good bad bat") == logits(small(), "good bad bat")


def test_scaled_tables_add_as_much_more() -> None:
    """The length of a document stays what it is."""
    np.testing.assert_allclose(
        logits(small().scaled(3), "good bat bad"), 3 * np.array(logits(small(), "good bat bad"))
    )


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {"pairs": np.array([[GOOD, BAD], [GOOD, BAD]], np.int32)},
        {"pairs": np.array([[GOOD, 4]], np.int32)},
        {"pairs": np.array([[GOOD, -1]], np.int32)},
        {"pairs": np.array([GOOD, BAD], np.int32)},
        {"pairs": np.array([[GOOD, BAD]])},
        {"pairs.rows": np.zeros((1, 3), np.float32)},
        {"pairs.rows": np.zeros((2, 2), np.float32), "pairs.squares": np.zeros(2, np.float32)},
        {"words.squares": np.zeros(3, np.float32)},
        {"words.rows": np.zeros((4, 2))},
        {"words.rows": np.zeros(4, np.float32)},
        {"characters.rows": np.full((2, 2), np.nan, np.float32)},
        {"strange": np.array(2, np.float32)},
        {"strange": np.array([np.inf], np.float32)},
        {"more": np.zeros(1, np.float32)},
    ],
)
def test_arrays_that_make_no_model_are_refused(changes: dict[str, Any], *, compiled: bool) -> None:
    """They may come from anyone."""

    def made() -> None:
        with pytest.raises(ValueError, match=r"\w"):
            NgramTables.of({**small().arrays, **changes}, small().lines)

    if compiled:
        made()
    else:
        with without_compiled_kernels():
            made()


@pytest.mark.parametrize("lines", [b"", b"<ba\n", b"<ba\n<ba\n", b"<ba\nad>", b"<ba\nad>\nbad\n"])
def test_lines_that_do_not_fit_are_refused(lines: bytes) -> None:
    """As many as there are rows, each once."""
    with pytest.raises(ValueError, match=r"\w"):
        NgramTables.of(small().arrays, lines)


@pytest.mark.parametrize(
    ("documents", "ids", "offsets"),
    [
        ([b"good"], [GOOD], [0]),
        ([b"good"], [GOOD], [0, 2]),
        ([b"good"], [GOOD], [1, 1]),
        ([b"good", b""], [GOOD], [0, 2, 1]),
        ([b"good"], [-1], [0, 1]),
        ([b"go\nod"], [GOOD], [0, 1]),
    ],
)
def test_ids_that_are_not_those_of_the_documents_are_refused(
    documents: list[bytes], ids: list[int], offsets: list[int]
) -> None:
    """C trusts them."""
    with pytest.raises(ValueError, match=r"\w"):
        small().logits(documents, np.array(ids, np.int32), np.array(offsets))


def test_long_word_lets_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few its tokens are: a word that is not known is spelled, letter by letter."""
    asked: list[int] = []

    def library_for(numbers: int) -> None:
        asked.append(numbers)

    monkeypatch.setattr(ngrams, "library_for", library_for)
    for text in ("good policy", "x" * 10_000):
        logits(small(), text)
    assert asked[0] <= FEW_NUMBERS < asked[1]
