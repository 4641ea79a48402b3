"""Follow a training job to its end, wherever the command that started it has gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from textcnn import durations
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.output import Output
from textcnn.polling import pauses
from textcnn.training.attempts import RUNNING, describe_training_job, status
from textcnn.training.log import JobLog, Message, understand
from textcnn.training.request import machines
from textcnn.training.retries import Retries
from textcnn.training.view import View, view

# The log may be written a moment after the job has ended.
QUIET_SECONDS = 0.5
TAIL = 20


def how_to_go_on(job: str) -> str:
    """Return what to do while a job runs and nobody follows it."""
    return (
        f"`textcnn train --follow {job}` goes on with it; `textcnn train --stop {job}` ends it "
        "and keeps the best model so far."
    )


def follow(aws: Aws, output: Output, job: str) -> dict[str, Any]:
    """Show a job until it has ended, and return DescribeTrainingJob's last answer.

    Raises ``CommandError`` where there is no such job, where the person presses Ctrl+C (the job
    goes on), and where the credentials have expired for good.
    """
    retries = Retries(aws, output, f"Log in again. The job goes on: {how_to_go_on(job)}")
    with interruptible(job):
        return _follow(aws, output, job, retries.run)


@contextmanager
def interruptible(job: str) -> Iterator[None]:
    """Turn Ctrl+C into an error that says how to go on: it is the following that ends."""
    try:
        yield
    except KeyboardInterrupt:
        raise CommandError(
            f"interrupted; the job {job} goes on", how_to_go_on(job), Exit.INTERRUPTED
        ) from None


def _follow(
    aws: Aws, output: Output, job: str, run: Callable[[Callable[[], Any]], Any]
) -> dict[str, Any]:
    log = JobLog(aws, job)
    described: dict[str, Any] = {}
    with view(output) as shown:
        for _ in pauses():
            described = run(lambda: describe_training_job(aws, job))
            if not described:
                raise CommandError(f"the job {job} was deleted meanwhile", "", Exit.MISSING)
            shown.state(_state(described))
            for line in run(log.new_lines):
                _show(shown, line, described)
            if status(described) not in RUNNING:
                break
        for line in _rest(log, run):
            _show(shown, line, described)
    return described


def tell_tail(aws: Aws, output: Output, job: str) -> None:
    """Tell the last lines of a job that ended before anybody followed it."""
    for line in JobLog(aws, job).new_lines()[-TAIL:]:
        output.say(f"  {line}")


def _show(shown: View, line: str, described: dict[str, Any]) -> None:
    definitions = described["AlgorithmSpecification"].get("MetricDefinitions", [])
    told = understand(line, definitions)
    if isinstance(told, Message) and not told.text.strip():
        return
    shown.show(told)


def _rest(log: JobLog, run: Callable[[Callable[[], Any]], Any]) -> Iterator[str]:
    """Yield what is still written to the log, until nothing comes for a moment."""
    last = 0.0
    for passed in pauses():
        lines = run(log.new_lines)
        yield from lines
        if lines:
            last = passed
        elif passed - last >= QUIET_SECONDS:
            return


def _state(described: dict[str, Any]) -> str:
    """Return what a job is doing and for how long: ``Training for 2 min 3 s``."""
    secondary = described.get("SecondaryStatus", status(described))
    transitions = described.get("SecondaryStatusTransitions") or [{}]
    since = transitions[-1].get("StartTime")
    if since is None or status(described) not in RUNNING:
        return str(secondary)
    seconds = max(0.0, (datetime.now(UTC) - since).total_seconds())
    resources = described.get("ResourceConfig", {})
    machine = machines(resources.get("InstanceCount", 1), resources.get("InstanceType", ""))
    return f"{secondary} for {durations.write(seconds)} on {machine}"
