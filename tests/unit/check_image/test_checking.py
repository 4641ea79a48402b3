"""Rules are told in their order, whatever becomes of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

import pytest

from check_image.checking import check_all
from check_image.engine import Engine, EngineError
from check_image.outcome import Failed, Outcome, Result, Skipped
from check_image.rule import Rule, Severity, Source
from check_image.subject import Subject
from tests.unit.check_image.engine import subject_of


def _rule(name: str, check: Callable[[Subject], str], lane: str = "one") -> Rule:
    return Rule(name, Source.DOCUMENTED, Severity.MUST, "It is so.", lane, check)


def _raising(error: Exception) -> Callable[[Subject], str]:
    def check(_subject: Subject) -> str:
        raise error

    return check


def test_outcomes(tmp_path: Path) -> None:
    """What hinders a check is an error: neither the image's failure nor a pass."""
    rules = [
        _rule("a", lambda _subject: "seen"),
        _rule("b", _raising(Failed("not\nseen"))),
        _rule("c", _raising(Skipped("no label"))),
        _rule("d", _raising(EngineError("gone"))),
        _rule("e", _raising(KeyError("ours"))),
    ]
    told: list[Result] = []
    results = check_all(rules, subject_of(tmp_path), 2, told.append)
    assert results == told
    assert [(result.outcome, result.evidence) for result in results] == [
        (Outcome.PASS, "seen"),
        (Outcome.FAIL, "not seen"),
        (Outcome.SKIP, "no label"),
        (Outcome.ERROR, "EngineError: gone"),
        (Outcome.ERROR, "KeyError: 'ours'"),
    ]


def test_lanes_run_side_by_side(tmp_path: Path) -> None:
    """Two rules that wait for each other both end; they are told in the order of the rules."""
    barrier = Barrier(2, timeout=60)

    def meet(_subject: Subject) -> str:
        barrier.wait()
        return "met"

    rules = [_rule("a", meet, "one"), _rule("b", meet, "other")]
    results = check_all(rules, subject_of(tmp_path), 2, lambda _result: None)
    assert [(result.rule, result.evidence) for result in results] == [("a", "met"), ("b", "met")]


def test_no_lane_outlives_a_check_that_is_broken_off(tmp_path: Path) -> None:
    """Lanes end once nothing can be created, so that the folder of the check can be removed."""
    working, ended = Event(), Event()

    def work(subject: Subject) -> str:
        try:
            while subject.engine.volume():
                working.set()
        finally:
            ended.set()
        return "never seen"

    def break_off(_result: Result) -> None:
        assert working.wait(60)
        raise KeyboardInterrupt

    rules = [_rule("a", lambda _subject: "seen", "one"), _rule("b", work, "other")]
    with Engine("true") as engine:
        subject = replace(subject_of(tmp_path), engine=engine)
        with pytest.raises(KeyboardInterrupt):
            check_all(rules, subject, 2, break_off)
        assert ended.is_set()
