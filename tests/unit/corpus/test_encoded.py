"""corpus/encoded.py."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

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


@pytest.mark.parametrize("chunk", [1, 2, 3, 6, 13, 14, 1 << 22])
def test_each_id_is_replaced_once(
    corpus: EncodedCorpus, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Chunks of any size renumber every id exactly once: the replacements shift all ids."""
    monkeypatch.setattr(encoded, "CHUNK_IDS", chunk)
    corpus.replace(np.array([1, 2, 3, 4, 0], dtype=np.int32))
    assert corpus.ids.tolist() == [(token + 1) % 5 for document in DOCUMENTS for token in document]


def test_batches_are_cut_and_padded_at_the_end(corpus: EncodedCorpus) -> None:
    """Longer documents lose their end, shorter ones are filled up with 0."""
    batch = corpus.padded(np.array([3, 2, 1, 0]), 3)
    assert batch.tolist() == [[3, 3, 3], [2, 0, 0], [0, 0, 0], [0, 1, 1]]
    assert batch.dtype == np.int32


def test_corpus_without_tokens_can_be_mapped(tmp_path: Path) -> None:
    """Documents that hold nothing are documents all the same."""
    (tmp_path / "ids").touch()
    corpus = EncodedCorpus.map(tmp_path / "ids", np.zeros(3, dtype=np.int64))
    corpus.replace(np.zeros(0, dtype=np.int32))
    assert len(corpus) == 2
    assert corpus.token_counts(np.arange(2), 2).tolist() == [0, 0]
    assert corpus.padded(np.arange(2), 2).tolist() == [[0, 0], [0, 0]]
