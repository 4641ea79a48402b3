"""training/results/phrases.py."""

import numpy as np
import pytest

from tests.unit.training.explainers import explainer, part_of
from text_classification.training.inputs.part import Part
from text_classification.training.results import phrases
from text_classification.training.results.phrases import indicative_phrases

GOOD, BAD = 0, 1
KNOWN = explainer(
    {
        "pay": (3, 0),
        "off": (3, 0),
        "thanks": (1, 0),
        "the": (0.2, 0),
        "a": (0.0, 0),
        "not": (-2, 2),
        "rare": (8, 0),
        "lone": (9, 0),
    }
)


def told(documents: list[str], labels: list[int] | None = None, label: int = GOOD) -> list[str]:
    """Return the phrases that speak for a class, of documents that are all good unless said."""
    part = part_of(KNOWN, documents, labels or [GOOD] * len(documents))
    return [each.text for each in indicative_phrases(KNOWN, part, label, classes=2)]


def test_strong_words_that_stand_together_are_one_phrase() -> None:
    """Weak words at its ends do not belong to it, and no word is told twice."""
    assert told(["the pay off a", "a pay off the", "pay a thanks", "the thanks"]) == [
        "pay off",
        "thanks",
    ]


def test_phrase_tells_where_it_stands_and_what_it_adds() -> None:
    """In a document that says it twice it adds twice."""
    part = part_of(KNOWN, ["pay off", "pay off a pay off", "a"], [GOOD] * 3)
    (phrase,) = indicative_phrases(KNOWN, part, GOOD, classes=2)
    assert phrase.documents == 2
    assert phrase.added == pytest.approx(9)


def test_words_of_other_classes_do_not_count() -> None:
    """Neither what speaks against the class nor the documents that are not of it."""
    documents, labels = ["not pay", "not pay", "thanks", "thanks"], [GOOD, GOOD, BAD, BAD]
    assert told(documents, labels) == ["pay"]
    assert told(documents, [BAD] * 4, BAD) == ["not"]


def test_one_document_makes_no_phrase_and_neither_does_an_unknown_word() -> None:
    """What only one says, or what is not in the vocabulary, is not quoted."""
    assert told(["lone thanks", "thanks unheard", "thanks unheard"]) == ["thanks"]


def test_no_phrase_goes_from_one_document_into_the_next() -> None:
    """The documents lie in one row while they are counted."""
    assert "off pay" not in told(["pay a off"] * 3)
    assert told(["off", "pay"] * 2) == ["pay", "off"]


def test_rare_strong_and_frequent_weak_phrases_are_weighed() -> None:
    """By what they add and the root of how many documents say them; the faint ones are left out."""
    assert told(["rare"] * 2 + ["pay"] * 9 + ["the"] * 16) == ["rare", "pay"]


def test_there_is_an_end_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The strongest are enough."""
    monkeypatch.setattr(phrases, "MOST_PHRASES", 1)
    assert told(["pay", "thanks"] * 2) == ["pay"]


def test_class_without_documents_or_words_has_none() -> None:
    assert told(["pay"], [BAD]) == []
    assert told(["", ""]) == []


def test_large_class_asks_some_of_its_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evenly spaced, and a few at least however many classes there are."""
    asked: list[int] = []

    def noted(_: object, part: Part, index: int, __: int) -> np.ndarray:
        asked.append(index)
        return np.zeros(part.corpus.lengths[part.documents[index]])

    monkeypatch.setattr(
        "text_classification.training.results.attribution.Explainer.contributions", noted
    )
    part = part_of(KNOWN, ["a"] * 91, [GOOD] * 91)
    indicative_phrases(KNOWN, part, GOOD, classes=500)
    assert asked == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
