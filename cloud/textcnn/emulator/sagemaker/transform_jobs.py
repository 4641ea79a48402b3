"""CreateTransformJob, DescribeTransformJob, ListTransformJobs and StopTransformJob."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.model_definition import is_multi_model
from textcnn.emulator.listing import page
from textcnn.emulator.objects import Location
from textcnn.emulator.protocol.errors import (
    NotEmulated,
    ResourceInUse,
    ResourceNotFound,
    ValidationException,
)
from textcnn.emulator.sagemaker.models import Models
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.store import Store
from textcnn.emulator.transform.data_processing import DataProcessing
from textcnn.emulator.transform.job import TransformJob
from textcnn.emulator.transform.parameters import check_parameters

UNKNOWN_MEMBERS = ("DataCaptureConfig", "ExperimentConfig")
UNKNOWN_INPUTS = frozenset({"AugmentedManifestFile", "Converse"})
UNKNOWN_SPLITS = frozenset({"RecordIO", "TFRecord"})


class TransformJobs:
    """The transform jobs of the account."""

    def __init__(self, account: Account) -> None:
        def arn(name: str) -> str:
            return account.arn("transform-job", name)

        self.store: Store[TransformJob] = Store(
            missing=lambda name: ResourceNotFound(f"Requested resource not found: {arn(name)}"),
            taken=lambda name: ResourceInUse(
                "Job name must be unique within an AWS account and region, and a job with this "
                f"name already exists ({arn(name)})"
            ),
        )

    def close(self) -> None:
        """End all containers."""
        for job in self.store:
            job.close()


@sagemaker("CreateTransformJob")
def create_transform_job(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Begin a job."""
    model = account.part(Models).store.get(values["ModelName"])
    _check(values)
    if is_multi_model(model.definition):
        raise ValidationException(f"the model {values['ModelName']} is multi-model: not for batch")
    job = TransformJob(account, values, model)
    account.part(TransformJobs).store.add(job.name, job)
    account.tags.add(job.arn, values.get("Tags", []))
    job.start()
    return {"TransformJobArn": job.arn}


@sagemaker("DescribeTransformJob")
def describe_transform_job(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Return the request's values, and how far the job is."""
    job = account.part(TransformJobs).store.get(values["TransformJobName"])
    without_tags = {name: value for name, value in job.values.items() if name != "Tags"}
    return {
        **without_tags,
        "TransformJobArn": job.arn,
        "TransformJobStatus": job.status,
        "FailureReason": job.failure_reason,
        "CreationTime": job.created,
        "TransformStartTime": job.started,
        "TransformEndTime": job.ended,
    }


@sagemaker("ListTransformJobs")
def list_transform_jobs(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer one page of jobs."""
    summaries = (
        {
            "TransformJobName": job.name,
            "TransformJobArn": job.arn,
            "CreationTime": job.created,
            "TransformEndTime": job.ended,
            "LastModifiedTime": job.modified,
            "TransformJobStatus": job.status,
            "FailureReason": job.failure_reason,
        }
        for job in account.part(TransformJobs).store
    )
    return page(
        values,
        summaries,
        response="TransformJobSummaries",
        name="TransformJobName",
        status="TransformJobStatus",
    )


@sagemaker("StopTransformJob")
def stop_transform_job(account: Account, values: dict[str, Any]) -> None:
    """Begin to stop a job."""
    account.part(TransformJobs).store.get(values["TransformJobName"]).stop()


def _check(values: dict[str, Any]) -> None:
    """Refuse what the service refuses, and by name what the emulator does not do."""
    for member in UNKNOWN_MEMBERS:
        if member in values:
            raise NotEmulated(f"the member {member} of a transform job")
    given = values["TransformInput"]
    source = given["DataSource"]["S3DataSource"]
    if source["S3DataType"] in UNKNOWN_INPUTS:
        raise NotEmulated(f"the S3DataType {source['S3DataType']} of a transform job")
    if given.get("SplitType") in UNKNOWN_SPLITS:
        raise NotEmulated(f"the SplitType {given['SplitType']}")
    Location.parse(source["S3Uri"])
    Location.parse(values["TransformOutput"]["S3OutputPath"])
    check_parameters(values)
    DataProcessing.of(values)
