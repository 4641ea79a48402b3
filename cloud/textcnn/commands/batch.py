"""``textcnn batch``: many documents at once, by a transform job."""

from pathlib import Path
from typing import Annotated

import typer

from textcnn import results
from textcnn.batch import documents, run
from textcnn.batch.documents import Documents
from textcnn.batch.file_check import TextColumn
from textcnn.batch.request import Serving, TransformOptions, TransformSpecification
from textcnn.deployment import source
from textcnn.errors import CommandError
from textcnn.foundation import Foundation, read_foundation
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
from textcnn.output import Format
from textcnn.training.result import tell_cost

DocumentsArgument = Annotated[
    str,
    typer.Argument(
        metavar="DOCUMENTS",
        help="A .csv, .tsv, .jsonl, .json or .txt file, also with .gz; or s3://, a key or prefix.",
        show_default=False,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help="A training job, s3://.../model.tar.gz, or a model package.",
    ),
]
DownloadOption = Annotated[
    Path | None,
    typer.Option("--download", metavar="FOLDER", help="Download the answers to this folder."),
]
TopOption = Annotated[
    int | None,
    typer.Option(
        "--top", metavar="N", min=1, help="How many labels each answer has; by default 3."
    ),
]
ColumnOption = Annotated[
    str | None,
    typer.Option(
        "--text-column",
        metavar="NAME",
        help="The column of a CSV file that holds the text; several between commas are joined.",
    ),
]
InstanceOption = Annotated[
    str, typer.Option("--instance-type", metavar="TYPE", help="What the job runs on.")
]
CountOption = Annotated[
    int,
    typer.Option(
        "--instance-count",
        "--count",
        metavar="N",
        min=1,
        help="How many instances share the files.",
    ),
]
KmsOption = Annotated[
    str | None,
    typer.Option(
        "--kms-key",
        metavar="ARN",
        help="The key that encrypts answers and volumes; by default that of `setup`.",
    ),
]
AgainOption = Annotated[
    bool,
    typer.Option(
        "--again", metavar="", help="Classify again, although the same job has already ended."
    ),
]


def batch(
    place: DocumentsArgument,
    model: ModelOption = None,
    registered: RegisteredOption = None,
    download: DownloadOption = None,
    top: TopOption = None,
    text_column: ColumnOption = None,
    image: OtherImageOption = None,
    instance_type: InstanceOption = "ml.m5.large",
    instance_count: CountOption = 1,
    subnet: SubnetOption = None,
    security_group: SecurityGroupOption = None,
    isolated: IsolatedOption = False,
    kms_key: KmsOption = None,
    again: AgainOption = False,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Classify the documents of a file or of S3; answers stand beside their documents.

    Given again, the same command goes on with the same job.

    Example: textcnn batch letters.csv --model letters-20260131 --download answers
    """
    context = Context(region, profile, output_format, dry_run)
    foundation = read_foundation(context.aws)
    options = TransformOptions(
        instance_type, instance_count, top, text_column, kms_key or foundation.kms_key_arn
    )
    model_source = source.find_source(context.aws, model, registered)
    column = TextColumn(text_column, model_source.text_column)
    found = _documents(context, foundation, place, column)
    serving = Serving(
        model_source.archive,
        source.image_of(context.aws, foundation, model_source, image),
        foundation.role_arn,
        tuple(subnet or ()),
        tuple(security_group or ()),
        isolated,
    )
    specification = TransformSpecification(foundation.bucket, found, serving, options)
    described = run.run(context, specification, again=again, yes=yes)
    if not described:
        context.output.requests(context.aws.requests)
        return
    _tell(context, run.transformed(context, described, download))


def _documents(
    context: Context, foundation: Foundation, place: str, column: TextColumn
) -> Documents:
    if place.startswith("s3://"):
        return documents.in_s3(context.aws, place, column)
    return documents.of_file(Path(place), foundation.bucket, column, context.output)


def _tell(context: Context, done: results.Transformed) -> None:
    output = context.output
    output.line(f"{'job':9}{done.job}: {done.status}")
    if done.status == "Completed":
        output.line(f"{'answers':9}{done.output}")
        for file in done.files:
            output.line(f"{'':9}{file}")
    if done.cost:
        output.line(f"{'cost':9}{tell_cost(done.cost)}")
    output.result(done)
    if done.status != "Completed":
        raise CommandError(
            f"the job {done.job} is {done.status}: {done.reason or 'no reason is given'}",
            "Its log tells more: `aws logs tail /aws/sagemaker/TransformJobs "
            f"--log-stream-name-prefix {done.job}/`. --again tries once more.",
        )
