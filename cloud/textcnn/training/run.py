"""`textcnn train`: from documents to a model, or on with what an earlier command began."""

from functools import partial
from pathlib import Path
from typing import Any

from textcnn.consent import agree
from textcnn.errors import CommandError, Exit, cause
from textcnn.options import Context
from textcnn.results import Trained
from textcnn.training import attempts, plan, result, sending
from textcnn.training.attempts import status
from textcnn.training.job_kind import JobKind
from textcnn.training.job_options import JobOptions
from textcnn.training.preparation import prepare
from textcnn.training.register import register
from textcnn.training.training_job import TrainingJobs, missing
from textcnn.training.tuning_job import TuningJobs


def train(context: Context, options: JobOptions) -> None:
    """Train, or go on with the job of the same request.

    A job that was created once is followed or its result is told, unless --again is given: so a
    command that was interrupted, at whatever moment, goes on when it is given again.
    """
    aws = context.aws
    kind: JobKind = TuningJobs() if options.tuning_jobs else TrainingJobs()
    specification = prepare(aws, context.output, options)
    request = kind.request(specification, options)
    tried = attempts.look_up(
        partial(kind.describe, aws), _base(kind, options, attempts.identity(request, specification))
    )
    if options.name and tried.last:
        _check_same(tried.last, request, options.name)
    if tried.last and (tried.is_running or not options.again):
        _go_on(context, kind, attempts.name(tried.last), options.folder, options.register)
        return
    files = sending.absent(aws, specification)
    plan.tell(context, options, specification, files, tried.next_name)
    if not aws.dry_run:
        agree("Train?", yes=options.yes)
    sending.send_all(context, specification, files)
    kind.create(context, options, specification, tried)
    if not aws.dry_run:
        context.output.say("the job is created; Ctrl+C leaves it running")
    _go_on(context, kind, tried.next_name, options.folder, options.register)


def follow(context: Context, name: str, folder: Path | None, group: str | None) -> None:
    """Go on with a job, of either kind."""
    _go_on(context, _kind(context, name), name, folder, group)


def stop(context: Context, name: str) -> None:
    """End a job; what it has learned so far is kept."""
    kind = _kind(context, name)
    described = kind.describe(context.aws, name)
    state = status(described) if described else ""
    if state in attempts.RUNNING:
        kind.stop(context.aws, name)
        state = "Stopping"
        context.output.say(
            f"the job {name} ends and keeps its best model so far; `textcnn train --follow {name}` "
            "shows its end"
        )
    else:
        context.output.say(f"the job {name} has ended before: {state}")
    _give(context, Trained(name, state))


def _go_on(
    context: Context, kind: JobKind, name: str, folder: Path | None, group: str | None
) -> None:
    if context.dry_run:
        _give(context, Trained(name, ""))
        return
    trained = kind.follow(context, name, folder)
    result.tell(context.output, trained)
    if group and trained.model:
        trained = register(context, trained, group)
        context.output.line(f"package {trained.model_package}, waiting for approval")
    _give(context, trained)
    _raise_failure(trained)


def _give(context: Context, trained: Trained) -> None:
    """Give a program the result, or the requests of a dry run."""
    if context.dry_run:
        context.output.requests(context.aws.requests)
    else:
        context.output.result(trained)


def _raise_failure(trained: Trained) -> None:
    if trained.status == "Failed":
        raise CommandError(
            f"the job {trained.job} failed: {cause(trained.reason)}",
            "Mend the cause and train again; --again tries the very same once more.",
        )
    if not trained.model:
        raise CommandError(
            f"the job {trained.job} was stopped before it had a model", "--again trains anew."
        )


def _base(kind: JobKind, options: JobOptions, identity: str) -> str:
    if options.name is None:
        return attempts.base_name(options.data, identity, kind.longest_name)
    # With room for the number of a later try.
    longest = kind.longest_name - 1 - attempts.NUMBER_DIGITS
    if not attempts.is_name(options.name, longest):
        raise CommandError(
            f"--name {options.name} is no name for a job",
            f"Take letters, digits and hyphens between them, {longest} at most.",
            Exit.USAGE,
        )
    return options.name


def _kind(context: Context, name: str) -> JobKind:
    kinds: tuple[JobKind, ...] = (TrainingJobs(), TuningJobs())
    for kind in kinds:
        if attempts.is_name(name, kind.longest_name) and kind.describe(context.aws, name):
            return kind
    raise missing(name)


def _check_same(described: dict[str, Any], request: dict[str, Any], name: str) -> None:
    """Hold the job of a name against the request: a name says nothing about what is in it."""
    if not attempts.is_same(described, request):
        raise CommandError(
            f"there is a job {name} already, with other data, settings or image",
            "Choose another --name: a name cannot be used again.",
            Exit.USAGE,
        )
