"""kernels/token_ids.py: the index of a vocabulary, and documents in its ids."""

import copy
import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.helpers import without_compiled_kernels
from tests.unit.kernels.cases import TextCase
from text_classification.kernels import reference
from text_classification.kernels.token_ids import EncodedDocuments, TokenIndex

# Any text but what ends a token: other white space and control characters too.
TOKENS = st.text(st.characters(exclude_characters=" \n", codec="utf-8"), min_size=1).map(str.encode)
# Few characters, so that vocabulary and documents meet, and tokens begin alike.
ALIKE = st.text("ab\t\0é", min_size=1, max_size=4).map(str.encode)
SPACES = st.integers(0, 3).map(lambda count: b" " * count)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Draw tokens with one space or more between them, and spaces around; or nothing."""
    tokens = draw(st.lists(ALIKE | TOKENS, max_size=12))
    return draw(SPACES) + b"".join(token + b" " + draw(SPACES) for token in tokens)


def lines_of(tokens: Sequence[bytes]) -> bytes:
    """Return tokens as a vocabulary file holds them."""
    return b"".join(token + b"\n" for token in tokens)


def same(encoded: EncodedDocuments, expected: EncodedDocuments) -> bool:
    """Tell whether two results agree in everything, the kinds of their arrays too."""
    return all(
        one.dtype == other.dtype and np.array_equal(one, other)
        for one, other in zip(vars(encoded).values(), vars(expected).values(), strict=True)
    )


def by_reference(
    lines: bytes, texts: Sequence[bytes], longest: int, padding: int
) -> EncodedDocuments:
    """Return what the reference makes of documents."""
    index = reference.index_tokens(lines)
    return EncodedDocuments(*reference.encode_documents(lines_of(texts), index, longest, padding))


@given(
    st.lists(ALIKE | TOKENS, unique=True),
    st.lists(documents()),
    st.integers(1, 15),
    st.integers(0, 20),
)
@example([], [], 1, 0)
@example([], [b"", b"   "], 3, 2)
@example([b"a"], [b"a"] * 3, 1, 1)
def test_documents_get_the_ids_that_the_twin_gives(
    vocabulary: list[bytes], texts: list[bytes], longest: int, padding: int
) -> None:
    """Any vocabulary and documents: empty ones, spaces alone, none at all; cut and padded."""
    lines = lines_of(vocabulary)
    index = TokenIndex(lines)
    assert len(index) == len(vocabulary)
    assert same(index.encode(texts, longest, padding), by_reference(lines, texts, longest, padding))


@given(st.integers(0, 2**32 - 1))
def test_documents_full_of_known_tokens_get_the_ids_that_the_twin_gives(seed: int) -> None:
    """Bytes that are not UTF-8, as half a surrogate pair leaves them, are tokens like others."""
    case = TextCase(seed)
    arguments = case.documents, case.longest, case.padding
    assert same(TokenIndex(case.lines).encode(*arguments), by_reference(case.lines, *arguments))


@pytest.mark.parametrize(
    ("longest", "padding", "ids", "offsets"),
    [
        (9, 0, [3, 1, 2, 1, 2], [0, 4, 4, 5]),
        (9, 2, [3, 1, 2, 1, 0, 0, 0, 0, 2, 0, 0], [0, 6, 8, 11]),
        (5, 3, [3, 1, 2, 1, 0, 0, 0, 0, 2, 0, 0, 0], [0, 5, 8, 12]),
        (3, 3, [3, 1, 2, 0, 0, 0, 2, 0, 0], [0, 3, 6, 9]),
        (1, 0, [3, 2], [0, 1, 1, 2]),
        (2**62, 1, [3, 1, 2, 1, 0, 0, 2, 0], [0, 5, 6, 8]),
        (2**70, 1, [3, 1, 2, 1, 0, 0, 2, 0], [0, 5, 6, 8]),
    ],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_documents_are_cut_and_padded(
    longest: int, padding: int, ids: list[int], offsets: list[int], *, compiled: bool
) -> None:
    """By hand: what is cut off still counts, and no number is too large."""

    def encode() -> EncodedDocuments:
        index = TokenIndex(b"bill\npolicy\n")
        return index.encode([b"policy policies  bill x", b"", b" bill"], longest, padding)

    if compiled:
        encoded = encode()
    else:
        with without_compiled_kernels():
            encoded = encode()
    assert (encoded.ids.tolist(), encoded.offsets.tolist()) == (ids, offsets)
    assert (encoded.tokens.tolist(), encoded.unknown_tokens.tolist()) == ([4, 0, 1], [2, 0, 0])


def test_every_token_of_a_large_vocabulary_is_found() -> None:
    """50,000 tokens have 50,000 ids, and as many tokens that are nearly theirs have none."""
    tokens = [b"%x" % (number * 7919) for number in range(50_000)]
    index = TokenIndex(lines_of(tokens))
    encoded = index.encode(
        [b" ".join(tokens), b" ".join(token + b"-" for token in tokens)], 10**6, 0
    )
    assert np.array_equal(encoded.ids[:50_000], np.arange(2, 50_002))
    assert encoded.unknown_tokens.tolist() == [0, 50_000]


def test_tokens_that_begin_alike_are_told_apart() -> None:
    """A token is not its beginning, its end or its repetition."""
    tokens = [b"a" * length for length in range(1, 200)]
    index = TokenIndex(lines_of(tokens))
    encoded = index.encode([b" ".join(reversed(tokens)), b"a" * 200], 500, 0)
    assert encoded.ids.tolist() == [*range(200, 1, -1), 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"128560", b"203839"),
        (b"078119", b"139034"),
        (b"067071", b"394757"),
        # One is the beginning of the other.
        (b"al", b"alxdygzg"),
        (b"akgox", b"akgoxyoc"),
    ],
)
def test_tokens_of_one_hash_are_told_apart(one: bytes, other: bytes) -> None:
    """The halves of these tokens' hashes that the index keeps agree, and so do their places."""
    assert TokenIndex(lines_of([one, other])).encode([other + b" " + one], 9, 0).ids.tolist() == [
        3,
        2,
    ]
    assert TokenIndex(lines_of([one])).encode([other], 9, 0).ids.tolist() == [1]
    assert TokenIndex(lines_of([other])).encode([one], 9, 0).ids.tolist() == [1]


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (b"a", "cut off"),
        (b"a\nb", "cut off"),
        (b"\n", "empty or stands twice"),
        (b"a\n\n", "empty or stands twice"),
        (b"a\n\nb\n\n", "empty or stands twice"),
        (b"a\nb\na\n", "empty or stands twice"),
        (b"a\na\n", "empty or stands twice"),
        (lines_of([b"%d" % number for number in range(1000)] * 2), "empty or stands twice"),
    ],
)
def test_damaged_lines_are_refused(lines: bytes, reason: str, *, compiled: bool) -> None:
    """A line without its end, an empty one, one that stands twice."""
    if compiled:
        with pytest.raises(ValueError, match=reason):
            TokenIndex(lines)
    else:
        with without_compiled_kernels(), pytest.raises(ValueError, match=reason):
            TokenIndex(lines)


@pytest.mark.parametrize("texts", [[b"a\nb"], [b"a", b"\n"], [b"a b\n", b"b"]])
def test_document_with_a_line_break_is_refused(texts: list[bytes]) -> None:
    """It would be two documents to the kernel."""
    index = TokenIndex(b"a\nb\n")
    with pytest.raises(ValueError, match="line break"):
        index.encode(texts, 5, 1)
    with without_compiled_kernels(), pytest.raises(ValueError, match="line break"):
        index.encode(texts, 5, 1)


def test_long_document_is_read_to_its_end() -> None:
    """A token of a megabyte is one token, and a million short ones are a million."""
    index = TokenIndex(b"a" * (1 << 20) + b"\nb\n")
    encoded = index.encode([b"a" * (1 << 20), b"b " * 10**6, b"a" * ((1 << 20) - 1)], 10**6, 1)
    assert encoded.offsets.tolist() == [0, 2, 10**6 + 2, 10**6 + 4]
    assert encoded.ids[[0, 1, 2, 10**6 + 1, 10**6 + 2, 10**6 + 3]].tolist() == [2, 0, 3, 3, 1, 0]
    assert encoded.unknown_tokens.tolist() == [0, 0, 1]


def test_copies_have_addresses_of_their_own() -> None:
    """A pickled or deep copy finds the same tokens after the original is gone."""
    index = TokenIndex(b"bill\npolicy\n")
    copies = [copy.deepcopy(index), pickle.loads(pickle.dumps(index))]
    del index
    for each in copies:
        assert each.encode([b"policy bill new"], 5, 0).ids.tolist() == [3, 2, 1]
