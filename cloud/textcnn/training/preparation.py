"""Everything that can be known before anything is paid for."""

from dataclasses import replace

from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.foundation import Foundation, read_foundation
from textcnn.images import find_image
from textcnn.output import Output
from textcnn.training.attempts import describe_training_job
from textcnn.training.request import Asked, Guards, Machine
from textcnn.training.sources import Source, read_sources
from textcnn.training.wish import Wish


def prepare(aws: Aws, output: Output, wish: Wish) -> Asked:
    """Return what the job is asked with; raises ``CommandError`` for what cannot be right."""
    foundation = read_foundation(aws)
    image = find_image(aws, foundation, wish.image)
    model = wish.channels.get("model")
    channels = {**wish.channels, "model": _model(aws, model) if model else None}
    sources = read_sources(aws, wish.data, channels)
    _warn(output, wish, foundation, sources)
    return Asked(
        foundation, image, sources, wish.hyperparameters, _machine(wish), _guards(wish, foundation)
    )


def _machine(wish: Wish) -> Machine:
    # Nothing of a tuning job's trials is worth a checkpoint, so spot is only taken if asked for.
    by_default = not wish.tuning_jobs
    return Machine(
        wish.instance_type,
        wish.instance_count,
        wish.volume_gb,
        wish.max_seconds,
        by_default if wish.spot is None else wish.spot,
    )


def on_demand(asked: Asked) -> Asked:
    """Return the same without spot instances."""
    return replace(asked, machine=replace(asked.machine, spot=False))


def _guards(wish: Wish, foundation: Foundation) -> Guards:
    if bool(wish.subnets) != bool(wish.security_groups):
        raise CommandError(
            "a VPC needs subnets and security groups",
            "Give --subnet and --security-group, or neither.",
            Exit.USAGE,
        )
    return Guards(
        wish.role_arn or foundation.role_arn,
        foundation.kms_key_arn if wish.kms_key is None else wish.kms_key,
        wish.subnets,
        wish.security_groups,
        wish.network_isolation,
        wish.tags,
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


def _warn(output: Output, wish: Wish, foundation: Foundation, sources: list[Source]) -> None:
    if wish.instance_count > 1 and "study_storage" not in wish.hyperparameters:
        output.warn(
            "one instance trains, the others wait: several are of use to a study that they share "
            "(--set study_storage=...)"
        )
    buckets = {S3Place.parse(source.uri).bucket for source in sources if source.uri}
    for bucket in sorted(buckets - {foundation.bucket}):
        if wish.role_arn is None:
            output.warn(
                f"the role of the foundation may not read the bucket {bucket}: copy the documents "
                f"to s3://{foundation.bucket}/, or give --role"
            )
