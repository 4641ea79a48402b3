"""The command line: an image in, a table out; the exit code says whether it keeps the contract."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from check_image.checking import check_all
from check_image.engine import Engine, EngineError
from check_image.outcome import Outcome, Result
from check_image.report import Table, as_json, header, totals, unchecked
from check_image.rule import Rule
from check_image.rules import RULES
from check_image.sample import SampleError, read_sample
from check_image.subject import Subject

AREAS = ("image", "training", "hosting")
KEPT, BROKEN, NOT_RUN = 0, 1, 2
JOB_SECONDS = 600
SIDE_BY_SIDE = 2


class UsageError(Exception):
    """The command line asks for what cannot be done; the message says what and why."""


def main(arguments: list[str] | None = None) -> int:
    """Check an image.

    Returns 0 when it keeps to every rule, 1 when a rule fails, 2 when a rule could not be checked,
    or in some area none of those that must hold.
    """
    options = _parser().parse_args(arguments)
    try:
        results = _check(options)
        if options.json:
            options.json.write_text(as_json(options.image, results), encoding="utf-8")
    except (UsageError, SampleError, EngineError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_RUN
    _print(f"{options.image}: {totals(results)}")
    for area in unchecked(results):
        _print(f"{area}: no rule that must hold could be checked, so nothing is known of it")
    return _exit_code(results)


def _check(options: argparse.Namespace) -> list[Result]:
    rules = _chosen(options)
    sample = read_sample(
        options.hyperparameters, options.train_data, options.request, options.content_type
    )
    if options.model and not options.model.is_dir():
        raise UsageError(f"there is no folder {options.model}")
    with tempfile.TemporaryDirectory() as scratch, Engine(options.docker) as engine:
        _need_image(engine, options.image)
        subject = Subject(
            engine=engine,
            image=options.image,
            sample=sample,
            scratch=Path(scratch),
            chosen=frozenset(rule.identifier for rule in rules),
            job_seconds=options.timeout,
            model=options.model,
        )
        _print(header())
        table = Table(_print)
        with subject.stack:
            results = check_all(rules, subject, options.jobs, table.add)
        table.end()
        return results


def _chosen(options: argparse.Namespace) -> list[Rule]:
    unknown = set(options.rule) - set(RULES)
    if unknown:
        raise UsageError(
            f"there is no rule {' '.join(sorted(unknown))}; docs/image_rules.md lists them"
        )
    chosen = [
        rule
        for rule in RULES.values()
        if rule.area in (options.only or AREAS)
        and (rule.identifier in options.rule or not options.rule)
    ]
    if not chosen:
        raise UsageError("--only leaves out every --rule, so there is nothing to check")
    return chosen


def _need_image(engine: Engine, image: str) -> None:
    code, said = engine.output("image", "inspect", image)
    if code:
        raise UsageError(f"there is no image {image} here, build or pull it: {said.strip()[-200:]}")


def _exit_code(results: Sequence[Result]) -> int:
    outcomes = {result.outcome for result in results}
    if Outcome.FAIL in outcomes:
        return BROKEN
    return NOT_RUN if Outcome.ERROR in outcomes or unchecked(results) else KEPT


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="check_image.sh",
        description="Check an image against SageMaker's container contract.",
        epilog="Exit code: 0 when the image keeps to all rules, 1 when it breaks one, 2 when rules "
        'could not be checked: a fault of the engine, or no rule of weight "must" of an area. '
        "Without files of your own, the image is given sample letters.",
    )
    add = parser.add_argument
    add("image", metavar="IMAGE")
    add("--only", choices=AREAS, action="append", help="check this part; may be repeated")
    add("--rule", metavar="RULE", action="append", default=[], help="check this rule; likewise")
    add("--hyperparameters", type=Path, metavar="FILE", help="a JSON object; else none are given")
    add("--train-data", type=Path, metavar="FOLDER", help="holds a folder for each channel")
    add("--request", type=Path, metavar="FILE", help="a body for /invocations")
    add("--content-type", metavar="TYPE", help="of that body; default: as its name tells")
    add("--model", type=Path, metavar="FOLDER", help="serve this, not what training leaves")
    add(
        "--timeout",
        type=_positive,
        metavar="SECONDS",
        default=JOB_SECONDS,
        help="for a training job",
    )
    add("--jobs", type=_positive, metavar="N", default=SIDE_BY_SIDE, help="containers side by side")
    add("--json", type=Path, metavar="FILE", help="write the results there as well")
    add("--docker", metavar="CLIENT", default=os.environ.get("DOCKER", "docker"), help="or $DOCKER")
    return parser
