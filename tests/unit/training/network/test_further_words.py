"""training/network/further_words.py: words that training lacks, in a network."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, Rows, documents_of
from text_classification.artifact import Artifact
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.pretrained_vectors import EnglishVectors
from text_classification.inference.classifier import Classifier
from text_classification.inference.served_network import int8_scales
from text_classification.kernels.arrays import Floats
from text_classification.machine.signals import StopRequest
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.inputs.initial_model import InitialModel
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.network.further_words import FurtherReader, further_words
from text_classification.training.network.held_out import HeldOut, held_out_predictions
from text_classification.training.network.network_training import TrainedModel, train_model

UNHEARD = [("good", "good excellent service"), ("bad", "bad worst service")]
# Of the other labels, so that what is known of the words does harm.
MISLEADING = [("bad", "good excellent service"), ("good", "bad worst service")]
HEARD = [("good", "great service thanks"), ("bad", "awful xqzt")]


def hyperparameters(**given: str) -> Hyperparameters:
    """Return those of a small network of the image's vectors."""
    small = {"recipe": "kim", "filters": "128", "epochs": "6", "learning_rate": "0.01"}
    return parse_hyperparameters(
        {**small, "engine": "fast", "embedding_size": "100", "pretrained": "english", **given}
    )


def prepared_of(
    folder: Path, validation: Rows, **given: str
) -> tuple[TrainingData, Hyperparameters]:
    """Return documents that start from the image's vectors."""
    parameters, source = hyperparameters(**given), EnglishVectors()
    documents = documents_of(folder, parameters, ROWS, validation=validation, test=HEARD)
    start = InitialModel(vectors=source.read(documents.tokens), source=source)
    documents = replace(documents, start=start)
    return documents.prepare(documents.training, documents.validation, parameters), parameters


def trained_of(folder: Path, validation: Rows, **given: str) -> TrainedModel:
    """Return a small trained network."""
    prepared, parameters = prepared_of(folder, validation, **given)
    return train_model(prepared, parameters, folder / "none", StopRequest())


def answers_of(trained: TrainedModel, texts: Sequence[str], scales: Floats | None) -> Floats:
    """Return what is served from the network with all further words."""
    prepared = trained.prepared
    model = Artifact(
        configuration=prepared.configuration,
        tokenizer=prepared.start.tokenizer("words"),
        labels=prepared.labels,
        vocabulary=prepared.vocabulary,
        weights=trained.progress.weights,
        scales=scales,
        further=further_words(prepared),
    )
    return Classifier(model).classify(texts).probabilities


@pytest.mark.parametrize(
    ("validation", "is_better"), [(UNHEARD * 3 + HEARD, True), (MISLEADING * 3 + HEARD, False)]
)
def test_documents_held_out_decide(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    validation: list[tuple[str, str]],
    *,
    is_better: bool,
) -> None:
    """Where the vectors make the loss smaller, they are kept, and the log says so."""
    caplog.set_level(logging.INFO)
    trained, stop = trained_of(tmp_path, validation), StopRequest()
    plain = held_out_predictions(trained, stop)
    found = held_out_predictions(trained, stop, may_have_further=True)
    assert (plain.with_further, found.with_further) == (False, is_better)
    told = "keep their pretrained vectors" if is_better else "do not keep"
    assert f"words that training lacks {told}" in caplog.text
    same = np.array_equal(plain.probabilities, found.probabilities)
    assert same != is_better


def test_words_that_no_held_out_document_has_decide_nothing(tmp_path: Path) -> None:
    """No loss is smaller than itself."""
    trained = trained_of(tmp_path, HEARD)
    assert not held_out_predictions(trained, StopRequest(), may_have_further=True).with_further


@pytest.mark.parametrize("given", [{}, {"networks": "2"}], ids=["one network", "two networks"])
def test_answers_are_those_that_are_served(tmp_path: Path, given: dict[str, str]) -> None:
    """In float32 and from int8 tables, whose scales are of all words, heard or not."""
    validation = UNHEARD * 3 + HEARD
    trained = trained_of(tmp_path, validation, **given)
    prepared, weights = trained.prepared, trained.progress.weights
    found = held_out_predictions(trained, StopRequest(), may_have_further=True)
    texts = [text for _, text in validation]
    np.testing.assert_allclose(found.probabilities, answers_of(trained, texts, None), atol=1e-5)
    words = further_words(prepared)
    assert words is not None
    scales = int8_scales(prepared.configuration, words.added_to(weights))
    assert found.quantized is not None
    np.testing.assert_allclose(found.quantized, answers_of(trained, texts, scales), atol=1e-5)


def test_documents_without_further_words_keep_their_answers(tmp_path: Path) -> None:
    """Bit for bit: the others alone are answered again."""
    trained, stop = trained_of(tmp_path, UNHEARD * 3 + HEARD), StopRequest()
    plain = held_out_predictions(trained, stop)
    found = held_out_predictions(trained, stop, may_have_further=True)
    same = (plain.probabilities == found.probabilities).all(axis=1)
    assert same.tolist() == [False] * 6 + [True] * 2
    assert found.thinned(3).with_further


def test_most_frequent_words_are_taken_whatever_other_channels_hold(tmp_path: Path) -> None:
    """So many that the model is at most half as large again, in the order of the file."""
    prepared, _ = prepared_of(tmp_path, UNHEARD)
    words = further_words(prepared)
    assert words is not None
    known = set(prepared.vocabulary.tokens)
    expected = [word for word in EnglishVectors().words if word not in known][: len(words)]
    assert words.tokens == tuple(expected)
    assert b"worst" not in known
    np.testing.assert_array_equal(
        words.vectors.rows()[7], EnglishVectors().read([expected[7]])[expected[7]]
    )
    network = 4 * sum(int(np.prod(each)) for each in prepared.configuration.shapes().values())
    added = words.vectors.packed.nbytes + words.vectors.scales.nbytes + len(words.lines)
    assert 0.3 * network < added < 0.5 * network


def test_words_are_read_by_ids_behind_the_vocabulary(tmp_path: Path) -> None:
    """A word that no vector is known of stays unknown."""
    prepared, _ = prepared_of(tmp_path, [("good", "great house"), ("bad", "xqzt day")])
    reader = FurtherReader.of(prepared)
    assert reader is not None
    read = reader.read(prepared.held_out)
    words = reader.words.tokens
    (great, house), (unknown, day) = (read.corpus.document(index).tolist() for index in range(2))
    assert prepared.vocabulary.tokens[great - 2] == b"great"
    assert [words[number - len(prepared.vocabulary)] for number in (house, day)] == [
        b"house",
        b"day",
    ]
    assert unknown == 1


def test_network_that_starts_from_chance_has_no_further_words(tmp_path: Path) -> None:
    """Nor one of vectors that come in a channel, or of another size."""
    prepared, _ = prepared_of(tmp_path, HEARD)
    given = replace(prepared.start, source=None)
    smaller = replace(prepared.configuration, embedding_size=64)
    for other in (replace(prepared, start=given), replace(prepared, configuration=smaller)):
        assert further_words(other) is None
        assert FurtherReader.of(other) is None


def test_temperature_leaves_that_they_are_read() -> None:
    """It is asked for after the answers were calibrated."""
    part = np.zeros((2, 2), np.float32)
    held_out = HeldOut(None, part + 0.5, None, with_further=True)  # type: ignore[arg-type]
    assert held_out.at_temperature(2.0).with_further
