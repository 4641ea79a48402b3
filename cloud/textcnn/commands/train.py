"""``textcnn train``: a training job, from documents to scores."""

from pathlib import Path
from typing import Annotated

import typer

from textcnn import durations
from textcnn.errors import CommandError, Exit
from textcnn.options import (
    GUARDS,
    Context,
    DryRunOption,
    IsolatedOption,
    OutputOption,
    ProfileOption,
    RegionOption,
    SecurityGroupOption,
    SubnetOption,
    YesOption,
)
from textcnn.output import Format
from textcnn.training import hyperparameters, run
from textcnn.training.delivery import InputMode, read_delivery
from textcnn.training.job_options import INSTANCE_TYPE, JobOptions, read_tags

DataArgument = Annotated[
    str | None,
    typer.Argument(
        help="A folder, a file or s3://bucket/prefix: documents, or the folders training, "
        "validation and test with documents.",
        show_default=False,
        metavar="DATA",
    ),
]
# How --help groups the options.
DATA, SETTINGS, MACHINE = "Data", "Hyperparameters", "Machine"
FollowOption = Annotated[
    str | None,
    typer.Option("--follow", metavar="JOB", help="In place of DATA: follow this job to its end."),
]
StopOption = Annotated[
    str | None,
    typer.Option(
        "--stop",
        metavar="JOB",
        help="In place of DATA: end this job; its best model so far is kept.",
    ),
]
ValidationOption = Annotated[
    str | None,
    typer.Option(
        "--validation",
        metavar="DATA",
        rich_help_panel=DATA,
        help="Documents to validate on: folder, file or s3://.",
    ),
]
TestOption = Annotated[
    str | None,
    typer.Option(
        "--test",
        metavar="DATA",
        rich_help_panel=DATA,
        help="Documents to test on: folder, file or s3://.",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        rich_help_panel=DATA,
        help="Go on from a model: its job or its model.tar.gz.",
    ),
]
EmbeddingsOption = Annotated[
    str | None,
    typer.Option(
        "--embeddings",
        metavar="DATA",
        rich_help_panel=DATA,
        help="Pretrained vectors: folder, file or s3://.",
    ),
]
InputModeOption = Annotated[
    InputMode | None,
    typer.Option(
        "--input-mode",
        rich_help_panel=DATA,
        help="How documents come: downloaded first (the default), or streamed as files or pipes.",
        show_default=False,
    ),
]
AttributesOption = Annotated[
    str | None,
    typer.Option(
        "--attributes",
        metavar="NAMES",
        rich_help_panel=DATA,
        help="DATA is an augmented manifest: train on these attributes of its lines.",
    ),
]
ManifestOption = Annotated[
    bool,
    typer.Option(
        "--manifest",
        metavar="",
        rich_help_panel=DATA,
        help="DATA is a manifest in S3, which lists objects.",
    ),
]
ShardOption = Annotated[
    bool,
    typer.Option(
        "--shard",
        metavar="",
        rich_help_panel=DATA,
        help="Give each instance some of the files, not all.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        rich_help_panel=SETTINGS,
        help="A hyperparameter, name=value; repeatable.",
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--hyperparameters",
        metavar="FILE",
        rich_help_panel=SETTINGS,
        help="A JSON file of hyperparameters.",
    ),
]
TuneOption = Annotated[
    int,
    typer.Option(
        "--tune",
        metavar="N",
        rich_help_panel=SETTINGS,
        min=0,
        help="Try N sets of hyperparameters within the job, then train with the best.",
    ),
]
TuningJobOption = Annotated[
    int,
    typer.Option(
        "--tuning-job",
        metavar="N",
        rich_help_panel=SETTINGS,
        min=0,
        help="Let SageMaker tune: N training jobs, each with its own hyperparameters.",
    ),
]
ParallelOption = Annotated[
    int,
    typer.Option(
        "--parallel",
        metavar="N",
        rich_help_panel=SETTINGS,
        min=1,
        help="How many jobs of --tuning-job at a time.",
    ),
]
ImageOption = Annotated[
    str | None,
    typer.Option(
        "--image",
        metavar="IMAGE",
        rich_help_panel=MACHINE,
        help="A tag or a URI in ECR; by default the newest pushed.",
    ),
]
NameOption = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="NAME",
        help="The job's name; by default made from image, data and settings.",
    ),
]
AgainOption = Annotated[
    bool,
    typer.Option(
        "--again", metavar="", help="Train again, although the same job has already ended."
    ),
]
InstanceOption = Annotated[
    str,
    typer.Option(
        "--instance-type",
        metavar="TYPE",
        rich_help_panel=MACHINE,
        help="Training uses CPUs, no GPU: compute-optimized (c) types fit.",
    ),
]
CountOption = Annotated[
    int,
    typer.Option(
        "--instance-count", metavar="N", rich_help_panel=MACHINE, min=1, help="How many instances."
    ),
]
VolumeOption = Annotated[
    int,
    typer.Option(
        "--volume-size", metavar="GB", rich_help_panel=MACHINE, min=1, help="The disk, in GB."
    ),
]
TimeOption = Annotated[
    str,
    typer.Option(
        "--max-runtime",
        metavar="TIME",
        rich_help_panel=MACHINE,
        help="After that the job ends with its best model: 90m, 4h.",
    ),
]
SpotOption = Annotated[
    bool | None,
    typer.Option(
        "--spot/--no-spot",
        metavar="",
        rich_help_panel=MACHINE,
        help="Spare instances for less; interrupted, the job goes on from its checkpoint. "
        "By default where the account has a quota.",
        show_default=False,
    ),
]
KmsOption = Annotated[
    str | None,
    typer.Option(
        "--kms-key",
        metavar="ARN",
        rich_help_panel=GUARDS,
        help="The key that encrypts data and volumes; by default that of `setup`.",
    ),
]
RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role",
        metavar="ARN",
        rich_help_panel=GUARDS,
        help="The role that the job takes on; by default that of `setup`.",
    ),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tag", metavar="KEY=VALUE", rich_help_panel=GUARDS, help="A tag, key=value; repeatable."
    ),
]
RegisterOption = Annotated[
    str | None,
    typer.Option(
        "--register", metavar="GROUP", help="Put the model into this group of the registry."
    ),
]
FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="FOLDER",
        help="Where the report goes; by default a folder named as the job.",
    ),
]


def train(
    data: DataArgument = None,
    follow: FollowOption = None,
    stop: StopOption = None,
    validation: ValidationOption = None,
    test: TestOption = None,
    model: ModelOption = None,
    embeddings: EmbeddingsOption = None,
    input_mode: InputModeOption = None,
    attributes: AttributesOption = None,
    manifest: ManifestOption = False,
    shard: ShardOption = False,
    settings: SetOption = None,
    file: FileOption = None,
    tune: TuneOption = 0,
    tuning_job: TuningJobOption = 0,
    parallel: ParallelOption = 2,
    image: ImageOption = None,
    name: NameOption = None,
    again: AgainOption = False,
    instance_type: InstanceOption = INSTANCE_TYPE,
    instance_count: CountOption = 1,
    volume_size: VolumeOption = 30,
    max_runtime: TimeOption = "4h",
    spot: SpotOption = None,
    subnet: SubnetOption = None,
    security_group: SecurityGroupOption = None,
    isolated: IsolatedOption = False,
    kms_key: KmsOption = None,
    role: RoleOption = None,
    tag: TagOption = None,
    register: RegisterOption = None,
    folder: FolderOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    region: RegionOption = None,
    profile: ProfileOption = None,
    output_format: OutputOption = Format.TEXT,
) -> None:
    """Train a model on documents, follow the job, and get its scores and its report.

    Given again, the same command goes on with the same job: nothing is trained or paid for twice.

    Example: textcnn train letters/ --set epochs=20 --max-runtime 1h
    """
    context = Context(region, profile, output_format, dry_run)
    if sum(each is not None for each in (data, follow, stop)) != 1:
        raise CommandError(
            "give one of DATA, --follow JOB and --stop JOB",
            "For example: textcnn train letters/",
            Exit.USAGE,
        )
    if follow is not None:
        run.follow(context, follow, folder, register)
    elif stop is not None:
        run.stop(context, stop)
    elif data is not None:
        delivery = read_delivery(input_mode, attributes, is_manifest=manifest, is_sharded=shard)
        own = {"tuning_trials": str(tune)} if tune else {}
        if delivery.attributes:
            own["manifest_attributes"] = ",".join(delivery.attributes)
        options = JobOptions(
            data=data,
            channels={
                "validation": validation,
                "test": test,
                "model": model,
                "embeddings": embeddings,
            },
            hyperparameters=hyperparameters.read(settings or (), file, **own),
            image=image,
            name=name,
            again=again,
            instance_type=instance_type,
            instance_count=instance_count,
            volume_gb=volume_size,
            max_seconds=durations.parse(max_runtime),
            spot=spot,
            subnets=subnet or (),
            security_groups=security_group or (),
            kms_key=kms_key,
            role_arn=role,
            network_isolation=isolated,
            tags=read_tags(tag or ()),
            tuning_jobs=tuning_job,
            parallel=parallel,
            folder=folder,
            register=register,
            yes=yes,
            delivery=delivery,
        )
        run.train(context, options)
