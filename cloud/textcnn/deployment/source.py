"""The model that is to be deployed: where its archive is, and the image that serves it."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from textcnn.artifacts import MISSING_CODES, S3Place
from textcnn.aws import Aws
from textcnn.deployment.naming import from_archive, from_words
from textcnn.endpoints import is_missing
from textcnn.errors import CommandError, Exit, cause
from textcnn.foundation import Foundation
from textcnn.images import find_image

WITH_MODEL = frozenset({"Completed", "Stopped"})
APPROVE = (
    "Approve one: `aws sagemaker update-model-package --model-approval-status Approved "
    "--model-package-arn ARN`, or give the ARN of the version itself as MODEL."
)


@dataclass(frozen=True)
class Source:
    """A model: what it is called, its archive in S3, and its image; empty: the newest.

    text_column: the name of the column that its job was told to read; None where nobody knows.
    """

    name: str
    archive: str
    image: str = ""
    text_column: str | None = None


def find_source(aws: Aws, model: str | None, group: str | None) -> Source:
    """Return what MODEL or --registered mean; raises ``CommandError`` where it is not there.

    model is a training job, the URI of a model.tar.gz, or the ARN of a model package; group is a
    group of the registry, whose newest approved version is taken.
    """
    if (model is None) == (group is None):
        raise CommandError(
            "give a MODEL or --registered GROUP, one of them",
            "MODEL is a training job, s3://.../model.tar.gz, or the ARN of a model package; "
            "`textcnn ls` shows jobs.",
            Exit.USAGE,
        )
    if group is not None:
        return _of_package(aws, _newest_approved(aws, group))
    assert model is not None  # noqa: S101 - one of the two is there
    if model.startswith("s3://"):
        source = Source(from_archive(S3Place.parse(model).key), model)
    elif model.startswith("arn:"):
        source = _of_package(aws, model)
    else:
        source = _of_job(aws, model)
    _check_archive(aws, source.archive)
    return source


def image_of(aws: Aws, foundation: Foundation, source: Source, desired: str | None) -> str:
    """Return the URI of the image: the wanted one, else the model's own, else the newest."""
    if desired is None and source.image:
        return source.image
    return find_image(aws, foundation, desired).uri


def _of_job(aws: Aws, name: str) -> Source:
    try:
        job = aws.client("sagemaker").describe_training_job(TrainingJobName=name)
    except ClientError as error:
        if not is_missing(error):
            raise
        raise CommandError(
            f"there is no training job {name} in {aws.region}",
            "`textcnn ls` shows jobs; a file is given as s3://BUCKET/KEY/model.tar.gz.",
            Exit.MISSING,
        ) from None
    archive = job.get("ModelArtifacts", {}).get("S3ModelArtifacts")
    status = job["TrainingJobStatus"]
    if status not in WITH_MODEL or not archive:
        reason = f": {cause(job['FailureReason'])}" if job.get("FailureReason") else ""
        follow = f"Wait for it: `textcnn train --follow {name}`." if "ing" in status[-4:] else ""
        raise CommandError(f"the job {name} is {status} and has no model{reason}", follow)
    image = job["AlgorithmSpecification"].get("TrainingImage", "")
    # The SageMaker SDK writes each hyperparameter as JSON.
    column = job.get("HyperParameters", {}).get("text_column", "").strip('"')
    return Source(from_words(name), archive, image, column or None)


def _newest_approved(aws: Aws, group: str) -> str:
    pages = aws.client("sagemaker").get_paginator("list_model_packages")
    try:
        versions = [
            each
            for page in pages.paginate(ModelPackageGroupName=group)
            for each in page["ModelPackageSummaryList"]
        ]
    except ClientError as error:
        if not is_missing(error):
            raise
        versions = []
    if not versions:
        raise CommandError(
            f"the model registry has no version of {group}",
            f"Register one: `textcnn train DATA --register {group}`.",
            Exit.MISSING,
        )
    approved = [each for each in versions if each.get("ModelApprovalStatus") == "Approved"]
    if not approved:
        raise CommandError(
            f"none of the {len(versions)} versions of {group} is approved", APPROVE, Exit.MISSING
        )
    newest = max(approved, key=lambda each: int(each["ModelPackageVersion"]))
    return str(newest["ModelPackageArn"])


def _of_package(aws: Aws, arn: str) -> Source:
    try:
        package = aws.client("sagemaker").describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        if not is_missing(error):
            raise
        raise CommandError(f"there is no model package {arn}", "", Exit.MISSING) from None
    containers: list[dict[str, Any]] = package.get("InferenceSpecification", {}).get(
        "Containers", []
    )
    archive = containers[0].get("ModelDataUrl") if containers else None
    if len(containers) != 1 or not archive:
        raise CommandError(
            f"the model package {arn} has no single container with a model.tar.gz",
            "Only a model of one container is deployed here.",
        )
    name = f"{package.get('ModelPackageGroupName', '')}-{package.get('ModelPackageVersion', '')}"
    return Source(from_words(name), archive, containers[0]["Image"])


def _check_archive(aws: Aws, uri: str) -> None:
    place = S3Place.parse(uri)
    if not place.key:
        raise CommandError(
            f"{uri} names no file", "Write s3://BUCKET/KEY/model.tar.gz.", Exit.USAGE
        )
    try:
        aws.client("s3").head_object(Bucket=place.bucket, Key=place.key)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING_CODES:
            raise CommandError(f"there is no {uri}", "", Exit.MISSING) from None
        if error.response["Error"]["Code"] != "403":  # another's bucket: the role may read it
            raise
