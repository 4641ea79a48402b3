"""What `textcnn drift` found, for a person at the terminal and for its page."""

from dataclasses import dataclass
from datetime import datetime

from textcnn.drift.captures import Captures
from textcnn.drift.tally import Tally
from textcnn.drift.verdict import Comparison, Verdict, compare, judge

# A share as points, so that differences of shares are not taken for parts of them.
POINTS = 100


@dataclass(frozen=True)
class Report:
    """The comparison of an endpoint's answers since a time with the baseline of its model."""

    endpoint: str
    since: datetime
    requests: int
    before: Tally
    now: Tally
    comparisons: tuple[Comparison, Comparison, Comparison]
    verdict: Verdict
    remarks: tuple[str, ...]


def report(captures: Captures, before: Tally, now: Tally) -> Report:
    """Return the report; the captures have been read."""
    comparisons = compare(before, now)
    return Report(
        captures.endpoint.name,
        captures.since,
        captures.requests,
        before,
        now,
        comparisons,
        judge(before, now, comparisons),
        tuple(_remarks(captures)),
    )


def cells(comparison: Comparison) -> tuple[str, str, str, str, str]:
    """Return a comparison as words: name, distance, interval, limit, what it is."""
    if comparison.estimate is None:
        return (comparison.name, "-", "-", _points(comparison.limit), "too few documents")
    low, high = comparison.estimate.low, comparison.estimate.high
    return (
        comparison.name,
        _points(comparison.estimate.value),
        f"{POINTS * low:.1f} to {POINTS * high:.1f}",
        _points(comparison.limit),
        "changed" if comparison.changed else "as before",
    )


COLUMNS = ("", "difference", "95 of 100", "limit", "")


def _points(share: float) -> str:
    return f"{POINTS * share:.1f}"


def _remarks(captures: Captures) -> list[str]:
    remarks = []
    if captures.without_answer:
        remarks.append(
            f"{captures.without_answer} of {captures.requests} captured requests have no answer: "
            "capture Output too."
        )
    if captures.unreadable:
        remarks.append(
            f"{captures.unreadable} captured answers are not this image's ({captures.example})."
        )
    return remarks
