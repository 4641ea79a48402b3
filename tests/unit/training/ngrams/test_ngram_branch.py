"""training/ngrams: n-grams beside a network, from documents to a model that serves."""

import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.artifact import Artifact
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.corpus.pretrained_vectors import EnglishVectors
from text_classification.inference.classifier import Classifier
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.inputs.initial_model import InitialModel
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.ngrams import ngram_branch as branch
from text_classification.training.ngrams import ngram_settings as choice
from text_classification.training.ngrams import ngram_training, word_vectors
from text_classification.training.ngrams.ngram_branch import (
    fit_branch,
    joined,
    make_branch,
    with_shares,
)
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.ngrams.ngram_settings import Trials
from text_classification.training.ngrams.ngram_training import NgramModels, fit_ngrams
from text_classification.training.selection.final_model import FinalModel, train_final

PARAMETERS = parse_hyperparameters(
    {"recipe": "wide", "embedding_size": 4, "filters": 4, "epochs": 2, "learning_rate": 0.01}
)
PLAIN = PARAMETERS.model_copy(update={"refit": False})
FOLDS = PARAMETERS.model_copy(update={"folds": 3})
TEST = [("good", "great service, greatly fine!"), ("bad", "awfully poor"), ("bad", "")]


def add_ngrams(final: FinalModel, limits: NgramLimits, stop: StopRequest) -> FinalModel:
    """Return the model with n-grams."""
    return joined(final, make_branch(final, limits, stop))


def final_of(
    folder: Path, parameters: Hyperparameters, **others: list[tuple[str, str]]
) -> FinalModel:
    """Train a network without checkpoints."""
    documents = documents_of(folder, parameters, ROWS, **others)
    return train_final(
        documents, parameters, Settings(root=folder / "nowhere"), folder, StopRequest()
    )


@pytest.mark.parametrize("parameters", [PARAMETERS, FOLDS])
def test_model_answers_with_the_sum_of_both(tmp_path: Path, parameters: Hyperparameters) -> None:
    """Each in its share: the held-out answers are those of the sum, and so is what is served."""
    final = final_of(tmp_path, parameters)
    both = add_ngrams(final, NgramLimits(), StopRequest())
    assert both.trained.ngrams is not None
    labels = both.held_out.part.labels
    assert (both.held_out.probabilities.argmax(axis=1) == labels).all()
    before, after = (
        -np.log(each.held_out.probabilities[np.arange(len(labels)), labels]).mean()
        for each in (final, both)
    )
    assert after < before
    np.testing.assert_allclose(both.held_out.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert both.held_out.quantized is not None
    np.testing.assert_allclose(both.held_out.quantized, both.held_out.probabilities, atol=0.01)


@pytest.mark.parametrize("vectors", [False, True])
def test_the_log_names_every_share(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, vectors: bool
) -> None:
    """So that it can be read what each model counts, that of pretrained vectors too."""
    caplog.set_level(logging.INFO)
    documents = documents_of(tmp_path, PARAMETERS, ROWS)
    if vectors:
        generator = np.random.default_rng(1)
        known = {token: generator.normal(size=4).astype(np.float32) for token in documents.tokens}
        documents = replace(documents, start=InitialModel(vectors=known))
    settings = Settings(root=tmp_path / "nowhere")
    final = train_final(documents, PLAIN, settings, tmp_path, StopRequest())
    fit_branch(final, NgramLimits(), StopRequest())
    (chosen,) = (each for each in caplog.messages if each.startswith("n-grams: "))
    assert re.search(r"words, and pairs and characters found in at least \d .*loss \d\.", chosen)
    (line,) = (each for each in caplog.messages if "shares in the logits" in each)
    shares = re.findall(r"([a-z -]+) \d+\.\d{3}", line.partition(":")[2])
    names = ["network", "all n-grams", "words and pairs", "characters"]
    assert [each.strip() for each in shares] == [*names, *["vectors"][: int(vectors)]]


def test_all_documents_are_learned_from(tmp_path: Path) -> None:
    """The n-grams of the model are those of what its network was trained on."""
    final = final_of(tmp_path, PARAMETERS)
    both = add_ngrams(final, NgramLimits(), StopRequest())
    assert both.trained.ngrams is not None
    assert len(final.trained.prepared.training) == len(ROWS)
    vocabulary = final.trained.prepared.vocabulary
    assert len(both.trained.ngrams.words.rows) == len(vocabulary)
    assert (np.abs(both.trained.ngrams.words.rows[2:]).max(axis=1) > 0).all()


def test_words_unheard_of_are_known_by_their_characters(tmp_path: Path) -> None:
    """What is served knows greatly by great, and awfully by awful."""
    final = add_ngrams(final_of(tmp_path, PARAMETERS), NgramLimits(), StopRequest())
    prepared = final.trained.prepared
    classifier = Classifier(
        Artifact(
            prepared.configuration,
            PARAMETERS.tokenizer,
            prepared.labels,
            prepared.vocabulary,
            final.trained.progress.weights,
            ngrams=final.trained.ngrams,
        )
    )
    scores = classifier.classify(["greatly", "awfully", "Greatly! Awfully?"])
    assert prepared.labels == ("bad", "good")
    assert scores.probabilities[:2].argmax(axis=1).tolist() == [1, 0]
    assert scores.unknown_tokens.tolist() == [1, 1, 4]
    reasons = classifier.explain("Greatly! Awfully?", "good")
    assert reasons.tokens == ("greatly", "!", "awfully", "?")
    assert reasons.values[0] > 0 > reasons.values[2]


@pytest.mark.parametrize("with_vectors", [False, True])
def test_words_beyond_the_network_are_read_by_ngrams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_vectors: bool
) -> None:
    """A network of one word, and n-grams of all: served, they answer as they did in training."""
    parameters = PLAIN.model_copy(update={"network_tokens": 1, "embedding_size": 100})
    monkeypatch.setattr(word_vectors, "most_further", lambda _: 10)
    documents = documents_of(tmp_path, parameters, ROWS)
    if with_vectors:
        source = EnglishVectors()
        start = InitialModel(vectors=source.read(documents.tokens), source=source)
        documents = replace(documents, start=start)
    settings = Settings(root=tmp_path / "nowhere")
    final = train_final(documents, parameters, settings, tmp_path, StopRequest())
    both = add_ngrams(final, NgramLimits(), StopRequest())
    prepared, ngrams = both.trained.prepared, both.trained.ngrams
    assert ngrams is not None
    assert prepared.vocabulary.tokens == (b"service",)
    assert len(both.trained.progress.weights["embedding"]) == 3
    assert set(ngrams.further.split()) >= {b"great", b"thanks", b"awful", b"good0", b"bad29"}
    assert len(ngrams.further.split()) == len(prepared.beyond) + (10 if with_vectors else 0)
    model = Artifact(
        prepared.configuration,
        parameters.tokenizer,
        prepared.labels,
        prepared.vocabulary,
        both.trained.progress.weights,
        ngrams=ngrams,
    )
    answered = Classifier(model).classify(
        [ROWS[index][1] for index in both.held_out.part.documents]
    )
    np.testing.assert_allclose(answered.probabilities, both.held_out.probabilities, atol=1e-4)
    assert (answered.probabilities.argmax(axis=1) == both.held_out.part.labels).all()


def test_stop_ends_the_trials(tmp_path: Path) -> None:
    """The caller keeps the network alone."""
    final = final_of(tmp_path, PARAMETERS)
    stop = StopRequest()
    stop.set()
    with pytest.raises(Stopped):
        Trials(final.splits, stop, NgramLimits()).best()


@pytest.mark.parametrize("parameters", [PLAIN, FOLDS])
def test_many_documents_are_learned_from_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parameters: Hyperparameters
) -> None:
    """Settings are tried on a part; the model that answers is the one that is kept."""
    final = final_of(tmp_path, parameters)
    learned: list[int] = []

    def counting(prepared: TrainingData, training: Part, *others: Any, **more: Any) -> NgramModels:
        learned.append(len(training))
        return fit_ngrams(prepared, training, *others, **more)

    monkeypatch.setattr(choice, "PART", 10)
    for module in (choice, branch):
        monkeypatch.setattr(module, "fit_ngrams", counting)
    found = fit_branch(final, NgramLimits(), StopRequest())
    # Two settings for each split, then all of each; after folds, once more on all.
    sizes = [len(split.training) for split in final.splits]
    after_folds = [len(ROWS)] if parameters.folds else []
    assert learned == [10] * 2 * len(sizes) + sizes + after_folds
    assert found.decisions.shape == final.held_out.probabilities.shape
    answers = joined(final, found).held_out
    assert (answers.probabilities.argmax(axis=1) == answers.part.labels).all()


def test_much_text_is_learned_from_without_characters_or_trials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is one setting; the documents come in blocks that fit the memory."""
    final = final_of(tmp_path, PARAMETERS)
    monkeypatch.setattr(choice, "PART", 10)
    monkeypatch.setattr(choice, "MOST_SPELLED", 100)
    monkeypatch.setattr(ngram_training, "MOST_ENTRIES", 150)
    setting, decisions = Trials(final.splits, StopRequest(), NgramLimits()).best()
    assert (setting.characters, setting.fewest, decisions) == (False, 2, [])
    prepared = final.trained.prepared
    limits, stop = NgramLimits(), StopRequest()
    fitted = fit_ngrams(prepared, prepared.training, setting, limits=limits, stop=stop)
    blocks = ngram_training.Blocks(fitted.ngrams, prepared.training)
    labels = [blocks[number].labels.tolist() for number in range(len(blocks))]
    assert len(labels) > 2
    assert sum(map(len, labels)) == len(ROWS)
    assert all(len(set(each)) == 2 for each in labels)
    for decided in fitted.decide(prepared.training):
        assert (decided.argmax(axis=1) == prepared.training.labels).all()


def test_shares_are_taken_into_the_last_layer() -> None:
    """Whatever stands before it is as it was."""
    weights = {
        "embedding": np.ones((2, 2), np.float32),
        "dense.kernel": np.ones((2, 2), np.float32),
        "dense.bias": np.array([1, 2], np.float32),
    }
    found = with_shares(weights, 0.5, np.array([1.0, -1.0]))
    assert found["embedding"].tolist() == [[1, 1], [1, 1]]
    assert found["dense.kernel"].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert found["dense.bias"].tolist() == [1.5, 0]
