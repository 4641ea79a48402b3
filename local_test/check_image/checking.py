"""Rules are checked: those of one lane one after the other, lanes side by side."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from check_image.outcome import Failed, Outcome, Result, Skipped, one_line
from check_image.rule import Rule
from check_image.subject import Subject


def check_all(
    rules: Sequence[Rule], subject: Subject, side_by_side: int, tell: Callable[[Result], None]
) -> list[Result]:
    """Check rules and return the results in their order.

    tell: called with each result, in the same order, as soon as those before it are known.
    """
    lanes: dict[str, list[Rule]] = {}
    for each in rules:
        lanes.setdefault(each.lane, []).append(each)
    pool = ThreadPoolExecutor(side_by_side)
    try:
        running = [pool.submit(_check_lane, lane, subject) for lane in lanes.values()]
        results = []
        for lane in running:
            for result in lane.result():
                tell(result)
                results.append(result)
        return results
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        # Of a check that is broken off, lanes still run: without their containers they end soon.
        try:
            subject.engine.close()
        finally:
            pool.shutdown()


def _check_lane(rules: Iterable[Rule], subject: Subject) -> list[Result]:
    return [check_one(rule, subject) for rule in rules]


def check_one(rule: Rule, subject: Subject) -> Result:
    """Check one rule; what hinders the check itself is an error, not the image's failure."""
    start = time.monotonic()
    try:
        outcome, evidence = Outcome.PASS, rule.check(subject)
    except Failed as error:
        outcome, evidence = Outcome.FAIL, str(error)
    except Skipped as error:
        outcome, evidence = Outcome.SKIP, str(error)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not hide what others find
        outcome, evidence = Outcome.ERROR, f"{type(error).__name__}: {error}"
    return Result(rule.identifier, outcome, one_line(evidence), time.monotonic() - start)
