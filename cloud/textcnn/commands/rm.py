"""``textcnn rm``: take down."""

from typing import Annotated

import typer

from textcnn import consent, results
from textcnn.errors import CommandError, Exit
from textcnn.options import (
    Context,
    DryRunOption,
    OutputOption,
    ProfileOption,
    RegionOption,
    YesOption,
)
from textcnn.output import Format, Output
from textcnn.removal.everything import FullRemoval
from textcnn.removal.named import Named
from textcnn.removal.step import Step

STAYS = "Stays: the records of jobs, which AWS keeps; its metrics, for 15 months."
STAYS_NAMED = "Stays: its model.tar.gz in the bucket, and its log; `textcnn rm --all` removes all."

NamesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAMES...",
        help="Endpoints, models, configurations, and jobs that run.",
        show_default=False,
    ),
]
AllOption = Annotated[
    bool,
    typer.Option(
        "--all", metavar="", help="Remove all of it: jobs, endpoints, data, images, roles."
    ),
]


def rm(
    names: NamesArgument = None,
    everything: AllOption = False,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Remove endpoints and models, and stop jobs; with --all, remove everything.

    Shows what it would do, and asks. An endpoint's model, configuration and page go with it.

    Example: textcnn rm my-endpoint
    """
    if bool(names) == everything:
        raise CommandError(
            "give NAMES or --all, one of them", "`textcnn ls` shows what there is.", Exit.USAGE
        )
    context = Context(region, profile, output_format, dry_run)
    steps = _plan(context, names)
    if steps and not dry_run:
        _ask(context, everything=everything, yes=yes)
    for step in steps:
        if not dry_run:
            context.output.say(f"{step.what}: {step.name}")
        step.run()
    _tell_end(context, steps, everything=everything)


def _plan(context: Context, names: list[str] | None) -> list[Step]:
    output = context.output
    if names:
        steps = Named(context.aws, output).steps(names)
    else:
        steps = list(FullRemoval(context.aws, output).steps())
    if steps:
        output.say(f"In account {context.aws.account}, {context.aws.region}:")
        for step in steps:
            output.say(f"  {step.what}: {step.name}")
        output.say(STAYS_NAMED if names else STAYS)
    return steps


def _ask(context: Context, *, everything: bool, yes: bool) -> None:
    consent.agree("Remove it?", yes=yes)
    if everything and not yes:
        account = context.aws.account
        typed = typer.prompt(
            f"All of it, data and models too: type the account, {account}", err=True
        )
        if typed.strip() != account:
            raise CommandError("nothing was removed: that is another account", "", Exit.INTERRUPTED)


def _tell_end(context: Context, steps: list[Step], *, everything: bool) -> None:
    output: Output = context.output
    if context.dry_run:
        output.requests(context.aws.requests)
        return
    nothing = f"There is nothing to remove in {context.aws.region}."
    done = "Nothing is left." if everything else "Done."
    output.line(done if steps else nothing)
    output.result(results.Removed([f"{step.what}: {step.name}" for step in steps]))
