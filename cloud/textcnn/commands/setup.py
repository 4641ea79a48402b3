"""``textcnn setup``: what all else stands on."""

from pathlib import Path
from typing import Annotated

import typer

from textcnn.errors import CommandError
from textcnn.options import (
    Context,
    DryRunOption,
    OutputOption,
    ProfileOption,
    RegionOption,
    YesOption,
)
from textcnn.output import Format
from textcnn.results import Setup
from textcnn.setup import Budget, set_up, write_files

BucketOption = Annotated[
    str | None,
    typer.Option("--bucket", metavar="NAME", help="A name; by default textcnn-ACCOUNT-REGION."),
]
RepositoryOption = Annotated[
    str | None,
    typer.Option("--repository", metavar="NAME", help="The image's; default text-classification."),
]
KmsOption = Annotated[
    str | None,
    typer.Option("--kms-key", metavar="ARN", help="The key that encrypts bucket and repository."),
]
BoundaryOption = Annotated[
    str | None,
    typer.Option(
        "--permissions-boundary", metavar="ARN", help="The permissions boundary of the roles."
    ),
]
VpcOption = Annotated[
    bool | None,
    typer.Option("--vpc/--no-vpc", metavar="", help="Let jobs and models run in a VPC."),
]
EmailOption = Annotated[
    str | None,
    typer.Option("--budget-email", metavar="ADDRESS", help="Where AWS writes when money is spent."),
]
LimitOption = Annotated[
    int, typer.Option("--budget-limit", min=1, metavar="USD", help="The budget of a month.")
]
PrintOption = Annotated[
    bool,
    typer.Option(
        "--print", metavar="", help="Only write templates and policies, for an administrator."
    ),
]
FolderOption = Annotated[
    Path, typer.Option("--folder", metavar="FOLDER", help="Where --print writes them.")
]


def setup(
    bucket: BucketOption = None,
    repository: RepositoryOption = None,
    kms_key: KmsOption = None,
    permissions_boundary: BoundaryOption = None,
    vpc: VpcOption = None,
    budget_email: EmailOption = None,
    budget_limit: LimitOption = 50,
    only_print: PrintOption = False,
    folder: FolderOption = Path("textcnn-setup"),
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Make the bucket, the roles and the image's repository, as a stack of CloudFormation.

    It costs nothing but what is stored later. Given again, it changes what is different.

    Example: textcnn setup --budget-email you@example.com
    """
    context = Context(region, profile, output_format, dry_run)
    if only_print:
        _print(context, folder)
        return
    given = {
        "BucketName": bucket,
        "RepositoryName": repository,
        "KmsKeyArn": kms_key,
        "PermissionsBoundaryArn": permissions_boundary,
        "AllowVpc": None if vpc is None else str(vpc).lower(),
    }
    parameters = {name: value for name, value in given.items() if value is not None}
    budget = Budget(budget_email, budget_limit) if budget_email else None
    made = set_up(context, parameters, budget, yes=yes)
    context.output.result(made)
    if dry_run:
        context.output.say("dry run: nothing was made")
    else:
        _tell(context, made)


def _tell(context: Context, made: Setup) -> None:
    for label, name in (
        ("bucket", "BucketName"),
        ("role", "RoleArn"),
        ("image", "RepositoryUri"),
    ):
        context.output.line(f"{label:<8}{made.outputs[name]}")
    context.output.say(
        "\nNext, push the image (the emulator has it already): "
        f"./build_and_push.sh {made.outputs['RepositoryName']}\n"
        "then train: textcnn train FOLDER"
    )


def _print(context: Context, folder: Path) -> None:
    try:
        written = write_files(folder)
    except OSError as error:
        raise CommandError(f"{folder} cannot be written: {error.strerror}") from None
    for path in written:
        context.output.line(str(path))
    context.output.result({"files": [str(path) for path in written]})
    context.output.say(
        "\nAn administrator makes a stack named textcnn-foundation of foundation.yaml; "
        "then `textcnn doctor` looks at it."
    )
