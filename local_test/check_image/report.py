"""The table of results, and the same as JSON."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from check_image.outcome import Outcome, Result, one_line
from check_image.rule import Rule, Severity
from check_image.rules import RULES

LEAST_EVIDENCE = 40
# Where there is none.
TERMINAL = (160, 24)


def header() -> str:
    """Return what stands above the table."""
    width = max(map(len, RULES))
    return f"{'rule':{width}}  {'weight':6} {'':4} {'result':6}  evidence"


def row(result: Result) -> str:
    """Return a line of the table, as wide as the terminal allows; a failure is told in full."""
    rule = RULES[result.rule]
    columns = shutil.get_terminal_size(TERMINAL).columns
    width = max(map(len, RULES))
    start = f"{rule.identifier:{width}}  {rule.severity:6} [{rule.source}]  {result.outcome:6}  "
    room = max(columns - len(start), LEAST_EVIDENCE)
    if result.outcome in {Outcome.FAIL, Outcome.ERROR}:
        return f"{start}{result.evidence}\n{'':{len(start)}}({rule.platform})"
    return start + one_line(result.evidence, room)


class Table:
    """The table as it grows: rules that are skipped one after the other for one reason are a line.

    write: takes a line or, with a line break in it, two.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._skipped: list[Result] = []

    def add(self, result: Result) -> None:
        """Add a rule's result."""
        if result.outcome is Outcome.SKIP:
            if self._skipped and self._skipped[0].evidence != result.evidence:
                self.end()
            self._skipped.append(result)
        else:
            self.end()
            self._write(row(result))

    def end(self) -> None:
        """Write what has been held back."""
        if len(self._skipped) == 1:
            self._write(row(self._skipped[0]))
        elif self._skipped:
            self._write(_skipped_row(self._skipped))
        self._skipped = []


def _skipped_row(results: Sequence[Result]) -> str:
    """Return one line for rules that were skipped for one reason."""
    width = max(map(len, RULES))
    names = ", ".join(result.rule for result in results)
    what = f"{len(results)} rules"
    told = one_line(f"{results[0].evidence} ({names})")
    return f"{what:{width}}  {'':6} {'':4} {Outcome.SKIP:6}  {told}"


def unchecked(results: Sequence[Result]) -> list[str]:
    """Return the areas of which no rule was checked that must hold.

    Where only rules were chosen that should hold, these count.
    """
    chosen = [result for result in results if RULES[result.rule].severity is Severity.MUST]
    areas: dict[str, bool] = {}
    for result in chosen or results:
        area = RULES[result.rule].area
        checked = result.outcome in {Outcome.PASS, Outcome.FAIL}
        areas[area] = areas.get(area, False) or checked
    return [area for area, checked in areas.items() if not checked]


def totals(results: Sequence[Result]) -> str:
    """Return how many rules passed, failed and were skipped."""
    counts = Counter(result.outcome for result in results)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])


def as_json(image: str, results: Iterable[Result]) -> str:
    """Return the results for programs: the image, and each rule with its outcome and evidence."""
    rules = [
        {
            **_described(RULES[result.rule]),
            "result": result.outcome.lower(),
            "evidence": result.evidence,
            "seconds": round(result.seconds, 3),
        }
        for result in results
    ]
    return json.dumps({"image": image, "rules": rules}, indent=2) + "\n"


def _described(rule: Rule) -> dict[str, str]:
    return {
        "rule": rule.identifier,
        "severity": rule.severity,
        "source": rule.source,
        "platform": rule.platform,
    }
