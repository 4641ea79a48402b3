"""Everything that can be known before anything is paid for."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from text_classification.corpus.label import shown
from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.foundation import Foundation, read_foundation
from textcnn.images import find_image
from textcnn.output import Output
from textcnn.training.attempts import describe_training_job
from textcnn.training.job_options import JobOptions
from textcnn.training.request import Guards, JobSpecification, Machine
from textcnn.training.sources import Source, left_out, read_sources


def prepare(aws: Aws, output: Output, options: JobOptions) -> JobSpecification:
    """Return what the job is asked with; raises ``CommandError`` for what cannot be right."""
    foundation = read_foundation(aws)
    image = find_image(aws, foundation, options.image)
    model = options.channels.get("model")
    channels = {**options.channels, "model": _model(aws, model) if model else None}
    sources = read_sources(aws, options.data, channels)
    options.delivery.check(sources, options.instance_count, output)
    _warn(output, options, foundation, sources)
    _warn_of_left_out(output, (options.data, *filter(None, options.channels.values())))
    return JobSpecification(
        foundation,
        image,
        sources,
        options.hyperparameters,
        _machine(options),
        _guards(options, foundation),
        options.delivery,
    )


def _machine(options: JobOptions) -> Machine:
    # Nothing of a tuning job's trials is worth a checkpoint, so spot is only taken if asked for.
    by_default = not options.tuning_jobs
    return Machine(
        options.instance_type,
        options.instance_count,
        options.volume_gb,
        options.max_seconds,
        by_default if options.spot is None else options.spot,
    )


def on_demand(specification: JobSpecification) -> JobSpecification:
    """Return the same without spot instances."""
    return replace(specification, machine=replace(specification.machine, spot=False))


def _guards(options: JobOptions, foundation: Foundation) -> Guards:
    if bool(options.subnets) != bool(options.security_groups):
        raise CommandError(
            "a VPC needs subnets and security groups",
            "Give --subnet and --security-group, or neither.",
            Exit.USAGE,
        )
    return Guards(
        options.role_arn or foundation.role_arn,
        foundation.kms_key_arn if options.kms_key is None else options.kms_key,
        options.subnets,
        options.security_groups,
        options.network_isolation,
        options.tags,
    )


def _model(aws: Aws, named: str) -> str:
    """Return where an earlier model is: what was named, or the model of the job of that name."""
    if "/" in named or "." in named:
        return named
    described = describe_training_job(aws, named)
    if described is None:
        raise CommandError(
            f"there is no training job {named} to go on from",
            "Name a job, or its model.tar.gz as s3://bucket/key or a file.",
            Exit.MISSING,
        )
    model: str = (described.get("ModelArtifacts") or {}).get("S3ModelArtifacts", "")
    if not model:
        raise CommandError(f"the training job {named} has left no model", "", Exit.MISSING)
    return model


def _warn(
    output: Output, options: JobOptions, foundation: Foundation, sources: list[Source]
) -> None:
    if options.instance_count > 1 and "study_storage" not in options.hyperparameters:
        output.warn(
            "one instance trains, the others wait: several are of use to a study that they share "
            "(--set study_storage=...)"
        )
    buckets = {S3Place.parse(source.uri).bucket for source in sources if source.uri}
    for bucket in sorted(buckets - {foundation.bucket}):
        if options.role_arn is None:
            output.warn(
                f"the role of the foundation may not read the bucket {bucket}: copy the documents "
                f"to s3://{foundation.bucket}/, or give --role"
            )


def _warn_of_left_out(output: Output, places: Iterable[str]) -> None:
    for place in places:
        names = [] if place.startswith("s3://") else left_out(Path(place))
        if names:
            output.warn(
                f"not uploaded from {place}, since names that begin with an underscore are marks "
                f"of programs: {shown(names)}; rename what holds documents"
            )
