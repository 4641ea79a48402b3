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
    str | None, typer.Option("--region", help="The AWS region; by default your profile's.")
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="The profile of your AWS configuration.")
]
OutputOption = Annotated[
    Format, typer.Option("--output", help="For a person, or one JSON object for a program.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Print the exact requests and change nothing.")
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
        "--isolated", rich_help_panel=GUARDS, help="Cut the container off from the network."
    ),
]
RegisteredOption = Annotated[
    str | None, typer.Option("--registered", help="Instead: a group's newest approved version.")
]
OtherImageOption = Annotated[
    str | None, typer.Option("--image", help="Another image than the model's: a tag or a URI.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]


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
