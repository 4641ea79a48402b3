"""training/results/mistakes.py."""

import numpy as np

from tests.unit.training.explainers import explainer, part_of
from text_classification.evaluation.report.content import Passage
from text_classification.training.results import mistakes
from text_classification.training.results.mistakes import confident_mistakes

GOOD, BAD = 0, 1
KNOWN = explainer(
    {"fine": (2, -2), "great": (3, -1), "awful": (-3, 1), "the": (0.1, 0), "a": (0, 0)}
)


def test_most_confident_come_first_and_right_answers_never() -> None:
    """With the label, the answer, its probability and the place of the document."""
    part = part_of(KNOWN, ["the fine", "awful", "great", "a"], [BAD, BAD, BAD, BAD])
    probabilities = np.array([[0.6, 0.4], [0.1, 0.9], [0.8, 0.2], [0.7, 0.3]], np.float32)
    found = confident_mistakes(KNOWN, part, probabilities, "test")
    assert [each.where for each in found] == [f"document {place} of test" for place in (2, 1, 4)]
    assert [round(each.confidence, 2) for each in found] == [0.8, 0.7, 0.6]
    assert {(each.truth, each.answer) for each in found} == {("bad", "good")}


def test_there_is_an_end_to_them() -> None:
    """A bad model has more mistakes than anyone reads."""
    part = part_of(KNOWN, ["fine"] * 40, [BAD] * 40)
    probabilities = np.tile(np.array([0.9, 0.1], np.float32), (40, 1))
    assert len(confident_mistakes(KNOWN, part, probabilities, "test")) == mistakes.MOST_MISTAKES


def excerpt(text: str) -> tuple[Passage, ...]:
    """Return the excerpt of a document that is bad and was taken for good."""
    part = part_of(KNOWN, [text], [BAD])
    probabilities = np.array([[0.9, 0.1]], np.float32)
    (found,) = confident_mistakes(KNOWN, part, probabilities, "training")
    return found.excerpt


def test_words_for_the_answer_and_against_the_label_are_marked() -> None:
    """Neighbours together; weak words and those for the label are not."""
    assert excerpt("the fine great a awful fine") == (
        Passage("the", marked=False),
        Passage("fine great", marked=True),
        Passage("a awful", marked=False),
        Passage("fine", marked=True),
    )


def test_unknown_words_are_not_quoted() -> None:
    """A name that is not in the vocabulary stays out of the report; its weight is shown."""
    assert excerpt("a mrsmiller a") == (
        Passage("a", marked=False),
        Passage("□", marked=True),
        Passage("a", marked=False),
    )


def test_long_document_is_cut_to_its_strongest_part() -> None:
    """With a sign where words are left out."""
    found = excerpt(" ".join(["awful"] * 20 + ["a"] * 30 + ["great"] + ["a"] * 29 + ["awful"] * 9))
    assert found[0] == found[-1] == Passage("…", marked=False)
    assert Passage("great", marked=True) in found
    words = " ".join(each.text for each in found[1:-1]).split()
    assert len(words) == mistakes.EXCERPT_TOKENS
    assert "awful" not in words


def test_document_without_words_has_an_empty_excerpt() -> None:
    """It was answered by the constants alone."""
    assert excerpt("") == ()


def test_nothing_is_marked_where_nothing_speaks_for_the_answer() -> None:
    """The constants outweighed all words."""
    assert excerpt("awful a") == (Passage("awful a", marked=False),)
