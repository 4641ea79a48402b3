"""Hash tables whose keys come from strangers: a model's when it is loaded, a caller's words."""

import time
from collections.abc import Sequence

import numpy as np
import pytest

from tests.unit.helpers import VOCABULARY, random_ngrams
from tests.unit.kernels.collisions import colliding_pairs, colliding_tokens, colliding_words
from text_classification.kernels.arrays import Floats, Ids
from text_classification.kernels.ngrams import NgramTables, Rows
from text_classification.kernels.token_ids import TokenIndex

# As LONGEST_SEARCH in vocabulary.h.
LONGEST_SEARCH = 4096


def lines_of(tokens: Sequence[bytes]) -> bytes:
    return b"".join(token + b"\n" for token in tokens)


def pair_tables(pairs: Ids) -> NgramTables:
    """Return tables of pairs alone."""

    def rows(count: int) -> Rows:
        return Rows(np.ones((count, 1), np.float32), np.ones(count, np.float32))

    return NgramTables(
        rows(int(pairs.max()) + 1),
        pairs=pairs,
        pair_rows=rows(len(pairs)),
        lines=b"",
        character_rows=rows(0),
        strange=1.0,
    )


def test_tokens_that_were_chosen_to_collide_are_refused() -> None:
    """A vocabulary of millions of them would take hours to index; some thousands are enough."""
    tokens = colliding_tokens(LONGEST_SEARCH + 100)
    with pytest.raises(ValueError, match="chosen to collide"):
        TokenIndex(lines_of(tokens))
    assert len(TokenIndex(lines_of(tokens[: LONGEST_SEARCH // 2]))) == LONGEST_SEARCH // 2


def test_pairs_that_were_chosen_to_collide_are_refused() -> None:
    """As with tokens."""
    pairs = colliding_pairs(LONGEST_SEARCH + 100)
    with pytest.raises(ValueError, match="chosen to collide"):
        pair_tables(pairs)
    assert pair_tables(pairs[: LONGEST_SEARCH // 2]).classes == 1


def test_regular_tokens_and_pairs_are_far_from_refused() -> None:
    """Numbers in a row, and words that all follow one another, are no attack."""
    assert len(TokenIndex(lines_of([b"%06d" % number for number in range(100_000)]))) == 100_000
    grid = np.stack(np.meshgrid(np.arange(300), np.arange(300)), axis=-1).reshape(-1, 2)
    for factor in (1, 2, 256):
        assert pair_tables((grid * factor).astype(np.int32)).classes == 1


def test_words_that_were_chosen_to_collide_take_no_longer() -> None:
    """A caller cannot know where a document's words lie: a body of them holds nobody up."""
    words = colliding_words(4000)
    generator = np.random.default_rng(0)
    letters = generator.integers(ord("a"), ord("z") + 1, (4000, 5)).astype(np.uint8)
    chosen, others = (b" ".join(each) for each in (words, [bytes(each) for each in letters]))
    tables = random_ngrams()
    times = [[_seconds(tables, document) for document in (chosen, others)] for _ in range(5)]
    fastest_chosen, fastest_other = np.min(times, axis=0)
    assert fastest_chosen < 4 * fastest_other  # it was 8 times, and more the more there were


def _seconds(tables: NgramTables, document: bytes) -> float:
    started = time.process_time()  # what other programs do meanwhile does not count
    logits_of(tables, document)
    return time.process_time() - started


def test_answers_do_not_depend_on_what_was_drawn() -> None:
    """Each table draws a number of its own; documents are summed up in their own order."""
    document = b"good bill goody bad bill goody a policy is good"
    answers = [logits_of(random_ngrams(), document) for _ in range(20)]
    assert all(np.array_equal(answers[0], each) for each in answers)


def logits_of(tables: NgramTables, document: bytes) -> Floats:
    encoded = VOCABULARY.encode([document], longest=1 << 20)
    return tables.logits([document], encoded.ids, encoded.offsets)
