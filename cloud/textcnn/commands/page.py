"""``textcnn page``: the page in front of an endpoint, without a server."""

from pathlib import Path
from typing import Annotated

import typer

from textcnn import consent, results
from textcnn.errors import CommandError, Exit
from textcnn.foundation import read_foundation
from textcnn.options import (
    Context,
    DryRunOption,
    OutputOption,
    ProfileOption,
    RegionOption,
    YesOption,
)
from textcnn.output import Format
from textcnn.page import place
from textcnn.page.carry_out import PageResult, carry_out
from textcnn.page.files import read_files
from textcnn.page.place import stack_name
from textcnn.page.plan import PageOptions, Plan, find_endpoint, lines, make_plan, risk
from textcnn.removal import pages

HELP = "A page in front of an endpoint: enter a document, see what it is and why."
app = typer.Typer(name="page", help=HELP, no_args_is_help=True)

EndpointArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ENDPOINT",
        help="The endpoint; by default the only one there is.",
        show_default=False,
    ),
]
OpenOption = Annotated[
    bool,
    typer.Option(
        "--open", metavar="", help="Without a key: whoever finds the page spends your money."
    ),
]
NewKeyOption = Annotated[
    bool,
    typer.Option("--new-key", metavar="", help="Make another key; links with the old one end."),
]
RateOption = Annotated[
    int | None,
    typer.Option(
        "--rate",
        metavar="N",
        min=1,
        max=10_000,
        help="Requests a second of all visitors; 5 unless set.",
    ),
]
BurstOption = Annotated[
    int | None,
    typer.Option("--burst", metavar="N", min=1, max=5000, help="Requests at once; 10 unless set."),
]
ReservedOption = Annotated[
    int | None,
    typer.Option(
        "--reserved",
        metavar="N",
        min=0,
        max=1000,
        help="Concurrency that its function reserves; 0 unless set.",
    ),
]
LogDaysOption = Annotated[
    int | None,
    typer.Option(
        "--log-days", metavar="DAYS", help="How long the function's log is kept; 30 unless set."
    ),
]
AlarmsOption = Annotated[
    bool | None,
    typer.Option("--alarms/--no-alarms", metavar="", help="Three alarms, billed by the month."),
]
TopicOption = Annotated[
    str | None, typer.Option("--alarm-topic", metavar="ARN", help="The SNS topic alarms go to.")
]
FilesOption = Annotated[
    Path | None, typer.Option("--files", metavar="FOLDER", help="A page of your own instead.")
]


@app.command()
def deploy(
    endpoint: EndpointArgument = None,
    is_open: OpenOption = False,
    new_key: NewKeyOption = False,
    rate: RateOption = None,
    burst: BurstOption = None,
    reserved: ReservedOption = None,
    log_days: LogDaysOption = None,
    alarms: AlarmsOption = None,
    alarm_topic: TopicOption = None,
    files: FilesOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Put the page in front of an endpoint, or bring it up to date; print its link.

    Closed by a key, which the link has behind the #. The link is printed once: the key is not
    stored. Given again, the command changes only what its options name. It costs by use, and its
    alarms by the month.

    Example: textcnn page deploy letters
    """
    if is_open and new_key:
        raise CommandError("an open page has no key", "Give --open or --new-key.", Exit.USAGE)
    context = Context(region, profile, output_format, dry_run)
    given = {
        "RequestsPerSecond": rate,
        "Burst": burst,
        "ReservedConcurrency": reserved,
        "LogDays": log_days,
        "Alarms": None if alarms is None else str(alarms).lower(),
        "AlarmTopicArn": alarm_topic,
    }
    settings = {name: str(value) for name, value in given.items() if value is not None}
    found = find_endpoint(context.aws, endpoint)
    plan = make_plan(
        context.aws,
        found,
        read_foundation(context.aws),
        PageOptions(is_open, new_key, settings),
        read_files(files, key=not is_open),
    )
    for name, value in lines(plan):
        context.output.say(f"{name:11}{value}")
    if is_open:
        context.output.warn(risk(plan))
    if not dry_run:
        consent.agree("Make it open to everybody?" if is_open else "Go on?", yes=yes)
    _tell(context, plan, carry_out(context.aws, context.output, plan))


@app.command()
def url(
    endpoint: EndpointArgument = None,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Print the address of a page, without its key, which was printed when the page was made.

    Example: textcnn page url letters
    """
    context = Context(region, profile, output_format)
    page = place.meant(context.aws, endpoint)
    context.output.line(page.address)
    if page.access == "closed":
        context.output.say(
            "It needs the key of the link that `textcnn page deploy` printed. Where that is lost, "
            f"make another: textcnn page deploy {page.endpoint} --new-key"
        )
    context.output.result(
        results.Page(page.endpoint, page.stack.name, page.access, page.address, "", [], [])
    )


@app.command()
def remove(
    endpoint: EndpointArgument = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Remove a page, and leave nothing of it. The endpoint stays.

    CloudFront takes some minutes to let go of a domain.

    Example: textcnn page remove letters
    """
    context = Context(region, profile, output_format, dry_run)
    aws, output = context.aws, context.output
    page = place.meant(aws, endpoint)
    steps = [*pages.steps(aws, output, page), *pages.code_steps(aws, page)]
    for step in steps:
        output.say(f"{step.what}: {step.name}")
    if not dry_run:
        consent.agree("Remove it?", yes=yes)
    for step in steps:
        step.run()
    if dry_run:
        output.requests(aws.requests)
        return
    output.line(f"The page of {page.endpoint} is gone.")
    output.result(results.Removed([f"{step.what}: {step.name}" for step in steps]))


def _tell(context: Context, plan: Plan, made: PageResult) -> None:
    output, page, name = context.output, made.page, plan.endpoint.name
    address, link = (page.address, place.link(page, plan.key)) if page else ("", "")
    if page is None:
        output.line("CloudFormation would change:" if made.changes else "Nothing would change.")
        for change in made.changes:
            output.line(f"  {change}")
        output.line(f"Then these files would be put: {', '.join(made.files)}")
    else:
        output.line(link, "bold")
        if plan.key:
            output.say("The key in this link is not printed again: keep the link.")
        elif not plan.options.is_open:
            output.say("It needs the key that it has; --new-key makes another where that is lost.")
        output.say(f"Take it away:  textcnn page remove {name}")
    access = "open" if plan.options.is_open else "closed"
    output.result(
        results.Page(name, stack_name(name), access, address, link, made.changes, made.files)
    )
