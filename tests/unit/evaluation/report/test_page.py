"""evaluation/report/page.py: the page as a whole, read as a browser does."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.support.page import Page, rows, text
from tests.unit.evaluation.report.sample import EPOCHS, sample_report, scored, tuning_result
from text_classification.evaluation.curve_areas import curve_areas
from text_classification.evaluation.metrics import report_classes, score
from text_classification.evaluation.report import page
from text_classification.evaluation.report.content import (
    Mistake,
    Passage,
    Phrase,
    Report,
    most_frequent,
)
from text_classification.evaluation.report.figures.look import Drawing
from text_classification.evaluation.report.page import (
    SCORES,
    decimal,
    moment,
    readable,
    setting,
    write_report,
)

ALWAYS = ["summary", "documents", "learning", "classes", "reliability", "hyperparameters"]
FIGURES = {
    "calibration",
    "class-balance",
    "confusion-matrix",
    "curves",
    "learning-curves",
    "token-lengths",
}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "--><!-- {{ 7 * 7 }} {% x %}",
    r"$\frac{1}{0}$ &amp; ]]>",
    "_hidden id=\"classes\" href='#x' url(#y)",
    "支払い \u202eedirrevo \u200d\ufffe",
    "x" * 200,
)
TUNING = tuning_result((0.5, None, 0.75, 0.625), {"dropout": 0.25, "filters": 0.75})


Plain = tuple[Report, Path, Page]


def written(report: Report, folder: Path) -> Page:
    """Write a report and return its page, held to what every page keeps."""
    write_report(report, folder)
    found = Page((folder / "report.html").read_text("utf-8"))
    found.check()
    return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    """The sample report, its folder and its page."""
    folder = tmp_path_factory.mktemp("plain")
    report = sample_report()
    return report, folder, written(report, folder)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the figures out, which take longest, where a test asks for words alone."""
    blank = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
    drawings = {name: Drawing(name, "title", "words", blank) for name in {*FIGURES, "tuning"}}
    monkeypatch.setattr(page, "_draw", lambda _: drawings)


def table(found: Page, section: str, caption: str = "") -> list[list[str]]:
    """Return the cells of the table of a section whose caption begins so."""
    tables = [
        each for each in found.section(section).iter("table") if text(each).startswith(caption)
    ]
    return rows(tables[0])


def test_page_has_its_sections_and_figures(plain: Plain) -> None:
    """Each section is in the list of contents, each figure is on the page and in a file."""
    _, folder, found = plain
    assert [each.get("aria-labelledby") for each in found.all("section")] == ALWAYS
    (contents,) = found.all("nav")
    assert [each.get("href") for each in contents.iter("a")] == [f"#{name}" for name in ALWAYS]
    files = list((folder / page.FIGURES).iterdir())
    assert {path.stem for path in files} == FIGURES
    assert len(found.all("figure")) == len(FIGURES)
    for path in files:
        assert ET.parse(path).getroot().tag.endswith("svg")


def test_page_tells_the_numbers_of_metrics_json(plain: Plain) -> None:
    """Scores and intervals of each part, as they are in the file."""
    report, _, found = plain
    head, documents, *shown = table(found, "summary", "Scores")
    assert head == ["score", "validation", "test"]
    assert documents == ["documents", "66", "86"]
    assert [row[0] for row in shown] == list(SCORES.values())
    for row, name in zip(shown, SCORES, strict=True):
        for cell, part in zip(row[1:], ("validation", "test"), strict=True):
            assert cell.startswith(f"{getattr(report.model.parts[part], name):.3f}")
    low, high = report.model.parts["test"].macro_f1_interval
    assert shown[1][2].endswith(f"({low:.3f} to {high:.3f})")
    assert (
        f"{100 * report.model.parts['test'].accuracy:.1f}\xa0% of 86 test documents" in found.source
    )
    assert "2026-11-21 10:27 UTC" in found.source


def test_classes_are_told_one_by_one(plain: Plain) -> None:
    """Precision, recall, F1, areas and support of the part that the model is judged by."""
    report, _, found = plain
    _, *shown = table(found, "classes", "Each class")
    for cells, row in zip(shown, report.classes["test"].classes, strict=True):
        numbers = (row.precision, row.recall, row.f1, row.pr_auc, row.roc_auc)
        assert cells == [
            row.label,
            *(f"{number:.3f}" for number in numbers),
            str(row.support),
        ]


@pytest.mark.usefixtures("undrawn")
def test_without_test_documents_the_model_is_judged_by_validation(tmp_path: Path) -> None:
    """One column of scores, and the headline says which documents it means."""
    report = sample_report()
    parts = {"validation": report.scored["validation"]}
    found = written(replace(report, scored=parts), tmp_path)
    assert table(found, "summary", "Scores")[0] == ["score", "validation"]
    assert "of 66 validation documents" in found.source


@pytest.mark.usefixtures("undrawn")
def test_confusions_are_listed(tmp_path: Path) -> None:
    """The most frequent first, with the size of the true class; right answers are none."""
    report = sample_report()
    matrix = np.array([[8, 0, 3], [1, 6, 0], [0, 0, 5]])
    classes = {"test": replace(report.classes["test"], confusion_matrix=matrix)}
    found = written(replace(report, classes=classes), tmp_path)
    assert table(found, "classes", "The most frequent")[1:] == [
        ["bad", "ugly", "3 of 11"],
        ["good", "bad", "1 of 7"],
    ]


def test_optional_sections_tell_of_folds_and_tuning(tmp_path: Path) -> None:
    """Mean, deviation and each fold; the best trial and what did not end."""
    report = sample_report(tuning=TUNING)
    folds = {
        "folds": [
            {"best_epoch": 3, "loss": 0.5, "accuracy": 0.5, "macro_f1": 0.25},
            {"best_epoch": 4, "loss": 0.25, "accuracy": 0.75, "macro_f1": 0.5, "pr_auc": 0.5},
        ],
        "mean": {"accuracy": 0.625, "macro_f1": 0.375},
        "deviation": {"accuracy": 0.125, "macro_f1": 0.0625},
    }
    found = written(
        replace(report, metrics=replace(report.metrics, cross_validation=folds)), tmp_path
    )
    assert table(found, "folds") == [
        ["score", "mean", "deviation", "fold 1", "fold 2"],
        ["accuracy", "0.625", "0.125", "0.500", "0.750"],
        ["macro F1", "0.375", "0.062", "0.250", "0.500"],
        ["best epoch", "", "", "3", "4"],
    ]
    assert "Trial 3 has the best validation accuracy, 0.750. 3 of 4 trials" in text(
        found.section("tuning-study")
    )
    assert (tmp_path / page.FIGURES / "tuning.svg").is_file()


MISTAKE = Mistake(
    "document 7 of test",
    "bad",
    "good",
    0.987,
    (Passage("not", marked=False), Passage("so good", marked=True), Passage("<b>", marked=False)),
)


@pytest.mark.usefixtures("undrawn")
def test_mistakes_and_phrases_are_quoted(tmp_path: Path) -> None:
    """The words of a document are escaped, those that count are marked."""
    phrases = {"good": (Phrase("so good", 12, 3.25),), "bad": ()}
    found = written(sample_report(mistakes=(MISTAKE,), phrases=phrases), tmp_path)
    told = text(found.section("mistakes"))
    assert "Answer good with 98.7 %, label bad (document 7 of test) not so good <b>" in told
    assert [text(mark) for mark in found.all("mark")] == ["so good"]
    assert table(found, "phrases")[1:] == [["good", "so good +3.2 in 12"], ["bad", "–"]]  # noqa: RUF001


@pytest.mark.usefixtures("undrawn")
def test_model_without_a_mistake_is_told(tmp_path: Path) -> None:
    """An empty list is no empty section."""
    found = written(sample_report(mistakes=(), phrases={}), tmp_path)
    assert "every answer is right" in text(found.section("mistakes"))


def test_model_of_all_documents_is_told_from_those_that_are_scored(tmp_path: Path) -> None:
    """After folds nothing is left to validate on: other models answered, and epochs have a loss."""
    epochs = tuple(replace(epoch, validation=None) for epoch in EPOCHS)
    report = sample_report(out_of_fold=True)
    found = written(
        replace(report, metrics=replace(report.metrics, epochs=epochs, best=epochs[-1])), tmp_path
    )
    assert "learned from all training documents" in text(found.section("summary"))
    assert text(found.section("learning")).endswith(
        "Epoch 3 of 3 is kept (dotted line): training loss 0.333."
    )


@pytest.mark.usefixtures("undrawn")
def test_stopped_job_is_told(tmp_path: Path) -> None:
    """Its scores are of fewer documents, and the page says so."""
    report = sample_report()
    stopped = replace(report, metrics=replace(report.metrics, stopped_on_request=True))
    assert "The job was stopped before its end" in written(stopped, tmp_path).source


def test_hostile_text_is_text(plain: Plain, tmp_path: Path) -> None:
    """Whatever labels, documents and names hold, it is shown and changes nothing of the page."""
    passages = tuple(Passage(each, marked=False) for each in HOSTILE)
    mistake = replace(MISTAKE, truth=HOSTILE[0], answer=HOSTILE[1], excerpt=passages)
    report = sample_report(
        HOSTILE,
        mistakes=(mistake,),
        phrases={HOSTILE[0]: (Phrase(HOSTILE[1], 2, 1.0),)},
        hyperparameters={"label_column": HOSTILE[0]},
        metrics=replace(sample_report(HOSTILE).metrics, job_name=HOSTILE[0]),
    )
    found = written(report, tmp_path)
    shown = [row[0] for row in table(found, "classes", "Each class")[1:]]
    assert shown == [readable(name) for name in HOSTILE]
    tags, harmless = ({each.tag for each in one.root.iter()} for one in (found, plain[2]))
    assert tags == harmless | {"ol", "blockquote", "small"}
    for path in (tmp_path / page.FIGURES).iterdir():
        ET.parse(path)
    assert "&lt;script&gt;alert(1)" in (tmp_path / "figures/class-balance.svg").read_text()


def test_many_classes_are_narrowed_to_the_most_frequent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is counted, its documents stay in the scores and the page says where it is."""
    monkeypatch.setattr("text_classification.evaluation.report.content.MOST_CLASSES", 4)
    names = [f"class {number}" for number in range(9)]
    report = sample_report(names)
    counts = {**report.counts, "training": np.array([9, 1, 8, 1, 1, 7, 1, 6, 1])}
    found = written(replace(report, counts=counts), tmp_path)
    assert [row[0] for row in table(found, "classes", "Each class")[1:]] == [
        names[index] for index in (0, 2, 5, 7)
    ]
    assert "has the other 5 too" in found.source
    assert table(found, "summary", "Scores")[1][1:] == ["78", "98"]


def test_classes_without_areas_have_no_curves(tmp_path: Path) -> None:
    """Where all documents are of one class there is nothing to draw, and a dash for the area."""
    part = scored(20, 2)
    part = replace(part, labels=np.zeros(20, np.int32))
    names, areas = ("only", "never"), curve_areas(part.labels, part.probabilities)
    report = sample_report(
        names,
        scored={"validation": part},
        classes={"validation": report_classes(part.labels, part.probabilities, names, areas)},
    )
    scores = {"validation": score(part.labels, part.probabilities, areas)}
    metrics = replace(report.metrics, model=replace(report.model, parts=scores))
    found = written(replace(report, metrics=metrics), tmp_path)
    assert not (tmp_path / page.FIGURES / "curves.svg").exists()
    assert table(found, "classes", "Each class")[1][4:] == ["–", "–", "20"]  # noqa: RUF001


def test_dark_scheme_has_every_colour_of_the_figures(plain: Plain) -> None:
    """No figure keeps a colour of its own, and each of the page's has a value for both schemes."""
    found = plain[2]
    (styles,) = found.all("style")
    figures = found.source[found.source.index("</style>") :]
    assert not re.search(r"(fill|stroke): #", figures)
    for name in set(re.findall(r"var\((--c-\w+)\)", figures)):
        assert len(re.findall(rf"{name}: #\w{{6}};", text(styles))) == 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [([3, 4], "3,4"), (False, "false"), ("", "–"), (0.5, "0.5"), ("words", "words")],  # noqa: RUF001
)
def test_values_of_hyperparameters(value: Any, shown: str) -> None:
    assert setting(value) == shown


def test_words_for_numbers_and_times() -> None:
    assert decimal(0.94159) == "0.942"
    assert decimal(None) == "–"  # noqa: RUF001
    assert moment(sample_report().metrics.trained) == "2026-11-21 10:27 UTC"


def test_characters_without_a_place_on_a_page_are_replaced() -> None:
    assert readable("a\x00b\x1bc\ufffe é\u200d支") == "a\ufffdb\ufffdc\ufffd é\u200d支"


def test_most_frequent_are_in_label_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("text_classification.evaluation.report.content.MOST_CLASSES", 2)
    assert most_frequent(np.array([3, 1, 9, 2])).tolist() == [0, 2]


def test_epochs_are_told_in_words(plain: Plain) -> None:
    """The epoch that is kept, with its scores."""
    told = text(plain[2].section("learning"))
    kept = EPOCHS[1]
    assert f"Epoch 2 of 3 is kept (dotted line): training loss {kept.train_loss:.3f}" in told


def _names(count: int) -> Sequence[str]:
    return [f"class {number}" for number in range(count)]


@pytest.mark.parametrize(
    "count", [8, 9, *(pytest.param(each, marks=pytest.mark.exhaustive) for each in (2, 77))]
)
def test_any_number_of_classes_can_be_drawn(tmp_path: Path, count: int) -> None:
    """Few are told apart by colour, many are a bundle; every name is on the axes."""
    found = written(sample_report(_names(count)), tmp_path)
    balance = (tmp_path / page.FIGURES / "class-balance.svg").read_text()
    assert all(f">{name}</text>" in balance for name in _names(count))
    curves = (tmp_path / page.FIGURES / "curves.svg").read_text()
    assert (">each class</text>" in curves) == (count > 8)
    matrix = (tmp_path / page.FIGURES / "confusion-matrix.svg").read_text()
    assert (">0</text>" in matrix) is False
    assert len(found.all("figure")) == len(FIGURES)
