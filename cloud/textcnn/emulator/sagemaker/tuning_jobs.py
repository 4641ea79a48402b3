"""CreateHyperParameterTuningJob and the other operations on tuning jobs."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.listing import page
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.tuning.description import children, describe, summarize
from textcnn.emulator.tuning.jobs import TuningJobs

OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"


@sagemaker("CreateHyperParameterTuningJob")
def create_tuning_job(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Start a tuning job."""
    return {"HyperParameterTuningJobArn": account.part(TuningJobs).create(values).arn}


@sagemaker("DescribeHyperParameterTuningJob")
def describe_tuning_job(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Tell what has become of a tuning job, and its best training job."""
    return describe(account.part(TuningJobs).get(values["HyperParameterTuningJobName"]))


@sagemaker("ListHyperParameterTuningJobs")
def list_tuning_jobs(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """List tuning jobs, a page at a time."""
    return page(
        values,
        (summarize(job) for job in account.part(TuningJobs)),
        response="HyperParameterTuningJobSummaries",
        name="HyperParameterTuningJobName",
        status="HyperParameterTuningJobStatus",
    )


@sagemaker("ListTrainingJobsForHyperParameterTuningJob")
def list_children(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """List the training jobs of a tuning job; by the objective, only those that have one."""
    job = account.part(TuningJobs).get(values["HyperParameterTuningJobName"])
    summaries = children(job)
    by_objective = values.get("SortBy") == "FinalObjectiveMetricValue"
    if by_objective:
        summaries = [each for each in summaries if each[OBJECTIVE] is not None]
    return page(
        {"SortOrder": "Ascending", **values},
        summaries,
        response="TrainingJobSummaries",
        name="TrainingJobName",
        status="TrainingJobStatus",
        order=(lambda each: each[OBJECTIVE]["Value"]) if by_objective else None,
    )


@sagemaker("StopHyperParameterTuningJob")
def stop_tuning_job(account: Account, values: dict[str, Any]) -> None:
    """Stop a tuning job and its training jobs."""
    account.part(TuningJobs).stop(values["HyperParameterTuningJobName"])


@sagemaker("DeleteHyperParameterTuningJob")
def delete_tuning_job(account: Account, values: dict[str, Any]) -> None:
    """Forget a tuning job that has ended; its training jobs stay."""
    account.part(TuningJobs).delete(values["HyperParameterTuningJobName"])
