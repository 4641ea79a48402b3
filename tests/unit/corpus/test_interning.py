"""corpus/interning.py."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from text_classification.corpus import encoded, interning
from text_classification.corpus.interning import Interner
from text_classification.corpus.readers.row import Document
from text_classification.corpus.tokenizer import whitespace, words

TEXTS = (
    "the bill is due and the bill is paid",
    "",
    "The policy is cancelled!",
    "...",
    "bill bill bill a policy",
    "the end",
    "",
)
DOCUMENTS = [Document(f"label {index % 3}", text) for index, text in enumerate(TEXTS)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from("abcdefg")).map(" ".join)),
    min_count=st.integers(1, 3),
    max_tokens=st.integers(1, 8),
)
def test_final_ids_are_those_of_a_naive_encoding(
    tmp_path: Path, texts: list[str], min_count: int, max_tokens: int
) -> None:
    """Renumbering on disk gives what encoding each text with the vocabulary gives."""
    interner = Interner(words)
    path = tmp_path / "corpus.ids"
    corpus = interner.intern((Document("x", text) for text in texts), path).corpus
    everything = np.arange(len(texts))
    vocabulary = interner.vocabulary(corpus, everything, max_tokens=max_tokens, min_count=min_count)
    interner.renumber(corpus, vocabulary)
    naive = [vocabulary.encode([words(text)], longest=len(text) + 1).ids.tolist() for text in texts]
    assert [corpus.document(index).tolist() for index in range(len(corpus))] == naive
    assert np.fromfile(path, np.int32).tolist() == [token for ids in naive for token in ids]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 16, 17])
def test_sizes_of_buffers_and_chunks_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """Written and renumbered a few ids at a time, the corpus is the same."""

    def run(path: Path) -> tuple[tuple[bytes, ...], list[int]]:
        interner = Interner(words)
        corpus = interner.intern(DOCUMENTS, path).corpus
        chosen = np.array([0, 1, 4, 5])
        vocabulary = interner.vocabulary(corpus, chosen, max_tokens=4, min_count=1)
        interner.renumber(corpus, vocabulary)
        return vocabulary.tokens, np.fromfile(path, np.int32).tolist()

    whole = run(tmp_path / "whole")
    monkeypatch.setattr(interning, "BUFFER_IDS", limit)
    monkeypatch.setattr(encoded, "CHUNK_IDS", limit)
    assert run(tmp_path / "in parts") == whole


def test_labels_and_lengths_are_kept(tmp_path: Path) -> None:
    """Each document keeps its label and its place, the empty ones too."""
    labelled = Interner(words).intern(DOCUMENTS, tmp_path / "ids")
    found = [labelled.names[number] for number in labelled.labels]
    assert found == [document.label for document in DOCUMENTS]
    assert labelled.corpus.lengths.tolist() == [len(words(text).split()) for text in TEXTS]


def test_vocabulary_is_in_order_of_frequency(tmp_path: Path) -> None:
    """The most frequent token first; equal ones in order of appearance; rare ones left out."""
    interner = Interner(words)
    corpus = interner.intern([Document("x", "c b b a a d d d e")], tmp_path / "ids").corpus
    everything = np.arange(1)

    def tokens(max_tokens: int, min_count: int) -> str:
        vocabulary = interner.vocabulary(
            corpus, everything, max_tokens=max_tokens, min_count=min_count
        )
        return b"".join(vocabulary.tokens).decode()

    assert tokens(100, 1) == "dbace"
    assert tokens(100, 2) == "dba"
    assert tokens(2, 1) == "db"
    assert tokens(100, 4) == ""


def test_vocabulary_is_drawn_from_the_chosen_documents_alone(tmp_path: Path) -> None:
    """Words of validation documents have no say, however frequent they are."""
    interner = Interner(words)
    documents = [Document("x", "a b"), Document("x", "c c c c"), Document("x", "b")]
    corpus = interner.intern(documents, tmp_path / "ids").corpus
    vocabulary = interner.vocabulary(corpus, np.array([0, 2]), max_tokens=10, min_count=1)
    assert vocabulary.tokens == (b"b", b"a")


def test_channels_share_provisional_ids(tmp_path: Path) -> None:
    """A second corpus is renumbered by the vocabulary of the first; its own words are unknown."""
    interner = Interner(words)
    first = interner.intern([Document("x", "a b a")], tmp_path / "first").corpus
    second = interner.intern([Document("x", "new a b new")], tmp_path / "second").corpus
    vocabulary = interner.vocabulary(first, np.arange(1), max_tokens=10, min_count=1)
    interner.renumber(second, vocabulary)
    assert second.document(0).tolist() == [1, 2, 3, 1]


def test_half_a_surrogate_pair_is_no_word(tmp_path: Path) -> None:
    """A token that no file can hold is left to the unknown ones."""
    interner = Interner(whitespace)
    corpus = interner.intern([Document("x", "\ud800 good \ud800")], tmp_path / "ids").corpus
    vocabulary = interner.vocabulary(corpus, np.arange(1), max_tokens=10, min_count=1)
    interner.renumber(corpus, vocabulary)
    assert vocabulary.tokens == (b"good",)
    assert corpus.document(0).tolist() == [1, 2, 1]
