"""The options that all commands share."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import typer

from textcnn.aws import Aws
from textcnn.output import Format, Output

# The panel of a command's help with what guards data and network.
GUARDS = "Network, keys, tags"

RegionOption = Annotated[
    str | None,
    typer.Option("--region", metavar="REGION", help="The AWS region; by default your profile's."),
]
ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", metavar="PROFILE", help="The profile of your AWS configuration."),
]
OutputOption = Annotated[
    Format, typer.Option("--output", help="For a person, or one JSON object for a program.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", metavar="", help="Print the exact requests and change nothing.")
]
SubnetOption = Annotated[
    list[str] | None,
    typer.Option("--subnet", metavar="ID", rich_help_panel=GUARDS, help="A subnet; repeatable."),
]
SecurityGroupOption = Annotated[
    list[str] | None,
    typer.Option(
        "--security-group",
        metavar="ID",
        rich_help_panel=GUARDS,
        help="A security group; repeatable.",
    ),
]
IsolatedOption = Annotated[
    bool,
    typer.Option(
        "--isolated",
        metavar="",
        rich_help_panel=GUARDS,
        help="Cut the container off from the network.",
    ),
]
RegisteredOption = Annotated[
    str | None,
    typer.Option(
        "--registered",
        metavar="GROUP",
        help="In place of the model: the newest approved version of this model group.",
    ),
]
OtherImageOption = Annotated[
    str | None,
    typer.Option(
        "--image",
        metavar="IMAGE",
        help="Another image than the one of the training job: a tag or a URI.",
    ),
]
YesOption = Annotated[
    bool, typer.Option("--yes", "-y", metavar="", help="Go on without asking for confirmation.")
]


@dataclass(frozen=True)
class Context:
    """What a command works with."""

    region: str | None = None
    profile: str | None = None
    output_format: Format = Format.TEXT
    dry_run: bool = False

    @cached_property
    def aws(self) -> Aws:
        """The session."""
        return Aws(self.region, self.profile, self.dry_run)

    @cached_property
    def output(self) -> Output:
        """Where results and notes go."""
        return Output(self.output_format)
