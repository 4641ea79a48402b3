"""Training jobs as tests ask for them: small letters, a small model, the cheapest settings."""

import csv
import io
import time
from collections.abc import Mapping
from typing import Any

from letters import letters
from tests.support.training import SMALL

# Long, for machines that do other things besides.
LIMIT_SECONDS = 240
PAUSE_SECONDS = 0.1
ENDED = ("Completed", "Failed", "Stopped")


def put_letters(s3: Any, bucket: str, key: str, count: int = 200) -> None:
    """Put letters into S3 as a CSV file with the header label,text."""
    text = io.StringIO()
    rows = [(letter.label, letter.text) for letter in letters(count, seed=1)]
    csv.writer(text).writerows([("label", "text"), *rows])
    s3.put_object(Bucket=bucket, Key=key, Body=text.getvalue().encode())


def channel(uri: str, name: str = "training", **source: Any) -> dict[str, Any]:
    """Return a channel of InputDataConfig."""
    described = {"S3DataType": "S3Prefix", "S3Uri": uri, **source}
    return {"ChannelName": name, "DataSource": {"S3DataSource": described}}


def job_request(
    name: str, bucket: str, role: str, hyperparameters: Mapping[str, str] = {}, **changes: Any
) -> dict[str, Any]:
    """Return a request of CreateTrainingJob on the letters below ``letters/`` of the bucket."""
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/text-classification:latest"
    return {
        "TrainingJobName": name,
        "RoleArn": role,
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "HyperParameters": {**SMALL, **hyperparameters},
        "InputDataConfig": [channel(f"s3://{bucket}/letters/")],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/jobs"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 10,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        **changes,
    }


def wait_for_job(sagemaker: Any, name: str) -> dict[str, Any]:
    """Return a job's description when it has ended; boto3's waiter asks every 120 s."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while True:
        described: dict[str, Any] = sagemaker.describe_training_job(TrainingJobName=name)
        if described["TrainingJobStatus"] in ENDED:
            return described
        assert time.monotonic() < deadline, described
        time.sleep(PAUSE_SECONDS)


def statuses(described: dict[str, Any]) -> list[str]:
    """Return the secondary statuses that a job went through."""
    return [each["Status"] for each in described["SecondaryStatusTransitions"]]
