"""Requests are checked and errors told as the services do."""

import json
import time
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.emulated import Client
from textcnn.emulator.server import Emulator

ARN = "arn:aws:sagemaker:us-east-1:123456789012:training-job/protocol"


def code(error: Any) -> str:
    return str(error.value.response["Error"]["Code"])


def test_tags_are_kept_and_removed(client: Client) -> None:
    sagemaker = client("sagemaker")
    sagemaker.add_tags(
        ResourceArn=ARN, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    )
    sagemaker.delete_tags(ResourceArn=ARN, TagKeys=["a"])
    assert sagemaker.list_tags(ResourceArn=ARN)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_a_broken_constraint_is_told_in_the_services_words(client: Client) -> None:
    with pytest.raises(ClientError, match="'resourceArn' failed to satisfy constraint") as error:
        client("sagemaker").list_tags(ResourceArn="no/arn")
    assert code(error) == "ValidationException"


def test_what_is_not_emulated_is_refused_by_name(client: Client) -> None:
    with pytest.raises(ClientError, match="ListAutoMLJobs") as error:
        client("sagemaker").list_auto_ml_jobs()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_another_region_is_refused(emulator: Emulator) -> None:
    import boto3  # noqa: PLC0415 - a client unlike the fixture's

    elsewhere = boto3.client(
        "sagemaker",
        endpoint_url=emulator.url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    with pytest.raises(ClientError, match="us-east-1"):
        elsewhere.list_tags(ResourceArn=ARN)


@pytest.mark.parametrize("service", ["s3", "sagemaker", "iam"])
def test_a_fault_comes_as_often_as_it_was_asked_for(
    client: Client, emulator: Emulator, service: str
) -> None:
    body = json.dumps({"kind": "expired-token", "target": f"{service}:*", "times": 2}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{emulator.url}/emulator/faults", body, headers)
    with urllib.request.urlopen(request) as response:
        assert response.status == 204
    calls = {
        "s3": lambda: client("s3").list_buckets(),
        "sagemaker": lambda: client("sagemaker").list_tags(ResourceArn=ARN),
        "iam": lambda: client("iam").list_roles(),
    }
    for _ in range(2):
        with pytest.raises(ClientError, match="expired") as error:
            calls[service]()
        assert code(error) == "ExpiredTokenException"
    calls[service]()


def test_log_events_are_those_of_the_streams_that_are_asked_for(client: Client) -> None:
    """Moto alone would answer those of all streams."""
    logs, group = client("logs"), "/filtered"
    logs.create_log_group(logGroupName=group)
    with pytest.raises(ClientError, match="does not exist"):
        logs.filter_log_events(logGroupName="/not/there", logStreamNamePrefix="a/")
    for stream in ("a/1", "b/1"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        event = {"timestamp": int(time.time() * 1000), "message": f"of {stream}"}
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])
    for prefix, expected in (("a/", ["of a/1"]), ("c/", [])):
        found = logs.filter_log_events(logGroupName=group, logStreamNamePrefix=prefix)
        assert [event["message"] for event in found["events"]] == expected
    found = logs.filter_log_events(logGroupName=group)
    assert len(found["events"]) == 2
