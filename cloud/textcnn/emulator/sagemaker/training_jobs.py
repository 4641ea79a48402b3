"""CreateTrainingJob and the other operations on training jobs."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.listing import page
from textcnn.emulator.protocol.errors import NotEmulated
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.training.description import describe, summarize
from textcnn.emulator.training.jobs import TrainingJobs


@sagemaker("CreateTrainingJob")
def create_training_job(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Start a training job."""
    return {"TrainingJobArn": account.part(TrainingJobs).create(values).arn}


@sagemaker("DescribeTrainingJob")
def describe_training_job(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Tell what has become of a training job."""
    return describe(account.part(TrainingJobs).get(values["TrainingJobName"]))


@sagemaker("ListTrainingJobs")
def list_training_jobs(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """List training jobs, a page at a time."""
    for name in ("WarmPoolStatusEquals", "TrainingPlanArnEquals"):
        if name in values:
            raise NotEmulated(f"ListTrainingJobs' {name}")
    return page(
        values,
        (summarize(job) for job in account.part(TrainingJobs)),
        response="TrainingJobSummaries",
        name="TrainingJobName",
        status="TrainingJobStatus",
    )


@sagemaker("StopTrainingJob")
def stop_training_job(account: Account, values: dict[str, Any]) -> None:
    """Send the containers SIGTERM, and SIGKILL 120 s later."""
    account.part(TrainingJobs).stop(values["TrainingJobName"])


@sagemaker("DeleteTrainingJob")
def delete_training_job(account: Account, values: dict[str, Any]) -> None:
    """Forget a training job that has ended."""
    account.part(TrainingJobs).delete(values["TrainingJobName"])
