"""Jobs that go on from the model of an earlier job."""

import json
import shutil
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from letters import letters
from tests.support.server import Server
from tests.support.training import SMALL, Job, TrainingEnvironment
from text_classification import artifact

pytestmark = pytest.mark.long

Trained = tuple[TrainingEnvironment, Job]

# The earlier job trained on these; its shape is not repeated.
SAMPLE = [(letter.label, letter.text) for letter in letters(300, seed=1)]
HYPERPARAMETERS = {
    "epochs": "1",
    "batch_size": "32",
    "keras_export": "false",
    "report": "false",
}


def _pack(model: Path, job: TrainingEnvironment) -> None:
    """Deliver a model folder as SageMaker delivers the channel model."""
    path = job.write("model/model.tar.gz", "")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(model, "")


def _configure(job: TrainingEnvironment, **hyperparameters: str) -> None:
    job.configure("hyperparameters.json", {**HYPERPARAMETERS, **hyperparameters})
    declared = {"ContentType": "application/x-sagemaker-model", "TrainingInputMode": "File"}
    job.configure("inputdataconfig.json", {"train": {}, "model": declared})


def _with_words(rows: Iterable[tuple[str, str]], words: str) -> list[tuple[str, str]]:
    return [(label, f"{words} {text}") for label, text in rows]


def test_job_goes_on_where_the_earlier_one_ended(
    training: TrainingEnvironment, trained: Trained
) -> None:
    """With a step of next to no size the new model has the old one's weights, row by row."""
    training.write_csv("train/a.csv", _with_words(SAMPLE, "brandnew words"))
    _pack(trained[0].model, training)
    _configure(training, learning_rate="1e-12")
    job = training.run()
    assert job.code == 0, job.output
    assert "going on from the model in model/model.tar.gz: 14 labels" in job.output
    before, after = artifact.load(trained[0].model), artifact.load(training.model)
    assert after.configuration.as_dict() == {
        **before.configuration.as_dict(),
        "vocabulary_size": len(after.vocabulary),
    }
    known = len(before.vocabulary)
    assert after.vocabulary.tokens[: known - 2] == before.vocabulary.tokens
    assert {b"brandnew", b"words"} <= set(after.vocabulary.tokens[known - 2 :])
    np.testing.assert_allclose(
        after.weights["embedding"][:known], before.weights["embedding"], atol=1e-6
    )
    np.testing.assert_allclose(
        after.weights["convolution_3.kernel"], before.weights["convolution_3.kernel"], atol=1e-6
    )
    temperature = after.metrics["calibration"]["temperature"]
    np.testing.assert_allclose(
        after.weights["dense.kernel"] * temperature, before.weights["dense.kernel"], atol=1e-5
    )


def test_one_more_epoch_is_worth_more_than_the_first(
    training: TrainingEnvironment, trained: Trained
) -> None:
    """What was learned is not lost: one epoch from the model beats one from chance."""
    losses = []
    for start in ("chance", "model"):
        training.write_csv("train/a.csv", SAMPLE)
        _configure(training, **SMALL | {"epochs": "1"})
        if start == "model":
            _pack(trained[0].model, training)
        else:
            training.configure("inputdataconfig.json", {"train": {}})
        job = training.run()
        assert job.code == 0, job.output
        metrics = json.loads((training.output_data / "metrics.json").read_text())
        losses.append(metrics["epochs"][0]["validation:loss"])
    assert losses[1] < losses[0] - 0.2


def test_labels_may_come_and_go_and_the_model_is_served(
    training: TrainingEnvironment, trained: Trained, start_server: Callable[..., Server]
) -> None:
    """A label without documents is dropped, a new one is learned; the log names both."""
    gone = SAMPLE[0][0]
    rows = [row for row in SAMPLE if row[0] != gone]
    rows += [("NOVELTY", f"brandnew words of novelty {number}") for number in range(40)]
    training.write_csv("train/a.csv", rows)
    shutil.copytree(trained[0].model, training.root / "input/data/model")
    _configure(training, epochs="6", learning_rate="0.01")
    job = training.run()
    assert job.code == 0, job.output
    assert "1 labels are new to the model, and start from chance: 'NOVELTY'" in job.output
    assert f"are dropped: '{gone}'" in job.output
    model = artifact.load(training.model)
    assert "NOVELTY" in model.labels
    assert gone not in model.labels
    server = start_server(root=training.root)
    answer = server.invocations("brandnew words of novelty", "text/plain")
    assert answer.json["predictions"][0]["label"] == "NOVELTY"


def test_wide_model_goes_on_as_one(training: TrainingEnvironment) -> None:
    """Its recipe and tokenizer are taken without being named; the n-grams are fitted anew."""
    training.write_csv("train/a.csv", SAMPLE)
    training.configure("inputdataconfig.json", {"train": {}})
    training.configure("hyperparameters.json", {**SMALL, "recipe": "wide"})
    assert training.run().code == 0
    before = artifact.load(training.model)
    _pack(training.model, training)
    _configure(training)
    job = training.run()
    assert job.code == 0, job.output
    after = artifact.load(training.model)
    assert before.ngrams is not None
    assert after.ngrams is not None
    assert after.hyperparameters["recipe"] == "wide"
    assert (after.tokenizer, after.configuration) == (before.tokenizer, before.configuration)
    assert after.vocabulary.tokens == before.vocabulary.tokens


def test_folds_start_from_the_model_and_from_vectors(
    training: TrainingEnvironment, trained: Trained
) -> None:
    """Their processes get both: old tokens keep the model's numbers, new ones have the file's."""
    training.write_csv("train/a.csv", _with_words(SAMPLE, "brandnew words"))
    _pack(trained[0].model, training)
    training.write("embeddings/vectors.txt", f"brandnew{' 0.25' * 16}\n".encode())
    _configure(training, folds="2", frozen_epochs="50", learning_rate="1e-12")
    training.configure("inputdataconfig.json", {"train": {}, "model": {}, "embeddings": {}})
    job = training.run()
    assert job.code == 0, job.output
    assert job.output.count("words in the training documents have a vector") == 1
    before, after = artifact.load(trained[0].model), artifact.load(training.model)
    known = len(before.vocabulary)
    np.testing.assert_array_equal(after.weights["embedding"][:known], before.weights["embedding"])
    place = after.vocabulary.tokens.index(b"brandnew") + 2
    assert after.weights["embedding"][place].tolist() == [0.25] * 16
    assert len(after.metrics["cross_validation"]["folds"]) == 2


@pytest.mark.parametrize(
    ("given", "code", "hint"),
    [
        (
            {"filters": "100"},
            "HYPERPARAMETER_INVALID",
            "from has filters=16; the job asks for filters=100",
        ),
        ({"recipe": "stacked"}, "HYPERPARAMETER_INVALID", "has recipe=kim; the job asks for"),
        ({}, "ARTIFACT_CORRUPT", "the archive cannot be unpacked: "),
    ],
)
def test_what_cannot_go_on_is_told_first(
    training: TrainingEnvironment, trained: Trained, given: dict[str, str], code: str, hint: str
) -> None:
    """Before a document is read; nothing is written."""
    training.write_csv("train/a.csv", SAMPLE)
    if given:
        _pack(trained[0].model, training)
    else:
        training.write("model/model.tar.gz", b"no archive")
    _configure(training, **given)
    job = training.run()
    assert job.code == 1
    assert job.failure.startswith(code)
    assert hint in job.failure[:1024]
    assert "Traceback" not in job.output
    assert not list(training.model.iterdir())
