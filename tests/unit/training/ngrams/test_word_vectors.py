"""training/ngrams/word_vectors.py: vectors by id, of words that training lacks too."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.corpus.pretrained_vectors import EnglishVectors
from text_classification.kernels.arrays import Floats
from text_classification.machine.signals import StopRequest
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.inputs.initial_model import InitialModel
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.ngrams import word_vectors
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_logits import ngram_logits
from text_classification.training.ngrams.ngram_training import Setting, fit_ngrams
from text_classification.training.ngrams.word_vectors import NO_VECTORS, WordVectors

WIDE = parse_hyperparameters({"recipe": "wide"})
TEST = [("good", "superb"), ("bad", "dreadful"), ("bad", "xqzt")]


def prepared_of(folder: Path) -> TrainingData:
    """Return documents to train on that start from the image's vectors."""
    documents = documents_of(folder, WIDE, ROWS, test=TEST)
    source = EnglishVectors()
    start = InitialModel(vectors=source.read(documents.tokens), source=source)
    return replace(documents, start=start).prepare(documents.training, None, WIDE)


def test_words_that_training_lacks_are_understood(tmp_path: Path) -> None:
    """Superb is like great and dreadful like awful, though no document says so."""
    prepared = prepared_of(tmp_path)
    assert prepared.test is not None
    stop, setting = StopRequest(), Setting(characters=False, fewest=1)
    fitted = fit_ngrams(prepared, prepared.training, setting, limits=NgramLimits(), stop=stop)
    weights, _ = fitted.summed([0, 0, 1])
    tables = fitted.ngrams.tables(weights)
    assert prepared.labels == ("bad", "good")
    logits = ngram_logits(prepared, tables, prepared.test, stop)
    assert logits[:2].argmax(axis=1).tolist() == [1, 0]
    assert logits[2].tolist() == [0, 0]
    # As they were decided on while they were ids of the channel.
    decided = fitted.decide(prepared.test)[-1] - fitted.models[-1].linear.biases
    np.testing.assert_allclose(logits, decided, rtol=1e-4, atol=1e-5)


def test_the_most_frequent_words_have_ids_whatever_other_channels_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many as the size of the model allows, in the order of the file; none stands twice."""
    monkeypatch.setattr(word_vectors, "most_further", lambda _: 100)
    prepared = prepared_of(tmp_path)
    vectors = WordVectors.of(prepared)
    known = prepared.vocabulary.tokens
    words = [word for word in EnglishVectors().words if word not in known]
    assert vectors.further == tuple(words[:100])
    assert b"superb" not in vectors.further
    assert len(vectors) == len(prepared.vocabulary) + 100
    np.testing.assert_array_equal(vectors.rows[2 + known.index(b"great")], row_of(b"great"))
    np.testing.assert_array_equal(vectors.rows[-1], row_of(vectors.further[-1]))
    assert not vectors.rows[2 + known.index(b"good7")].any()


def row_of(word: bytes) -> Floats:
    """Return the vector of a word."""
    return EnglishVectors().read([word])[word]


def test_model_grows_by_no_more_than_half(tmp_path: Path) -> None:
    """Its rows, squares and names, beside the numbers of the network."""
    prepared = prepared_of(tmp_path)
    count = word_vectors.most_further(prepared)
    network = 4 * sum(int(np.prod(each)) for each in prepared.configuration.shapes().values())
    rows = 4 * 2 * len(prepared.vocabulary)
    assert 0.45 * (network + rows) < (4 * 2 + 4 + 10) * count <= 0.5 * (network + rows)


def test_a_job_that_starts_from_chance_has_no_vectors(tmp_path: Path) -> None:
    """Its words are known by what training says of them."""
    documents = documents_of(tmp_path, WIDE, ROWS)
    prepared = documents.prepare(documents.training, None, WIDE)
    assert WordVectors.of(replace(prepared, start=InitialModel())) is NO_VECTORS


def test_few_rows_are_those_of_the_most_frequent_words() -> None:
    """Where classes are many: further words go first."""
    vectors = WordVectors(np.arange(12, dtype=np.float32).reshape(6, 2), (b"a", b"b"))
    for size, further in ((6, (b"a", b"b")), (5, (b"a",)), (3, ())):
        cut = vectors.cut(size)
        assert (len(cut), cut.further) == (size, further)
    numbers = np.array([3, 1, 1, 1], np.int32)
    found = vectors.numbered([b"x", b"b", b"y", b"a"], numbers)
    assert found.tolist() == [3, 5, 1, 4]
    assert vectors.unheard(found[:2]).tolist() == [4]
