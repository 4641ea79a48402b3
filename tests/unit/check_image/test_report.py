"""The table, the totals, the JSON."""

import json

import pytest

from check_image.outcome import Outcome, Result, one_line
from check_image.report import Table, as_json, header, row, totals, unchecked

PASSED = Result("hosting.ready", Outcome.PASS, "200 after 1.4 s " * 20, 1.41234)
BROKEN = Result("training.stop", Outcome.FAIL, "it ran on for 120 s " * 20, 120.0)
LEFT_OUT = Result("image.commands", Outcome.SKIP, "there is an entry point", 0.0)


def test_rows_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass is cut to one line; its parts stand below the words of the header."""
    monkeypatch.setenv("COLUMNS", "120")
    line = row(PASSED)
    assert len(line) == 120
    assert line.endswith("...")
    for name, word in (("rule", "hosting.ready"), ("weight", "must"), ("result", "pass")):
        assert header().index(name) == line.index(word)
    assert header().index("evidence") == line.index("200 after")


def test_failure_is_told_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the evidence, and what the platform does."""
    monkeypatch.setenv("COLUMNS", "80")
    first, second = row(BROKEN).splitlines()
    assert first.endswith(BROKEN.evidence)
    assert "[D]  FAIL" in first
    assert "SIGKILL 120 s later" in second


def test_totals() -> None:
    """Only outcomes that there are."""
    assert totals([PASSED, BROKEN, PASSED]) == "2 pass, 1 FAIL"
    assert totals([LEFT_OUT]) == "1 skip"


def test_skips_for_one_reason_are_one_line() -> None:
    """What is the matter is told once, with the rules that it leaves unchecked."""
    left_out = [
        Result(rule, Outcome.SKIP, "no model", 0) for rule in ("hosting.stop", "hosting.ready")
    ]
    lines: list[str] = []
    table = Table(lines.append)
    for result in (*left_out, PASSED, LEFT_OUT, left_out[0]):
        table.add(result)
    table.end()
    together, passed, first, second = lines
    assert together.split() == [
        "2",
        "rules",
        "skip",
        "no",
        "model",
        "(hosting.stop,",
        "hosting.ready)",
    ]
    assert passed == row(PASSED)
    assert [first, second] == [row(LEFT_OUT), row(left_out[0])]


@pytest.mark.parametrize(
    ("results", "areas"),
    [
        ([PASSED, BROKEN], []),
        ([PASSED, LEFT_OUT], ["image"]),
        ([LEFT_OUT, Result("image.user", Outcome.PASS, "", 0)], ["image"]),
        ([Result("image.user", Outcome.PASS, "", 0)], []),
        ([Result("image.user", Outcome.SKIP, "", 0)], ["image"]),
    ],
)
def test_areas_of_which_nothing_is_known(results: list[Result], areas: list[str]) -> None:
    """Rules that only should hold tell nothing of an area, unless they alone were asked for."""
    assert unchecked(results) == areas


def test_json() -> None:
    """A program finds the same, and which rules weigh how much."""
    content = json.loads(as_json("mine:1", [BROKEN, LEFT_OUT]))
    assert content["image"] == "mine:1"
    assert [each["result"] for each in content["rules"]] == ["fail", "skip"]
    assert content["rules"][1] == {
        "rule": "image.commands",
        "severity": "must",
        "source": "D",
        "platform": "Without an entry point, "
        "programs called train and serve must be found on PATH.",
        "result": "skip",
        "evidence": "there is an entry point",
        "seconds": 0.0,
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines,\ttabs", "two lines, tabs"),
        ("a\x1b[31mcolour", "a [31mcolour"),
        ("x" * 30, "x" * 17 + "..."),
        ("", ""),
    ],
)
def test_one_line(text: str, line: str) -> None:
    """What an image prints cannot disturb the table."""
    assert one_line(text, 20) == line
