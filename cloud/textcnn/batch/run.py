"""Start a transform job or go on with the one of the same request, and follow it to its end."""

from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from textcnn import consent, durations, pricing, results
from textcnn.aws import Aws
from textcnn.batch import outputs
from textcnn.batch.request import (
    TransformSpecification,
    identity,
    job_request,
    model_request,
    output,
)
from textcnn.endpoints import is_missing
from textcnn.errors import CommandError, Exit
from textcnn.options import Context
from textcnn.polling import pauses
from textcnn.pricing import Component
from textcnn.removal.step import unless_gone
from textcnn.training.attempts import RUNNING, Attempts, base_name, is_taken, look_up
from textcnn.training.retries import Retries
from textcnn.training.upload import missing, send


def run(
    context: Context, specification: TransformSpecification, *, again: bool, yes: bool
) -> dict[str, Any]:
    """Return the description of the job when it has ended; empty after a dry run.

    A job of the same documents and model is gone on with, or its result is told again, unless
    again is asked for: so nothing is paid for twice, and an interrupted command can be repeated.
    """
    aws = context.aws
    tried = look_up(
        partial(_described, aws), base_name(specification.documents.name, identity(specification))
    )
    if tried.last and (_status(tried.last) in RUNNING or not again):
        if _status(tried.last) not in RUNNING:
            context.output.say("this job has been done before: --again asks anew")
        return _ended(context, tried.last["TransformJobName"])
    _tell_plan(context, specification, tried)
    if not aws.dry_run:
        consent.agree("Go on?", yes=yes)
    _start(context, specification, tried.next_name)
    return {} if aws.dry_run else _ended(context, tried.next_name)


def _tell_plan(context: Context, specification: TransformSpecification, tried: Attempts) -> None:
    options, documents = specification.options, specification.documents
    say = context.output.say
    price = pricing.instance_price(context.aws, options.instance_type, Component.TRANSFORM)
    cost = str(price.times(options.instance_count)) if price else "an unknown price an hour"
    say(f"{'job':11}{tried.next_name}")
    say(f"{'documents':11}{documents.told}")
    say(f"{'model':11}{specification.serving.archive}")
    say(f"{'runs on':11}{options.instance_count} x {options.instance_type}")
    say(f"{'costs':11}{cost}, some minutes of it for the start")
    if not documents.kind.joins:
        say(f"{'answers':11}a line for each line; CSV with commas and JSON alone are joined")


def _start(context: Context, specification: TransformSpecification, name: str) -> None:
    aws, documents, bucket = context.aws, specification.documents, specification.bucket
    if documents.upload and missing(aws, bucket, [documents.upload]):
        send(aws, bucket, documents.upload, lambda _: None)
    _create(aws, "create_model", ModelName=name, **model_request(specification.serving))
    _create(
        aws,
        "create_transform_job",
        TransformJobName=name,
        ModelName=name,
        TransformOutput=output(documents, specification.options, f"s3://{bucket}/batch/{name}"),
        **job_request(documents, specification.options),
    )
    if not aws.dry_run:
        context.output.say("the job is created; Ctrl+C leaves it running")


def _create(aws: Aws, method: str, **arguments: Any) -> None:
    """Create something, unless a command that was interrupted has done so."""
    try:
        aws.change("sagemaker", method, **arguments)
    except ClientError as error:
        told = error.response["Error"]
        if not is_taken(error) and "already exist" not in told.get("Message", ""):
            raise


def _ended(context: Context, name: str) -> dict[str, Any]:
    """Follow a job to its end and remove its model, which nothing else uses."""
    remedy = f"The job goes on, and the same command goes on with it; `textcnn rm {name}` ends it."
    try:
        described = _follow(context, name, Retries(context.aws, context.output, remedy))
    except KeyboardInterrupt:
        raise CommandError(
            f"interrupted; the job {name} goes on", remedy, Exit.INTERRUPTED
        ) from None
    delete = partial(context.aws.change, "sagemaker", "delete_model", ModelName=name)
    unless_gone(delete)
    return described


def _follow(context: Context, name: str, retries: Retries) -> dict[str, Any]:
    told = ""
    for passed in pauses():
        described: dict[str, Any] | None = retries.run(partial(_described, context.aws, name))
        if described is None:
            break
        status = _status(described)
        if status not in RUNNING:
            return described
        minutes = f"{status} for {durations.write(passed // 60 * 60)}" if passed >= 60 else status  # noqa: PLR2004
        if minutes != told:
            told = minutes
            context.output.say(f"[{minutes}]")
    raise CommandError(f"there is no transform job {name} any more", "", Exit.MISSING)


def _described(aws: Aws, name: str) -> dict[str, Any] | None:
    try:
        response: dict[str, Any] = aws.client("sagemaker").describe_transform_job(
            TransformJobName=name
        )
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return response


def _status(described: dict[str, Any]) -> str:
    return str(described["TransformJobStatus"])


def transformed(
    context: Context, described: dict[str, Any], folder: Path | None
) -> results.Transformed:
    """Return what became of a job that has ended; its answers are downloaded to folder."""
    path = described["TransformOutput"]["S3OutputPath"]
    is_done = _status(described) == "Completed"
    files = outputs.download(context.aws, path, folder) if folder and is_done else []
    if folder and is_done and not files:
        context.output.warn(f"there is nothing at {path} any more: --again asks anew")
    return results.Transformed(
        described["TransformJobName"],
        _status(described),
        path,
        described.get("FailureReason", ""),
        [str(file) for file in files],
        _cost(context.aws, described),
    )


def _cost(aws: Aws, described: dict[str, Any]) -> results.Cost:
    """Return what a job cost: a transform job tells no billable seconds, so those it ran."""
    resources = described["TransformResources"]
    kind, count = resources["InstanceType"], resources["InstanceCount"]
    began, ended = described.get("TransformStartTime"), described.get("TransformEndTime")
    seconds = round((ended - began).total_seconds()) if began and ended else None
    price = pricing.instance_price(aws, kind, Component.TRANSFORM)
    if price is None or seconds is None:
        return results.Cost(kind, count, seconds)
    amount = price.amount * count * seconds / 3600
    return results.Cost(kind, count, seconds, price.amount, amount, price.currency)
