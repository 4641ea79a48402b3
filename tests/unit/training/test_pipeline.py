"""training/pipeline.py: what a job leaves, with the engine ``fast``."""

import errno
import json
import logging
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.unit.helpers import write_configuration
from text_classification import artifact
from text_classification.cnn.architectures.kim.configuration import KimConfiguration
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.cnn.convolutions import bias_name
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings
from text_classification.corpus.encoded import Batch
from text_classification.inference.classifier import Classifier
from text_classification.kernels.arrays import Ids
from text_classification.machine.signals import StopRequest
from text_classification.training import pipeline as fit
from text_classification.training.job import run
from text_classification.training.network import network_training as model
from text_classification.training.network import quantization
from text_classification.training.network import training_loop as loop
from text_classification.training.network.quantization import compare
from text_classification.training.ngrams import ngram_branch as branch
from text_classification.training.ngrams import second_training
from text_classification.training.ngrams.ngram_branch import NgramBranch, make_branch
from text_classification.training.ngrams.ngram_limits import NgramLimits
from text_classification.training.results import assessment, job_assessment
from text_classification.training.results import job_report as report
from text_classification.training.selection.final_model import FinalModel

TEXTS = {"good": "great fine service thanks", "bad": "awful poor ugly service"}
ROWS = [(label, f"{text} {number}") for number in range(60) for label, text in TEXTS.items()]


@pytest.fixture
def settings(tmp_path: Path, paths: Paths) -> Settings:
    """The settings of a small job that needs no TensorFlow."""
    (paths.data / "train").mkdir(parents=True)
    rows = "".join(f"{label},{text}\n" for label, text in ROWS)
    (paths.data / "train/a.csv").write_text(rows)
    (paths.data / "test").mkdir()
    (paths.data / "test/a.csv").write_text(rows[: len(rows) // 3].rpartition("\n")[0])
    parameters = {"embedding_size": 8, "filters": 8, "epochs": 4, "learning_rate": 0.01}
    given = {
        "recipe": "kim",
        **parameters,
        "engine": "fast",
        "keras_export": False,
        "report": False,
    }
    write_configuration(paths.hyperparameters, {name: str(each) for name, each in given.items()})
    (tmp_path / "scratch").mkdir()
    return Settings(root=tmp_path, scratch=tmp_path / "scratch")


def metrics(paths: Paths) -> dict[str, Any]:
    """Return metrics.json, the same beside the model and among the output."""
    found: dict[str, Any] = json.loads((paths.output_data / fit.METRICS_FILE).read_bytes())
    assert json.loads((paths.model / artifact.METRICS).read_bytes()) == found
    return found


def test_model_is_served_from_int8_where_its_answers_agree(
    settings: Settings, paths: Paths
) -> None:
    """The scales are in the artifact, the decision and its rule in metrics.json."""
    run(settings, StopRequest())
    served, found = artifact.load(paths.model), metrics(paths)
    assert served.scales is not None
    tables = found["tables"]
    assert tables["int8"] is True
    assert tables["documents"] == found["validation"]["documents"] == 24
    assert tables["changed_labels"] <= 1
    assert tables["loss_float32"] == pytest.approx(found["validation"]["loss"], abs=1e-5)
    assert tables["loss_int8"] <= tables["loss_float32"] + 0.005
    assert tables["rule"].startswith("int8 where at most 0.5% of the labels")
    answers = Classifier(served).classify([text for _, text in ROWS]).probabilities.argmax(axis=1)
    assert [served.labels[answer] for answer in answers] == [label for label, _ in ROWS]


def test_model_is_served_from_float32_where_int8_is_worse(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No scales are written, and metrics.json says by which numbers."""
    monkeypatch.setattr(quantization, "MOST_LOSS", -1.0)
    run(settings, StopRequest())
    assert artifact.load(paths.model).scales is None
    tables = metrics(paths)["tables"]
    assert tables["int8"] is False
    assert tables["rule"].endswith("rises by at most -1.0")


def test_stopped_job_decides_on_what_it_validated(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the time that is left, on a part of the documents; the decision is noted all the same."""
    stop = StopRequest()
    train_batch = FastEngine.train_batch

    def stopping(self: FastEngine, batch: Batch, labels: Ids) -> float:
        stop.set()
        return train_batch(self, batch, labels)

    monkeypatch.setattr(FastEngine, "train_batch", stopping)
    for module in (job_assessment, loop):
        monkeypatch.setattr(module, "STOPPED_VALIDATION", 7)
    run(settings, stop)
    found = metrics(paths)
    assert found["stopped_on_request"] is True
    assert found["tables"]["documents"] == found["validation"]["documents"] == 7
    scales = artifact.load(paths.model).scales
    assert (scales is not None) == found["tables"]["int8"]


def test_stop_before_the_scores_leaves_them_for_a_sample(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes while the tables are decided on, which nothing interrupts."""
    stop = StopRequest()

    def stopping(*arguments: Any) -> Any:
        stop.set()
        return compare(*arguments)

    monkeypatch.setattr(assessment, "compare", stopping)
    monkeypatch.setattr(job_assessment, "STOPPED_VALIDATION", 7)
    run(settings, stop)
    assert metrics(paths)["validation"]["documents"] == 7


class OtherEngine(FastEngine):
    """What ``auto`` might choose on another machine."""


def test_checkpoint_of_another_engine_is_passed_over(
    settings: Settings,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The state of one engine is none of the other, though the job asked for the same."""
    paths.checkpoints.mkdir()
    caplog.set_level(logging.INFO)
    run(settings, StopRequest())
    run(settings, StopRequest())
    assert "going on from checkpoint-0000" in caplog.text
    caplog.clear()
    monkeypatch.setattr("text_classification.cnn.architectures.kim.fast_engine.ENGINE", OtherEngine)
    run(settings, StopRequest())
    assert "or another engine; it is passed over" in caplog.text
    assert "epoch 1:" in caplog.text


def test_checkpoint_of_another_start_is_passed_over(
    settings: Settings, paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    """The same documents and hyperparameters, but now from an earlier model: another job."""
    paths.checkpoints.mkdir()
    run(settings, StopRequest())
    shutil.copytree(paths.model, paths.data / "model")
    caplog.set_level(logging.INFO)
    run(settings, StopRequest())
    assert "is of other documents, hyperparameters, another start or another engine" in caplog.text
    assert "epoch 1:" in caplog.text
    caplog.clear()
    run(settings, StopRequest())
    assert "going on from checkpoint-0000" in caplog.text


def test_test_documents_have_no_say_in_how_the_model_is_served(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are chosen once, by validation."""
    asked: list[int] = []

    def noted(*arguments: Any) -> Any:
        asked.append(len(arguments[0]))
        return compare(*arguments)

    monkeypatch.setattr(assessment, "compare", noted)
    run(settings, StopRequest())
    found = metrics(paths)
    assert asked == [found["validation"]["documents"]]
    assert found["test"]["documents"] > 0


class Noted(Exception):
    """What the engine was asked for; it ends the job where one would be made."""


@pytest.mark.parametrize(("asked", "expected"), [("none", None), ("balanced", [0.75, 1.5])])
def test_engine_gets_class_weights_and_decay(
    settings: Settings,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    expected: list[float] | None,
) -> None:
    """The weights come from the training documents alone, the validation channel has no say."""
    rows = "".join(f"{label},{label} word\n" for label in ["bad", "bad", "good"] * 8)
    (paths.data / "train/a.csv").write_text(rows)
    (paths.data / "validation").mkdir()
    (paths.data / "validation/a.csv").write_text("bad,word\n" * 9 + "good,word\n" * 3)
    given = {"recipe": "kim", "class_weights": asked, "decay_steps": "70", "decay_rate": "0.5"}
    write_configuration(paths.hyperparameters, given)

    def note(*_: Any, **options: Any) -> None:
        raise Noted(options)

    monkeypatch.setattr(model, "create_engine", note)
    with pytest.raises(Noted) as raised:
        run(settings, StopRequest())
    (options,) = raised.value.args
    weights = options["class_weights"]
    assert (weights if weights is None else weights.tolist()) == expected
    assert options["learning_rate"] == LearningRate(1e-3, decay_steps=70, decay_rate=0.5)


def test_engine_gets_the_options_of_the_job_and_the_steps_of_an_epoch(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """96 of 120 documents are trained on, in 3 steps of at most 40."""
    write_configuration(paths.hyperparameters, {"frozen_epochs": "4", "batch_size": "40"})

    def note(*_: Any, **options: Any) -> None:
        raise Noted(options)

    monkeypatch.setattr(model, "create_engine", note)
    with pytest.raises(Noted) as raised:
        run(settings, StopRequest())
    (given,) = raised.value.args
    assert (given["options"].frozen_epochs, given["steps_an_epoch"]) == (4, 3)


@pytest.mark.parametrize("floor", [0.5, 1.0])
def test_floor_is_chosen_by_validation_and_kept(
    settings: Settings,
    paths: Paths,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    floor: float,
) -> None:
    """Coverage and precision of each part are in metrics.json; a precision out of reach is told."""
    given = json.loads(paths.hyperparameters.read_text())
    write_configuration(paths.hyperparameters, {**given, "target_precision": "0.9"})
    asked: list[tuple[int, float]] = []

    def chosen(labels: Ids, _probabilities: Any, precision: float) -> float:
        asked.append((len(labels), precision))
        return floor

    monkeypatch.setattr(assessment, "choose_floor", chosen)
    run(settings, StopRequest())
    found = metrics(paths)
    assert asked == [(found["validation"]["documents"], 0.9)]
    assert artifact.load(paths.model).confidence_floor == floor
    nothing = {"coverage": 0.0, "precision": None}
    everything = {"coverage": 1.0, "precision": 1.0}
    at_floor = nothing if floor == 1.0 else everything
    assert found["confidence"] == {
        "target_precision": 0.9,
        "floor": floor,
        "validation": at_floor,
        "test": at_floor,
    }
    assert ("every answer counts as not sure" in caplog.text) == (floor == 1.0)


def test_without_a_target_there_is_no_floor(settings: Settings, paths: Paths) -> None:
    """Neither in the model nor in metrics.json."""
    run(settings, StopRequest())
    assert artifact.load(paths.model).confidence_floor is None
    assert "confidence" not in metrics(paths)


def test_normalisation_is_gone_from_the_model(settings: Settings, paths: Paths) -> None:
    """Trained with it, the artifact is a plain one, in int8 too, and its answers are as scored."""
    given = json.loads(paths.hyperparameters.read_text())
    write_configuration(paths.hyperparameters, {**given, "batch_normalization": "true"})
    run(settings, StopRequest())
    model, found = artifact.load(paths.model), metrics(paths)
    assert set(model.weights) == set(model.configuration.shapes())
    assert model.hyperparameters["batch_normalization"] is True
    assert not any(model.weights[bias_name(width)].any() for width in (3, 4, 5))
    assert found["validation"]["accuracy"] == 1
    assert found["tables"]["changed_labels"] <= 1
    assert found["tables"]["loss_int8"] == pytest.approx(found["validation"]["loss"], abs=5e-3)
    answers = Classifier(model).classify([text for _, text in ROWS]).probabilities.argmax(axis=1)
    assert [model.labels[answer] for answer in answers] == [label for label, _ in ROWS]


def test_networks_side_by_side_are_served_as_one(settings: Settings, paths: Paths) -> None:
    """A plain model of their size together, and its answers are as scored, in int8 too."""
    given = json.loads(paths.hyperparameters.read_text())
    write_configuration(paths.hyperparameters, {**given, "networks": "2"})
    run(settings, StopRequest())
    model, found = artifact.load(paths.model), metrics(paths)
    assert isinstance(model.configuration, KimConfiguration)
    assert model.configuration.filters == 2 * model.hyperparameters["filters"]
    assert found["validation"]["accuracy"] == 1
    assert found["tables"]["loss_int8"] == pytest.approx(found["validation"]["loss"], abs=5e-3)
    answers = Classifier(model).classify([text for _, text in ROWS]).probabilities.argmax(axis=1)
    assert [model.labels[answer] for answer in answers] == [label for label, _ in ROWS]


def test_stacked_recipe_trains_on_keras_and_is_served_from_float32(
    settings: Settings, paths: Paths
) -> None:
    """All defaults of the recipe: it learns, there are no int8 tables, and the answers are its."""
    write_configuration(paths.hyperparameters, {"recipe": "stacked", "keras_export": "false"})
    run(settings, StopRequest())
    served, found = artifact.load(paths.model), metrics(paths)
    assert served.configuration.architecture == "stacked.v1"
    assert served.hyperparameters["class_weights"] == "balanced"
    assert served.scales is None
    assert "tables" not in found
    answers = Classifier(served).classify([text for _, text in ROWS]).probabilities.argmax(axis=1)
    assert [served.labels[answer] for answer in answers] == [label for label, _ in ROWS]


def test_job_stopped_while_it_tries_ngrams_leaves_the_network(
    settings: Settings, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole model, without them."""
    values = {**json.loads(paths.hyperparameters.read_bytes()), "ngrams": "true"}
    write_configuration(paths.hyperparameters, values)
    stop = StopRequest()

    def stopping(final: FinalModel, limits: NgramLimits, stop: StopRequest) -> NgramBranch:
        stop.set()
        return make_branch(final, limits, stop)

    monkeypatch.setattr(second_training, "make_branch", stopping)
    run(settings, stop)
    assert artifact.load(paths.model).ngrams is None


def test_served_model_answers_as_the_tested_one(settings: Settings, paths: Paths) -> None:
    """With n-grams as well: the accuracy in metrics.json is that of what serving loads."""
    values = {**json.loads(paths.hyperparameters.read_bytes()), "recipe": "wide", "epochs": "1"}
    write_configuration(paths.hyperparameters, values)
    run(settings, StopRequest())
    served, found = artifact.load(paths.model), metrics(paths)
    assert served.ngrams is not None
    assert served.tokenizer == "words_and_symbols.v2"
    rows = [row.split(",") for row in (paths.data / "test/a.csv").read_text().split("\n")]
    scores = Classifier(served).classify([text for _, text in rows]).probabilities
    truth = [served.labels.index(label) for label, _ in rows]
    loss = -np.log(scores[np.arange(len(truth)), truth]).mean()
    assert found["test"]["loss"] == pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize("objective", ["accuracy", "pr_auc"])
def test_tuning_is_in_the_metrics(
    settings: Settings, paths: Paths, caplog: pytest.LogCaptureFixture, objective: str
) -> None:
    """With the gap between validation, by which it was chosen, and test; the trials beside it."""
    caplog.set_level(logging.INFO)
    given = {
        "recipe": "kim",
        "tuning_trials": "2",
        "tuning_objective": objective,
        "epochs": "2",
        "folds": "2",
    }
    tuning = {**given, "keras_export": "false", "search_space": {"filters": [4, 8]}}
    write_configuration(paths.hyperparameters, tuning)
    run(settings, StopRequest())
    found = metrics(paths)
    gap = found["validation"][objective] - found["test"][objective]
    assert found["tuning"]["validation_test_gap"] == pytest.approx(gap)
    assert f"tuned: {objective} is {found['validation'][objective]:.4f}" in caplog.text
    assert found["tuning"]["objective"] == objective
    assert len(found["cross_validation"]["folds"]) == 2
    best = found["tuning"]["best"]["hyperparameters"]["filters"]
    assert artifact.load(paths.model).hyperparameters["filters"] == best
    assert len((paths.output_data / "trials.csv").read_text().splitlines()) == 3


def test_without_test_documents_there_is_no_gap(settings: Settings, paths: Paths) -> None:
    """And nothing is said of one."""
    (paths.data / "test/a.csv").unlink()
    (paths.data / "test").rmdir()
    given = {
        "recipe": "kim",
        "tuning_trials": "1",
        "epochs": "1",
        "search_space": {"filters": [4, 8]},
    }
    write_configuration(paths.hyperparameters, {**given, "keras_export": "false"})
    run(settings, StopRequest())
    assert "validation_test_gap" not in metrics(paths)["tuning"]


def fail(*_: object, **__: object) -> None:
    """Fail as a part that nobody needs to have a model."""
    raise MemoryError


@pytest.mark.parametrize(
    ("place", "warning"),
    [
        ((branch, "fit_branch"), "the model has no n-grams: OUT_OF_MEMORY"),
        ((assessment, "fit_temperature"), "the model is not calibrated"),
        ((fit, "export_keras"), "there is no model.keras: OUT_OF_MEMORY"),
        ((report, "write_report"), "there is no report: OUT_OF_MEMORY"),
    ],
)
def test_whatever_fails_after_the_training_the_network_is_saved(  # noqa: PLR0913, PLR0917 - fixtures
    settings: Settings,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: tuple[ModuleType, str],
    warning: str,
) -> None:
    """And a warning says what is left out, and why."""
    values = {**json.loads(paths.hyperparameters.read_bytes()), "recipe": "wide", "epochs": "1"}
    write_configuration(paths.hyperparameters, {**values, "keras_export": "true", "report": "true"})
    monkeypatch.setattr(*place, fail)
    run(settings, StopRequest())
    assert artifact.load(paths.model).labels == ("bad", "good")
    assert warning in caplog.text


def test_model_that_does_not_fit_with_ngrams_is_saved_without(
    settings: Settings,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The disk is full with them, and the network alone has room."""
    values = {**json.loads(paths.hyperparameters.read_bytes()), "recipe": "wide", "epochs": "1"}
    write_configuration(paths.hyperparameters, values)
    save = artifact.save

    def save_small(model: artifact.Artifact, folder: Path) -> None:
        if model.ngrams:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(model, folder)

    monkeypatch.setattr(artifact, "save", save_small)
    run(settings, StopRequest())
    assert artifact.load(paths.model).ngrams is None
    assert f"DISK_FULL: the disk is full [{paths.model}]" in caplog.text


@pytest.mark.parametrize("texts", [("1 2", "3"), ("", ""), ("a", "b"), ("\N{GRINNING FACE}", "?")])
def test_odd_documents_leave_a_model(
    settings: Settings, paths: Paths, caplog: pytest.LogCaptureFixture, texts: tuple[str, str]
) -> None:
    """Numbers, nothing at all, single letters: n-grams of characters there are none."""
    good, bad = texts
    (paths.data / "train/a.csv").write_text(f"good,{good}\nbad,{bad}\n" * 3)
    (paths.data / "test/a.csv").write_text(f"good,{good}\nbad,{bad}\n")
    write_configuration(paths.hyperparameters, {"recipe": "wide", "keras_export": "false"})
    run(settings, StopRequest())
    assert artifact.load(paths.model).labels == ("bad", "good")
    assert "INTERNAL" not in caplog.text
