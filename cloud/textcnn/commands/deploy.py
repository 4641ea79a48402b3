"""``textcnn deploy``: a model as an endpoint."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from textcnn import consent, durations, results
from textcnn.deployment import carry_out, naming, parameters, plan, source
from textcnn.deployment.carry_out import Deployed
from textcnn.deployment.choices import DEFAULT_INSTANCE, INSTEAD, Choices
from textcnn.deployment.parameters import Target
from textcnn.deployment.plan import Plan
from textcnn.endpoints import Kind
from textcnn.errors import CommandError, Exit
from textcnn.foundation import read_foundation
from textcnn.options import (
    Context,
    DryRunOption,
    IsolatedOption,
    OtherImageOption,
    OutputOption,
    ProfileOption,
    RegionOption,
    RegisteredOption,
    SecurityGroupOption,
    SubnetOption,
    YesOption,
)
from textcnn.output import Format, Output

# Within this time instances start; the two steps of an update are watched besides.
START_SECONDS = 15 * 60
DEFAULT_LIFETIME = "8h"

ModelArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="MODEL",
        help="A training job, s3://BUCKET/KEY/model.tar.gz, or the ARN of a model package.",
        show_default=False,
    ),
]
NameOption = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="The endpoint's name; by default the model's."),
]
MemoryOption = Annotated[
    int, typer.Option("--memory", metavar="MB", help="Serverless: MB, 1024 to 6144.")
]
ConcurrencyOption = Annotated[
    int,
    typer.Option(
        "--concurrency", metavar="N", min=1, max=200, help="Serverless: requests at once."
    ),
]
InstanceOption = Annotated[
    str | None,
    typer.Option("--instance-type", metavar="TYPE", help="Run on instances of this type instead."),
]
CountOption = Annotated[
    int | None,
    typer.Option("--instance-count", "--count", metavar="N", min=1, help="How many instances."),
]
AutoscaleOption = Annotated[
    str | None,
    typer.Option("--autoscale", metavar="N:M", help="The fewest and the most instances: 1:4."),
]
AsyncOption = Annotated[
    bool,
    typer.Option(
        "--async", metavar="", help="Asynchronous: requests and answers in S3, up to 1 GB."
    ),
]
CaptureOption = Annotated[
    int,
    typer.Option(
        "--capture",
        metavar="PERCENT",
        min=0,
        max=100,
        help="Percent of requests to keep for `drift`.",
    ),
]
KmsOption = Annotated[
    str | None,
    typer.Option("--kms-key", metavar="ARN", help="The ARN of a key for volumes and data."),
]
VariableOption = Annotated[
    list[str] | None,
    typer.Option(
        "--env", metavar="NAME=VALUE", help="A setting of the server, NAME=VALUE; repeatable."
    ),
]
ForOption = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="TIME",
        help="How long an endpoint on instances lives: 90m, 3d; by default 8h.",
    ),
]
KeepOption = Annotated[
    bool, typer.Option("--keep", metavar="", help="Let it live until you remove it.")
]
BakeOption = Annotated[
    int,
    typer.Option(
        "--bake-seconds",
        metavar="SECONDS",
        min=0,
        max=3600,
        help="How long alarms watch each step of an update.",
    ),
]


def deploy(
    model: ModelArgument = None,
    registered: RegisteredOption = None,
    name: NameOption = None,
    image: OtherImageOption = None,
    memory: MemoryOption = 2048,
    concurrency: ConcurrencyOption = 5,
    instance_type: InstanceOption = None,
    count: CountOption = None,
    autoscale: AutoscaleOption = None,
    asynchronous: AsyncOption = False,
    capture: CaptureOption = 0,
    subnet: SubnetOption = None,
    security_group: SecurityGroupOption = None,
    isolated: IsolatedOption = False,
    kms_key: KmsOption = None,
    env: VariableOption = None,
    lifetime: ForOption = None,
    keep: KeepOption = False,
    bake_seconds: BakeOption = 300,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Make a model an endpoint, or update one of the same name.

    Serverless by default: it costs nothing while nobody asks. Endpoints on instances cost by the
    hour and end by themselves after --for, unless --keep is given.

    Example: textcnn deploy letters-20260131 --name letters
    """
    choices = Choices(
        memory,
        concurrency,
        instance_type or (DEFAULT_INSTANCE if asynchronous else None),
        count,
        autoscale,
        asynchronous,
        capture,
        tuple(subnet or ()),
        tuple(security_group or ()),
        isolated,
        kms_key,
        tuple(env or ()),
    )
    choices.check()
    _check_end(choices.kind, lifetime, keep=keep)
    context = Context(region, profile, output_format, dry_run)
    found = source.find_source(context.aws, model, registered)
    ends = not keep and choices.kind is not Kind.SERVERLESS
    seconds = _seconds(lifetime or DEFAULT_LIFETIME, bake_seconds) if ends else None
    foundation = read_foundation(context.aws)
    target = Target(
        naming.checked(name or found.name),
        found.archive,
        source.image_of(context.aws, foundation, found, image),
        choices,
        seconds,
        bake_seconds,
    )
    planned = Plan(
        target,
        parameters.parameters(target, foundation, datetime.now(UTC)),
        plan.price_of(context.aws, target),
        carry_out.present(context.aws, target.name),
    )
    carry_out.check_scaled(context.aws, planned)
    _carry_out(context, planned, yes=yes)


def _check_end(kind: Kind, lifetime: str | None, *, keep: bool) -> None:
    """Raise ``CommandError`` where --for would do nothing."""
    if lifetime and keep:
        raise CommandError("--for and --keep exclude each other", "Give one of them.", Exit.USAGE)
    if lifetime and kind is Kind.SERVERLESS:
        raise CommandError(
            "a serverless endpoint does not end by itself: --for is for instances",
            f"Leave out --for: it costs nothing while nobody asks. {INSTEAD}",
            Exit.USAGE,
        )


def _seconds(lifetime: str, bake_seconds: int) -> int:
    """Return how long an endpoint lives, in seconds.

    Its end is only planned when it runs: a time that has passed by then would end nothing.
    """
    seconds = durations.parse(lifetime)
    least = START_SECONDS + 2 * bake_seconds
    if seconds < least:
        raise CommandError(
            f"--for {lifetime} could be over before the endpoint runs, and then it would not end",
            f"Give at least {-(-least // 60)}m.",
            Exit.USAGE,
        )
    return seconds


def _carry_out(context: Context, planned: Plan, *, yes: bool) -> None:
    output = context.output
    for name, value in plan.lines(planned):
        output.say(f"{name:11}{value}")
    if not context.dry_run:
        consent.agree("Go on?", yes=yes)
    deployed = carry_out.carry_out(context.aws, output, planned)
    if context.dry_run:
        _show_changes(output, deployed)
    else:
        _show_end(output, planned)
    output.result(_result(planned, deployed))


def _show_changes(output: Output, deployed: Deployed) -> None:
    output.line("CloudFormation would change:" if deployed.changes else "Nothing would change.")
    for change in deployed.changes:
        output.line(f"  {change}")


def _show_end(output: Output, planned: Plan) -> None:
    name = planned.target.name
    output.line(f"{name} is in service.", "bold")
    output.line(f'Ask it:  textcnn ask --endpoint {name} "a text"')
    output.line(f"End it:  textcnn rm {name}")


def _result(planned: Plan, deployed: Deployed) -> results.Deployed:
    price = planned.price
    return results.Deployed(
        planned.target.name,
        naming.stack_name(planned.target.name),
        planned.target.choices.kind.value,
        deployed.endpoint.status if deployed.endpoint else "",
        deployed.configuration,
        deployed.changes,
        planned.ends.isoformat() if planned.ends else None,
        price.amount if price else None,
        price.currency if price else None,
        price.unit if price else None,
    )
