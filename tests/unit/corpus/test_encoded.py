"""corpus/encoded.py."""

import pickle
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.helpers import corpus_of
from text_classification.corpus import encoded
from text_classification.corpus.encoded import EncodedCorpus

DOCUMENTS = [[0, 1, 1, 4], [], [2], [3, 3, 3, 3, 3, 3], [], [4, 0], []]


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    """The documents above, on disk."""
    path = tmp_path / "ids"
    np.array([token for document in DOCUMENTS for token in document], dtype=np.int32).tofile(path)
    lengths = [len(document) for document in DOCUMENTS]
    return EncodedCorpus.map(path, np.concatenate([[0], np.cumsum(lengths)]))


def test_documents_come_back(corpus: EncodedCorpus) -> None:
    """Document by document, what was written is read."""
    assert len(corpus) == len(DOCUMENTS)
    assert [corpus.document(index).tolist() for index in range(len(corpus))] == DOCUMENTS
    assert corpus.lengths.tolist() == [len(document) for document in DOCUMENTS]


@pytest.mark.parametrize("chunk", [1, 2, 3, 6, 13, 14, 1 << 22])
def test_counts_do_not_depend_on_chunks(
    corpus: EncodedCorpus, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Chunks of any size, smaller than a document too, count each chosen id once."""
    monkeypatch.setattr(encoded, "CHUNK_IDS", chunk)
    chosen = np.array([0, 1, 3, 5])
    expected = Counter(token for index in chosen for token in DOCUMENTS[index])
    assert corpus.token_counts(chosen, 6).tolist() == [expected[token] for token in range(6)]
    for token in range(6):
        for some in (chosen, np.arange(len(DOCUMENTS)), chosen[:0]):
            by_document = [DOCUMENTS[index].count(token) for index in some]
            assert corpus.counts_of(token, some).tolist() == by_document


def test_a_batch_costs_nothing_for_other_documents(
    corpus: EncodedCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lengths of all documents, of which there may be millions, are not counted for it."""
    monkeypatch.delattr(EncodedCorpus, "lengths")
    batch = corpus.batch(np.array([3, 0]), 5, 2)
    assert batch.offsets.tolist() == [0, 5, 10]
    assert corpus.token_counts(np.array([0, 2]), 5).tolist() == [1, 2, 1, 0, 1]


def test_renumbered_corpus_is_read_by_other_ids(corpus: EncodedCorpus) -> None:
    """Documents, batches and counts; padding is no id of the file and stays what it is."""
    shifted = corpus.renumbered(np.array([1, 2, 3, 4, 0], dtype=np.int32))
    assert shifted.document(0).tolist() == [1, 2, 2, 0]
    assert shifted.batch(np.array([2, 0]), 3, 2).ids.tolist() == [3, 0, 0, 1, 2, 2]
    assert shifted.token_counts(np.array([0, 2]), 5).tolist() == [1, 1, 2, 1, 0]
    everything = np.arange(len(corpus))
    assert shifted.counts_of(1, everything).tolist() == corpus.counts_of(0, everything).tolist()
    assert shifted.ids is corpus.ids


def test_other_processes_map_the_same_file(corpus: EncodedCorpus) -> None:
    """A pickled corpus holds the path in place of the ids; one in memory goes along whole."""
    shifted = corpus.renumbered(np.array([1, 2, 3, 4, 0], dtype=np.int32))
    for each in (corpus, shifted):
        other = pickle.loads(pickle.dumps(each))
        assert isinstance(other.ids, np.memmap)
        assert other.ids.filename == corpus.ids.filename  # type: ignore[attr-defined]
        assert other.document(0).tolist() == each.document(0).tolist()
    memory = pickle.loads(pickle.dumps(corpus_of(DOCUMENTS)))
    assert [memory.document(index).tolist() for index in range(len(memory))] == DOCUMENTS


def test_batches_are_cut_and_padded_at_the_end(corpus: EncodedCorpus) -> None:
    """Longer documents lose their end, shorter ones are followed by 0, up to the longest."""
    batch = corpus.batch(np.array([3, 2, 1, 0]), 5, 2)
    assert batch.ids.tolist() == [3, 3, 3, 3, 3, 2, 0, 0, 0, 0, 0, 1, 1, 4, 0]
    assert batch.offsets.tolist() == [0, 5, 8, 10, 15]
    assert (batch.ids.dtype.name, batch.offsets.dtype.name, len(batch)) == ("int32", "int64", 4)


@given(st.data(), st.integers(1, 9), st.integers(0, 9))
def test_batches_are_those_of_a_naive_loop(data: st.DataObject, longest: int, padding: int) -> None:
    """Any documents, in any order, several times or none; any length and padding."""
    documents = data.draw(st.lists(st.lists(st.integers(1, 99), max_size=12), min_size=1))
    chosen = data.draw(st.lists(st.integers(0, len(documents) - 1)))
    batch = corpus_of(documents).batch(np.array(chosen, np.int64), longest, padding)
    expected = [(documents[index][:longest] + [0] * padding)[:longest] for index in chosen]
    bounds = zip(batch.offsets[:-1], batch.offsets[1:], strict=True)
    assert [batch.ids[first:last].tolist() for first, last in bounds] == expected
    assert batch.offsets[0] == 0
    assert batch.offsets[-1] == len(batch.ids)
    assert (batch.ids.dtype.name, batch.offsets.dtype.name) == ("int32", "int64")


def test_batches_padded_to_the_longest_are_rows(corpus: EncodedCorpus) -> None:
    """What Keras reads: as much padding as there may be makes all documents as long."""
    batch = corpus.batch(np.arange(len(corpus)), 4, 4)
    rows = [(document + [0] * 4)[:4] for document in DOCUMENTS]
    assert batch.ids.reshape(len(corpus), 4).tolist() == rows


def test_batch_is_a_copy(corpus: EncodedCorpus) -> None:
    """The corpus on disk is not changed by what is done to a batch."""
    batch = corpus.batch(np.array([0]), 9, 0)
    batch.ids[:] = 7
    assert corpus.document(0).tolist() == DOCUMENTS[0]
    assert type(batch.ids) is np.ndarray


def test_corpus_without_tokens_can_be_mapped(tmp_path: Path) -> None:
    """Documents that hold nothing are documents all the same."""
    (tmp_path / "ids").touch()
    corpus = EncodedCorpus.map(tmp_path / "ids", np.zeros(3, dtype=np.int64))
    assert len(corpus) == 2
    assert corpus.token_counts(np.arange(2), 2).tolist() == [0, 0]
    batch = corpus.batch(np.arange(2), 3, 2)
    assert (batch.ids.tolist(), batch.offsets.tolist()) == ([0, 0, 0, 0], [0, 2, 4])
