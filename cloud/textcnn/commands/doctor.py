"""``textcnn doctor``: whether everything is as it should be."""

from typing import Annotated

import typer
from rich.text import Text

from textcnn.doctor.checks import OK, PROBLEM, UNKNOWN
from textcnn.doctor.run import checks
from textcnn.errors import Exit
from textcnn.options import Context, OutputOption, ProfileOption, RegionOption
from textcnn.output import Format, Output
from textcnn.results import Check, Doctor
from textcnn.training.job_options import INSTANCE_TYPE

InstanceOption = Annotated[
    str,
    typer.Option("--instance-type", metavar="TYPE", help="The instance type to see quotas of."),
]
STYLES = {OK: "green", PROBLEM: "red", UNKNOWN: "yellow"}


def doctor(
    instance_type: InstanceOption = INSTANCE_TYPE,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Look at credentials, region, stack, role, bucket, image, quotas and what costs.

    It changes nothing. What it cannot find out it calls unknown, which keeps nothing from being
    tried. The exit code is 1 where there is a problem.

    Example: textcnn doctor --instance-type ml.c5.2xlarge
    """
    context = Context(region, profile, output_format)
    found = []
    for check in checks(context.aws, instance_type):
        found.append(check)
        _tell(context.output, check)
    context.output.result(Doctor(found))
    if any(check.state == PROBLEM for check in found):
        raise typer.Exit(Exit.FAILED)


def _tell(output: Output, check: Check) -> None:
    line = Text(f"{check.state:<9}", style=STYLES[check.state])
    line.append(f"{check.subject:<13}{check.finding}", style="default")
    output.rich(line)
    if check.remedy:
        output.rich(Text(f"{'':<22}{check.remedy}", style="dim"))
