"""Training jobs run the real train command, from S3 to S3, and go as those of the service."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.shapes import assert_complete
from tests.cloud.training import (
    LIMIT_SECONDS,
    channel,
    job_request,
    put_letters,
    statuses,
    wait_for_job,
)
from tests.support.emulated import Client
from tests.support.waiting import wait_until
from text_classification import artifact
from text_classification.contract.metric_lines import metric_definitions
from textcnn.emulator.server import Emulator

GROUP = "/aws/sagemaker/TrainingJobs"
# More epochs than a test waits for.
ENDLESS = {"epochs": "10000", "patience": "10000"}


@pytest.fixture(scope="module", autouse=True)
def data(client: Client, bucket: str) -> None:
    put_letters(client("s3"), bucket, "letters/letters.csv")


@pytest.fixture(scope="module")
def finished(client: Client, bucket: str, role: str) -> dict[str, Any]:
    """A job of two instances with metrics, checkpoints, a manifest and tags, when it has ended."""
    manifest = [{"prefix": f"s3://{bucket}/"}, "letters/letters.csv"]
    client("s3").put_object(Bucket=bucket, Key="all.manifest", Body=json.dumps(manifest).encode())
    source = channel(f"s3://{bucket}/all.manifest", S3DataType="ManifestFile")
    request = job_request(
        "finished",
        bucket,
        role,
        InputDataConfig=[{**source, "ContentType": "text/csv"}],
        CheckpointConfig={"S3Uri": f"s3://{bucket}/finished-checkpoints"},
        Tags=[{"Key": "team", "Value": "mail"}],
        ProfilerConfig={"DisableProfiler": True},
    )
    request["ResourceConfig"]["InstanceCount"] = 2
    request["AlgorithmSpecification"]["MetricDefinitions"] = metric_definitions()
    client("sagemaker").create_training_job(**request)
    return wait_for_job(client("sagemaker"), "finished")


def failed(client: Client, request: dict[str, Any]) -> dict[str, Any]:
    """Run a job that is to fail."""
    client("sagemaker").create_training_job(**request)
    described = wait_for_job(client("sagemaker"), request["TrainingJobName"])
    assert described["TrainingJobStatus"] == "Failed"
    return described


def log_lines(client: Client, prefix: str) -> list[list[str]]:
    """Return the lines of each stream whose name begins so."""
    logs = client("logs")
    streams = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=prefix)
    names = [stream["logStreamName"] for stream in streams["logStreams"]]
    pages = [
        logs.get_log_events(logGroupName=GROUP, logStreamName=name, startFromHead=True)
        for name in names
    ]
    return [[event["message"] for event in page["events"]] for page in pages]


def test_a_job_goes_through_the_services_states(finished: dict[str, Any]) -> None:
    assert finished["TrainingJobStatus"] == "Completed"
    assert statuses(finished) == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    assert finished["TrainingStartTime"] < finished["TrainingEndTime"]
    assert finished["BillableTimeInSeconds"] >= 1
    assert finished["ProfilerConfig"] == {"DisableProfiler": True}


def test_answers_have_all_that_the_services_model_requires(
    client: Client, finished: dict[str, Any]
) -> None:
    assert_complete("sagemaker", "DescribeTrainingJob", finished)
    listed = client("sagemaker").list_training_jobs()
    assert_complete("sagemaker", "ListTrainingJobs", listed)


def test_the_model_in_s3_is_an_artifact(
    client: Client, finished: dict[str, Any], bucket: str, tmp_path: Path
) -> None:
    uri = finished["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://{bucket}/jobs/finished/output/model.tar.gz"
    body = client("s3").get_object(Bucket=bucket, Key=uri.split("/", 3)[3])["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        archive.extractall(tmp_path, filter="data")
    assert artifact.load(tmp_path).labels


def test_checkpoints_are_in_s3(client: Client, finished: dict[str, Any], bucket: str) -> None:
    prefix = finished["CheckpointConfig"]["S3Uri"].split("/", 3)[3]
    listed = client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
    assert all(each["Key"].endswith(".safetensors") for each in listed)


def test_each_hosts_lines_are_a_stream(client: Client, finished: dict[str, Any]) -> None:
    first, second = log_lines(client, f"{finished['TrainingJobName']}/algo-")
    epochs = [line for line in first if " epoch " in line]
    assert [line.split("epoch ")[1][0] for line in epochs] == ["1", "2"]
    assert "the first host goes on and saves the model" in second[-1]


def test_final_metrics_are_those_of_the_log_and_of_cloudwatch(
    client: Client, finished: dict[str, Any]
) -> None:
    final = {each["MetricName"]: each["Value"] for each in finished["FinalMetricDataList"]}
    log = log_lines(client, "finished/algo-1")[0]
    last = [line for line in log if "validation_accuracy=" in line][-1]
    printed = float(last.split("validation_accuracy=")[1].split()[0])
    assert final["validation:accuracy"] == pytest.approx(printed)
    dimension = {"Name": "TrainingJobName", "Value": "finished"}
    listed = client("cloudwatch").list_metrics(Namespace=GROUP, Dimensions=[dimension])
    assert {each["MetricName"] for each in listed["Metrics"]} == set(final)


def test_jobs_are_listed_and_tagged(client: Client, finished: dict[str, Any]) -> None:
    sagemaker = client("sagemaker")
    listed = sagemaker.list_training_jobs(NameContains="finished", StatusEquals="Completed")
    assert [each["TrainingJobName"] for each in listed["TrainingJobSummaries"]] == ["finished"]
    tags = sagemaker.list_tags(ResourceArn=finished["TrainingJobArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "mail"}]


def test_a_name_is_taken_and_an_ended_job_cannot_be_stopped(
    client: Client, finished: dict[str, Any], bucket: str, role: str
) -> None:
    sagemaker = client("sagemaker")
    name = finished["TrainingJobName"]
    with pytest.raises(sagemaker.exceptions.ResourceInUse, match="must be unique"):
        sagemaker.create_training_job(**job_request(name, bucket, role))
    with pytest.raises(ClientError, match="the training job is in status Completed"):
        sagemaker.stop_training_job(TrainingJobName=name)


def test_the_failure_file_is_the_reason(client: Client, bucket: str, role: str) -> None:
    described = failed(client, job_request("typo", bucket, role, {"epoch": "2"}))
    assert described["FailureReason"].startswith("AlgorithmError: ")
    assert "Did you mean epochs" in described["FailureReason"]
    assert described["FailureReason"].endswith(", exit code: 1")
    assert statuses(described)[-2:] == ["Uploading", "Failed"]
    client("sagemaker").delete_training_job(TrainingJobName="typo")
    with pytest.raises(ClientError, match=r"Requested resource not found\."):
        client("sagemaker").describe_training_job(TrainingJobName="typo")


def test_an_interrupted_job_goes_on_from_its_checkpoints_until_it_is_stopped(
    client: Client, emulator: Emulator, bucket: str, role: str
) -> None:
    """Only the checkpoints are left; who stops the job has the model of its best epoch."""
    sagemaker = client("sagemaker")
    emulator.account.faults.add("interrupt", "spot")
    request = job_request(
        "spot",
        bucket,
        role,
        ENDLESS,
        EnableManagedSpotTraining=True,
        StoppingCondition={"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 3600},
        CheckpointConfig={"S3Uri": f"s3://{bucket}/spot"},
    )
    sagemaker.create_training_job(**request)

    def goes_on() -> bool:
        described = sagemaker.describe_training_job(TrainingJobName="spot")
        assert described["TrainingJobStatus"] == "InProgress", described
        lines = log_lines(client, "spot/") if "Interrupted" in statuses(described) else []
        return any("going on from checkpoint" in line for stream in lines for line in stream)

    wait_until(goes_on, seconds=LIMIT_SECONDS)
    sagemaker.stop_training_job(TrainingJobName="spot")
    described = wait_for_job(sagemaker, "spot")
    assert described["TrainingJobStatus"] == "Stopped"
    attempt = ["Starting", "Downloading", "Training"]
    assert statuses(described) == [*attempt, "Interrupted", *attempt, "Stopping", "Stopped"]
    assert client("s3").head_object(Bucket=bucket, Key="jobs/spot/output/model.tar.gz")


def test_a_job_is_stopped_at_its_time_limit(client: Client, bucket: str, role: str) -> None:
    sagemaker = client("sagemaker")
    limit = {"MaxRuntimeInSeconds": 1}
    sagemaker.create_training_job(
        **job_request("late", bucket, role, ENDLESS, StoppingCondition=limit)
    )
    described = wait_for_job(sagemaker, "late")
    assert described["TrainingJobStatus"] == "Stopped"
    assert described["SecondaryStatus"] == "MaxRuntimeExceeded"


def test_a_lost_instance_is_replaced_as_often_as_the_job_asks(
    client: Client, emulator: Emulator, bucket: str, role: str
) -> None:
    emulator.account.faults.add("lose-instance", "lost", 2)
    described = failed(
        client, job_request("lost", bucket, role, RetryStrategy={"MaximumRetryAttempts": 1})
    )
    assert statuses(described).count("Training") == 2
    assert "Restarting" in statuses(described)
    assert described["FailureReason"].startswith("InternalServerError: ")


def test_a_failure_that_was_asked_for_says_so(
    client: Client, emulator: Emulator, bucket: str, role: str
) -> None:
    emulator.account.faults.add("fail-job", "bad-day")
    described = failed(client, job_request("bad-day", bucket, role))
    assert "fail-job was asked for, exit code: 1" in described["FailureReason"]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no objects": (
        {"InputDataConfig": [channel("s3://shared-bucket/nothing/")]},
        'No S3 objects found under S3 URL "s3://shared-bucket/nothing/"',
    ),
    "no bucket": ({"InputDataConfig": [channel("s3://no-bucket/a")]}, "No S3 objects found"),
    "a role that is not there": (
        {"RoleArn": "arn:aws:iam::123456789012:role/nobody"},
        "Could not assume role",
    ),
    "waiting without spot": (
        {"StoppingCondition": {"MaxRuntimeInSeconds": 1, "MaxWaitTimeInSeconds": 2}},
        "only supported when EnableManagedSpotTraining",
    ),
    "spot without waiting": ({"EnableManagedSpotTraining": True}, "must be present"),
    "two channels of one name": (
        {"InputDataConfig": [channel("s3://shared-bucket/letters/")] * 2},
        "two channels have one name",
    ),
    "an augmented manifest": (
        {
            "InputDataConfig": [
                channel("s3://shared-bucket/letters/", S3DataType="AugmentedManifestFile")
            ]
        },
        "only the input mode Pipe",
    ),
    "a metric without a group": (
        {
            "AlgorithmSpecification": {
                "TrainingImage": "image",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=.*"}],
            }
        },
        "must have one group",
    ),
    "an algorithm of the marketplace": (
        {"AlgorithmSpecification": {"AlgorithmName": "sold", "TrainingInputMode": "File"}},
        "does not know CreateTrainingJob's AlgorithmSpecification.AlgorithmName",
    ),
    "an augmented manifest without attributes": (
        {
            "InputDataConfig": [
                channel("s3://shared-bucket/letters/", S3DataType="AugmentedManifestFile")
                | {"InputMode": "Pipe"}
            ]
        },
        "without AttributeNames",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_run_is_refused_at_once(
    client: Client, bucket: str, role: str, wrong: str
) -> None:
    changes, said = WRONG[wrong]
    request = job_request("refused", bucket, role) | changes
    with pytest.raises(ClientError, match=said):
        client("sagemaker").create_training_job(**request)
