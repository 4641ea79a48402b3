"""The table of results, and the same as JSON."""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence

from check_image.outcome import Outcome, Result, one_line
from check_image.rule import Rule
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
