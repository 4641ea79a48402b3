"""training/ngrams/ngram_features.py: documents as n-grams, alike in training and in serving."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import corpus_of
from text_classification.corpus.numbering import number_tokens
from text_classification.kernels.arrays import Ids
from text_classification.training.inputs.part import Part
from text_classification.training.ngrams.ngram_features import Ngrams
from text_classification.training.ngrams.word_vectors import NO_VECTORS, WordVectors

TOKENS = (b"ab", b"abc", b"b", b"caba", "é字".encode(), b"zz")
DOCUMENTS = st.lists(st.lists(st.integers(0, len(TOKENS) - 1), max_size=12), min_size=1, max_size=8)
OPTIONS = st.fixed_dictionaries(
    {
        "fewest": st.integers(1, 2),
        "min_count": st.integers(1, 3),
        "characters": st.booleans(),
        "further": st.sampled_from([(), (b"abc", b"cabab", b"zz", b"ab", "é字".encode())]),
    }
)


def part_of(documents: list[list[int]]) -> Part:
    """Return documents of provisional ids, all with one label."""
    return Part(corpus_of(documents), np.arange(len(documents)), np.zeros(len(documents), np.int32))


def ngrams_of(  # noqa: PLR0913 - options by name
    documents: list[list[int]],
    *,
    fewest: int = 1,
    characters: bool = True,
    min_count: int = 1,
    tokens: tuple[bytes, ...] = TOKENS,
    further: tuple[bytes, ...] = (),
) -> tuple[Ngrams, Ids]:
    """Return the n-grams of documents, and the final id of each provisional one.

    further: words that have ids as well, unless training gives them one.
    """
    part = part_of(documents)
    numbering = number_tokens(
        tokens, part.corpus, part.documents, max_tokens=99, min_count=min_count
    )
    vocabulary = numbering.vocabulary
    others = tuple(word for word in further if word not in vocabulary.tokens)
    rows = np.ones((len(vocabulary) + len(others), 2), np.float32)
    vectors = WordVectors(rows, others) if others else NO_VECTORS
    numbers = numbering.numbers
    ngrams = Ngrams(tokens, numbers, part, fewest=fewest, characters=characters, vectors=vectors)
    return ngrams, vectors.numbered(tokens, numbers)


@given(DOCUMENTS, DOCUMENTS, OPTIONS, st.integers(0, 99))
def test_serving_comes_to_what_training_came_to(
    training: list[list[int]], others: list[list[int]], options: dict[str, Any], seed: int
) -> None:
    """Any weights: the tables give the features times the weights, of words unheard of too.

    Some of those have ids of their own.
    """
    ngrams, numbers = ngrams_of(training, **options)
    features = ngrams.matrix(part_of(others))
    drawn = np.random.default_rng(seed).normal(size=(features.shape[1], 3))
    weights = drawn.astype(np.float32)
    texts = [b" ".join(TOKENS[index] for index in document) for document in others]
    ids = np.array([numbers[index] for document in others for index in document], np.int32)
    offsets = np.cumsum([0, *map(len, others)], dtype=np.int64)
    found = ngrams.tables(weights.copy()).logits(texts, ids, offsets)
    np.testing.assert_allclose(found, features @ weights, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("characters", [True, False])
def test_words_of_no_document_are_spelled_like_others(*, characters: bool) -> None:
    """A further word has the same row and square whether a document has it or none."""
    further, documents = (b"cab", b"x", b"cabab"), [[0, 1], [3, 2]]
    tables = []
    for tokens in (TOKENS, (*TOKENS, b"cabab", b"x")):
        ngrams, _ = ngrams_of(documents, tokens=tokens, characters=characters, further=further)
        shape = ngrams.blocks[-1].stop, 3
        tables.append(ngrams.tables(np.random.default_rng(1).normal(size=shape).astype(np.float32)))
    one, other = tables
    assert one.further == other.further == b"cab\nx\ncabab\n"
    np.testing.assert_allclose(one.words.rows, other.words.rows, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(one.words.squares, other.words.squares, rtol=1e-5)
    # Nothing that training has is in "x".
    factors = one.words.squares[-3:] / one.strange**2
    assert factors.tolist() == pytest.approx([2, 1, 2] if characters else [1, 1, 1])


def test_rare_words_count_more_and_repeated_ones_less_each_time() -> None:
    """By hand: two documents, one word in both of them; no pairs, no characters."""
    ngrams, numbers = ngrams_of([[0], [0, 2, 2]], fewest=3, characters=False)
    features = ngrams.matrix(part_of([[0, 2, 2]])).toarray()[0]
    common, rare = 1.0, (np.log(3 / 2) + 1) * (1 + np.log(2))
    length = np.hypot(common, rare)
    assert features[numbers[0]] == pytest.approx(common / length)
    assert features[numbers[2]] == pytest.approx(rare / length)


def test_documents_have_length_one() -> None:
    """Where words share no character n-grams; a document of nothing known has none."""
    ngrams, _ = ngrams_of([[0, 2, 5], [2, 5]])
    lengths = np.sqrt(ngrams.matrix(part_of([[0, 5], [2], [5, 5, 2, 0]])).power(2).sum(axis=1))
    np.testing.assert_allclose(lengths, 1)
    assert ngrams.matrix(part_of([[], [4]])).nnz == 0


def test_pairs_do_not_reach_over_documents_or_unknown_words() -> None:
    """Only adjacent known words of one document are a pair."""
    ngrams, _ = ngrams_of([[0, 2], [5, 0], [2, 2, 5, 5, 0, 0]], min_count=2, characters=False)
    _, pairs, _ = ngrams.blocks
    counts = [ngrams.matrix(part_of([each]))[:, pairs].nnz for each in ([0, 2], [2, 0], [2, 4, 5])]
    assert counts == [1, 0, 0]


def test_rare_pairs_and_character_ngrams_are_left_out() -> None:
    """Those of fewer training documents than asked for."""
    once, twice = (ngrams_of([[0, 2], [0, 2], [5, 1]], fewest=count)[0] for count in (1, 2))
    for block in (1, 2):
        sizes = [each.blocks[block].stop - each.blocks[block].start for each in (once, twice)]
        assert sizes[0] > sizes[1] > 0


def test_documents_in_any_order_have_the_same_features() -> None:
    """Parts may hold any of a corpus' documents."""
    ngrams, _ = ngrams_of([[0, 2], [5, 1], [3]])
    part = part_of([[0, 2], [5, 1], [3]])
    whole, turned = ngrams.matrix(part), ngrams.matrix(part.chosen(np.array([2, 0])))
    np.testing.assert_array_equal(turned.toarray(), whole.toarray()[[2, 0]])
