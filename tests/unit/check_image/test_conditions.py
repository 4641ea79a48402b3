"""Conditions are tried together, and one by one where that fails."""

from pathlib import Path

import pytest

from check_image import rule
from check_image.conditions import Conditions
from check_image.outcome import Failed, Skipped
from check_image.rule import RULES, Source
from check_image.subject import Subject
from tests.unit.check_image.engine import subject_of

Words = list[str]


class Trials:
    """Conditions whose runs are lists of words, of which some break the image."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *broken: str) -> None:
        self.runs: list[Words] = []
        self._broken = broken
        monkeypatch.setattr("check_image.rule.RULES", dict(RULES))
        condition: Conditions[Words] = Conditions(lambda _subject: [], self._attempt)

        @condition("training.wet", Source.INFERRED)
        def wet(_subject: Subject, words: Words) -> None:
            """It may rain."""
            words.append("wet")

        @condition("training.cold", Source.INFERRED)
        def cold(_subject: Subject, words: Words) -> None:
            """It may freeze."""
            words.append("cold")

        @condition("training.dark", Source.INFERRED)
        def dark(_subject: Subject, _words: Words) -> None:
            """It may be night."""
            raise Skipped("the image has no windows")

    def check(self, subject: Subject, name: str) -> str:
        """Check one of the conditions."""
        return rule.RULES[name].check(subject)

    def _attempt(self, _subject: Subject, words: Words) -> str:
        self.runs.append(words)
        if set(words) & set(self._broken):
            raise Failed(f"it does not bear {' '.join(words)}")
        return f"it bears {' '.join(words)}"


def _subject(tmp_path: Path, *chosen: str) -> Subject:
    subject = subject_of(tmp_path)
    subject.chosen = frozenset(chosen)
    return subject


ALL = ("training.wet", "training.cold", "training.dark")


def test_good_image_is_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run is the evidence for all conditions."""
    trials, subject = Trials(monkeypatch), _subject(tmp_path, *ALL)
    assert trials.check(subject, "training.wet") == "it bears wet cold"
    assert trials.check(subject, "training.cold") == "it bears wet cold"
    assert trials.runs == [["wet", "cold"]]


def test_bad_image_is_told_what_it_does_not_bear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure of all together is no failure of each."""
    trials, subject = Trials(monkeypatch, "cold"), _subject(tmp_path, *ALL)
    assert trials.check(subject, "training.wet") == "it bears wet"
    with pytest.raises(Failed, match="does not bear cold"):
        trials.check(subject, "training.cold")
    assert trials.runs == [["wet", "cold"], ["wet"], ["cold"]]


def test_condition_that_does_not_apply_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is neither run nor in the way of the others."""
    trials, subject = Trials(monkeypatch), _subject(tmp_path, *ALL)
    with pytest.raises(Skipped, match="no windows"):
        trials.check(subject, "training.dark")
    assert trials.runs == []


def test_only_chosen_condition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Conditions that were not asked for are left out, and one alone is run but once."""
    trials, subject = Trials(monkeypatch, "cold"), _subject(tmp_path, "training.cold")
    with pytest.raises(Failed):
        trials.check(subject, "training.cold")
    assert trials.runs == [["cold"]]
