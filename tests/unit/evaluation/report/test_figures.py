"""evaluation/report/figures: that what is drawn is what was measured."""

import re
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from tests.unit.evaluation.report.sample import EPOCHS, sample_report, scored, tuning_result
from text_classification.evaluation.report.figures.balance import class_balance
from text_classification.evaluation.report.figures.confusion import confusion
from text_classification.evaluation.report.figures.curves import (
    GRID,
    class_curves,
    precision_at_recalls,
    true_at_false_positives,
)
from text_classification.evaluation.report.figures.learning import MOST_POINTS, learning_curves
from text_classification.evaluation.report.figures.look import (
    DARK,
    LONGEST_NAME,
    PAPER,
    Drawing,
    percent,
    short,
)
from text_classification.evaluation.report.figures.look import GRID as LINES
from text_classification.evaluation.report.figures.token_lengths import token_lengths
from text_classification.evaluation.report.figures.tuning_history import tuning_history

NAMES = ("bad", "good", "ugly")


def words(drawing: Drawing) -> list[str]:
    """Return the texts of a figure."""
    return [
        "".join(each.itertext())
        for each in ET.fromstring(drawing.svg).iter("{http://www.w3.org/2000/svg}text")
    ]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, by WCAG 2."""
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(
    ("colour", "dark"), list(product(sorted(set(DARK) - {LINES, PAPER}), [0, 1]))
)
def test_colours_have_contrast(colour: str, dark: int) -> None:
    """At least 4.5, what WCAG 2 asks of text, on the page's own colour in both schemes."""
    shown, paper = ((each, DARK[each])[dark] for each in (colour, PAPER))
    low, high = sorted(map(luminance, (shown, paper)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_same_numbers_give_the_same_file() -> None:
    """No date and no chance in it."""
    assert learning_curves(EPOCHS, EPOCHS[1]) == learning_curves(EPOCHS, EPOCHS[1])


def test_many_epochs_are_drawn_without_points() -> None:
    """A point an epoch would hide the line."""
    epochs = [replace(EPOCHS[0], number=number) for number in range(1, MOST_POINTS + 2)]
    many, few = (
        learning_curves(each, each[0]).svg.count("<use ") for each in (epochs, epochs[:-1])
    )
    assert few - many > 4 * MOST_POINTS - 20  # but for a tick or two


def test_balance_is_in_order_of_size() -> None:
    """The largest class first, by the documents of all parts."""
    counts = {"training": np.array([5, 9, 1]), "test": np.array([6, 0, 1])}
    drawing = class_balance(NAMES, counts)
    assert [each for each in words(drawing) if each in NAMES] == ["bad", "good", "ugly"]
    assert drawing.description == (
        "The largest class, bad, has 11 documents; the smallest, ugly, 2."
    )


def test_lengths_tell_what_is_cut() -> None:
    """Documents as long as the sequence are read whole."""
    lengths = np.array([2, 4, 4, 4, 9])
    drawing = token_lengths(NAMES, np.array([0, 0, 1, 1, 2], np.int32), lengths, 4)
    assert drawing.description == (
        "Half of the training documents have up to 4 tokens. The model reads the first 4, so "
        "20.0\xa0% of the documents are cut."
    )


def test_matrix_shows_each_number_where_it_can_be_read() -> None:
    """The numbers of three classes, and those of many are left to the table."""
    drawing = confusion(NAMES, np.array([[1234, 0, 3], [0, 57, 0], [0, 1, 42]]))
    assert [each for each in words(drawing) if each[0].isdigit()] == ["1,234", "3", "57", "1", "42"]
    assert drawing.description.startswith("1,333 of 1,337 answers")
    many = confusion([f"class {index}" for index in range(30)], np.eye(30, dtype=np.int64))
    assert not [each for each in words(many) if each[0].isdigit()]
    assert many.svg.count("fill: #0b5cad") == 30


def test_matrix_has_a_row_without_documents() -> None:
    """A class that the part lacks has no share of anything."""
    assert confusion(NAMES, np.diag([3, 0, 2])).description.startswith("5 of 5 answers")


def test_precision_is_that_of_the_next_recall_reached() -> None:
    """Steps, not slopes: the area below them is the average precision, but for the grid."""
    part = scored(400, 2)
    positive, scores = part.labels == 1, part.probabilities[:, 1]
    precision = precision_at_recalls(positive, scores)
    expected = average_precision_score(positive, scores)
    assert precision[1:].mean() == pytest.approx(expected, abs=0.01)
    assert precision[-1] == pytest.approx(positive.sum() / (scores >= scores[positive].min()).sum())


def test_roc_goes_from_corner_to_corner() -> None:
    """And a perfect order of the documents goes through the third one."""
    positive = np.array([True, True, False, False])
    curve = true_at_false_positives(positive, np.array([0.9, 0.8, 0.2, 0.1], np.float32))
    assert curve[1:].tolist() == [1] * (len(GRID) - 1)


def test_legend_has_the_areas() -> None:
    """Each class and the mean of those that have one; a name may begin with an underscore."""
    report = sample_report(("_bad", "good", "ugly"))
    bad, good, ugly = report.classes["test"].classes
    assert bad.pr_auc is not None
    assert ugly.pr_auc is not None
    rows = (bad, replace(good, pr_auc=None, roc_auc=None), ugly)
    part = report.scored["test"]
    drawing = class_curves(report.labels, rows, part.labels, part.probabilities)
    mean = (bad.pr_auc + ugly.pr_auc) / 2
    shown = words(drawing)
    assert f"mean of classes {mean:.3f}" in shown
    assert f"_bad {bad.pr_auc:.3f}" in shown
    assert f"ugly {ugly.roc_auc:.3f}" in shown
    assert not [each for each in shown if each.startswith("good")]


def test_tuning_without_importances() -> None:
    """A study too short to tell what mattered is drawn all the same."""
    drawing = tuning_history(tuning_result((None, 0.5), {}))
    assert "1 of 2 trials" in drawing.description
    assert "best so far" in words(drawing)


def test_page_gets_a_figure_of_its_own_colours_and_ids() -> None:
    """What looks like one of them in a text is left alone."""
    svg = (
        '<?xml version="1.0"?>\n<svg id="a"><defs><style>*{}</style></defs>'
        '<use href="#a" style="fill: #1f2328; clip-path: url(#b)"/>'
        '<text style="fill: #59636e">id="a" #1f2328</text></svg>'
    )
    assert Drawing("name", "", "", svg).inline == (
        '<svg id="name-a"><defs></defs>'
        '<use href="#name-a" style="fill: var(--c-1f2328); clip-path: url(#name-b)"/>'
        '<text style="fill: var(--c-59636e)">id="a" #1f2328</text></svg>'
    )


def test_long_names_are_cut() -> None:
    assert short("x" * LONGEST_NAME) == "x" * LONGEST_NAME
    assert re.fullmatch(rf"x{{{LONGEST_NAME - 1}}}…", short("x" * (LONGEST_NAME + 1)))
    assert percent(0.9426) == "94.3\xa0%"
