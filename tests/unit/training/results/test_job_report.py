"""training/results/job_report.py: the report of a job, and that a model does not depend on it."""

import json
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support.page import Page, rows, text
from tests.unit.evaluation.report.sample import tuning_result
from tests.unit.helpers import write_configuration
from text_classification import artifact
from text_classification.contract.paths import Paths
from text_classification.contract.settings import Settings
from text_classification.evaluation.report import page
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.job import run
from text_classification.training.network import held_out
from text_classification.training.network import training_loop as loop
from text_classification.training.network.training_progress import Progress
from text_classification.training.results import job_assessment
from text_classification.training.results import job_report as report_module
from text_classification.training.results.attribution import Explainer

TEXTS = {"good": "great fine service thanks", "bad": "awful poor ugly service"}
ROWS = [(label, f"{text} {number}") for number in range(60) for label, text in TEXTS.items()]
Job = Callable[..., Page | None]


@pytest.fixture
def job(tmp_path: Path, paths: Paths, caplog: pytest.LogCaptureFixture) -> Job:
    """Run a small job with some hyperparameters of its own, and return the page that it left."""
    caplog.set_level(logging.INFO)
    (paths.data / "train").mkdir(parents=True)
    rows = "".join(f"{label},{text}\n" for label, text in ROWS)
    # Two labels that no model can learn, near the ends of the file.
    (paths.data / "train/a.csv").write_text(f"bad,{TEXTS['good']}\n{rows}good,{TEXTS['bad']}\n")
    (tmp_path / "scratch").mkdir()

    def run_job(**given: Any) -> Page | None:
        parameters = {"embedding_size": 8, "filters": 8, "epochs": 6, "learning_rate": 0.01}
        options = {"recipe": "kim", **parameters, "engine": "fast", "keras_export": False, **given}
        write_configuration(
            paths.hyperparameters, {name: str(value) for name, value in options.items()}
        )
        run(Settings(root=tmp_path, scratch=tmp_path / "scratch"), StopRequest())
        written = paths.output_data / page.PAGE
        return Page(written.read_text("utf-8")) if written.is_file() else None

    return run_job


def metrics(paths: Paths) -> dict[str, Any]:
    """Return metrics.json."""
    found: dict[str, Any] = json.loads((paths.output_data / "metrics.json").read_bytes())
    return found


def test_job_leaves_a_report_of_its_numbers(job: Job, paths: Paths) -> None:
    """The scores are those of metrics.json, the facts those of the documents and the model."""
    found = job(validation_fraction=0.5)
    assert found
    found.check()
    scores, facts = (rows(table) for table in found.section("summary").iter("table"))
    accuracy = metrics(paths)["validation"]["accuracy"]
    assert scores[2][1].startswith(f"{accuracy:.3f} (")
    told = dict(facts)
    assert told["documents"] == "61 to train on, 61 to validate on"
    assert told["classes"] == "2"
    weights = artifact.load(paths.model).weights
    numbers = sum(array.size for array in weights.values())
    assert told["model"] == f"recipe kim, architecture kim.v1, {numbers:,} numbers"
    assert told["training"].startswith("6 epochs in ")
    # Of the numbers behind the texts hardly any stand in two training documents.
    (unknown,) = re.findall(r"([\d.]+) % of the words", told["vocabulary"])
    assert 15 < float(unknown) < 25
    balance = text(found.section("documents"))
    assert "The largest class, bad, has 61 documents" in balance


def test_mistakes_and_phrases_are_the_model_s(job: Job, paths: Paths) -> None:
    """The wrong labels are found, by their place among the training documents."""
    found = job(validation_fraction=0.5)
    assert found
    wrong = metrics(paths)["validation"]
    told = text(found.section("mistakes"))
    assert told.count("(document") == round((1 - wrong["accuracy"]) * wrong["documents"])
    (table,) = (rows(each) for each in found.section("phrases").iter("table"))
    assert [label for label, _ in table[1:]] == ["bad", "good"]
    words = [set(re.findall(r"[a-z]+", phrases)) - {"in"} for _, phrases in table[1:]]
    assert words[0] & {"awful", "poor", "ugly"}
    assert words[1] & {"great", "fine", "thanks"}
    assert words[0] & words[1] <= {"service"}


def test_report_of_a_model_trained_again_speaks_its_words(
    job: Job, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers are those of the model before it, whose words had other ids."""
    random, words = (
        Random(1),
        ["great", "fine", "thanks", "lovely", "kind", "awful", "poor", "ugly", "rude", "late"],
    )
    texts = [" ".join(random.choices(words, k=4)) for _ in range(120)]
    lines = [f"{number % 2},{text}\n" for number, text in enumerate(texts)]
    (paths.data / "train/a.csv").write_text("".join(lines))
    read: dict[int, str] = {}

    def reading(explainer: Explainer, part: Part, *_: Any) -> tuple[()]:
        read.update(
            (int(index), explainer.text(part.corpus.document(int(index))))
            for index in part.documents
        )
        return ()

    monkeypatch.setattr(report_module, "confident_mistakes", reading)
    assert job(validation_fraction=0.5, refit=True, epochs=1)
    assert len(read) == 60
    assert read == {index: texts[index] for index in read}


def test_report_names_words_known_by_their_vectors(
    job: Job, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are among its phrases, and counted with the vocabulary."""
    monkeypatch.setattr(held_out, "is_better", lambda *_: True)
    (paths.data / "validation").mkdir()
    lines = f"good,best nice day\nbad,{TEXTS['bad']}\n" * 5
    (paths.data / "validation/a.csv").write_text(lines)
    found = job(pretrained="english", embedding_size=100, filters=128)
    assert found
    told = dict(rows(list(found.section("summary").iter("table"))[1]))["vocabulary"]
    assert re.search(r"tokens, and [\d,]+ by their pretrained vectors; 0.0 % of the words", told)
    model = artifact.load(paths.model)
    assert b"best" not in model.vocabulary.tokens
    phrases = text(found.section("phrases"))
    assert "□" not in phrases
    assert re.search(r"\b(best|nice|day)\b", phrases)


def test_documents_are_counted_as_the_channel_has_them(job: Job, paths: Paths) -> None:
    """The first and the last document of the training channel are the mistakes."""
    (paths.data / "validation").mkdir()
    data = (paths.data / "train/a.csv").read_text().splitlines(keepends=True)
    (paths.data / "validation/a.csv").write_text("".join(data))
    found = job()
    assert found
    places = re.findall(r"\(document (\d+) of (\w+)\)", text(found.section("mistakes")))
    assert sorted(places) == [("1", "validation"), (str(len(data)), "validation")]


def test_report_without_documents_quotes_none(job: Job) -> None:
    """Figures and scores stay; labels are no documents."""
    found = job(report_documents=False)
    assert found
    found.check()
    ids = {each.get("id") for each in found.root.iter()}
    assert not ids & {"mistakes", "phrases"}
    assert not any(word in found.source for word in ["awful", "poor", "ugly", "great", "thanks"])


def test_report_can_be_left_out(job: Job, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is written, nor imported."""
    monkeypatch.setitem(sys.modules, "text_classification.training.results.job_report", None)
    assert job(report=False) is None
    assert not (paths.output_data / page.FIGURES).exists()
    assert artifact.load(paths.model).hyperparameters["report"] is False


@pytest.mark.parametrize("fault", [ValueError("no font"), OSError(28, "No space left", "a.svg")])
def test_report_that_fails_is_told_and_the_model_is_there(
    job: Job,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    """A warning says why; the artifact and the metrics were written before."""

    def fail(*_: object) -> None:
        assert (paths.output_data / "metrics.json").is_file()
        assert artifact.load(paths.model)
        raise fault

    monkeypatch.setattr(report_module, "write_report", fail)
    assert job() is None
    (warning,) = (each for each in caplog.records if each.levelno == logging.WARNING)
    reason = "DISK_FULL: the disk is full" if isinstance(fault, OSError) else "no font"
    assert warning.getMessage().startswith("there is no report: ")
    assert reason in warning.getMessage()


def test_missing_library_costs_the_report_alone(
    job: Job, paths: Paths, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An image without Matplotlib trains all the same."""
    monkeypatch.setitem(sys.modules, "text_classification.training.results.job_report", None)
    assert job() is None
    assert "there is no report" in caplog.text
    assert artifact.load(paths.model)


def test_stopped_job_leaves_the_explanations_out(
    job: Job, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has two minutes: scores and figures of the documents that it validated, and that is it."""
    for module in (job_assessment, loop):
        monkeypatch.setattr(module, "STOPPED_VALIDATION", 9)
    end_epoch = Progress.end_epoch

    def stopping(self: Progress, *arguments: Any) -> Any:
        epoch = end_epoch(self, *arguments)
        stop.set()
        return epoch

    stop = StopRequest()
    monkeypatch.setattr(Progress, "end_epoch", stopping)
    monkeypatch.setattr("tests.unit.training.results.test_job_report.StopRequest", lambda: stop)
    found = job()
    assert found
    found.check()
    assert metrics(paths)["validation"]["documents"] == 9
    assert "of 9 validation documents" in found.source
    assert "The job was stopped before its end" in found.source
    assert not any(each.get("id") == "mistakes" for each in found.root.iter())


def test_report_after_folds(job: Job, paths: Paths) -> None:
    """Each fold is told; the mistakes are those of models that had not seen the documents."""
    found = job(folds=3, processes=1)
    assert found
    found.check()
    validated = metrics(paths)["cross_validation"]
    accuracy = rows(next(found.section("folds").iter("table")))[2]
    assert accuracy[1] == f"{validated['mean']['accuracy']:.3f}"
    assert accuracy[3:] == [f"{fold['accuracy']:.3f}" for fold in validated["folds"]]
    summary = text(found.section("summary"))
    assert "learned from all training documents" in summary
    assert "122 to train on" in summary
    places = re.findall(r"\(document (\d+) of training\)", text(found.section("mistakes")))
    assert {"1", "122"} <= set(places)


def test_tuning_is_handed_on(job: Job, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever has it gives it to the report, which is the same besides."""
    given: list[report_module.ReportedModel] = []
    report_job = report_module.report_job

    def keep(finished: report_module.ReportedModel, *_: object, **__: object) -> None:
        given.append(finished)

    monkeypatch.setattr(report_module, "report_job", keep)
    job()
    tuning = tuning_result((0.5,), {"dropout": 1.0})
    stop = StopRequest()
    stop.set()
    report_job(given[0], tmp_path, stop, tuning=tuning)
    found = Page((tmp_path / page.PAGE).read_text("utf-8"))
    found.check()
    assert "Trial 1 has the best validation accuracy, 0.500" in text(found.section("tuning-study"))
