"""Serverless, asynchronous and multi-model endpoints."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.hosting import BODY, JSON, Hosting, archive_of, wait_until
from tests.cloud.emulator.test_protocol import code
from tests.support.emulated import Client
from tests.unit.helpers import kim_of, random_artifact, random_weights
from text_classification import artifact


def test_a_serverless_endpoint_has_one_worker_and_small_bodies(
    client: Client, serving: Hosting
) -> None:
    # Nothing but the platform tells the container what it runs on.
    serving.model("serverless", Environment={"MODEL_SERVER_WORKERS": ""})
    variant = {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 5}}
    serving.configuration("serverless", "serverless", variant=variant)
    serving.endpoint("serverless", "serverless")
    described = serving.describe("serverless")["ProductionVariants"][0]
    assert described["CurrentServerlessConfig"]["MemorySizeInMB"] == 1024
    assert "predictions" in json.loads(serving.send("serverless")["Body"])
    with pytest.raises(ClientError, match="has oversize body") as error:
        serving.send("serverless", b" " * 4_194_305)
    assert code(error) == "ValidationError"
    logs = client("logs")

    def lines() -> list[str]:
        found = logs.filter_log_events(logGroupName="/aws/sagemaker/Endpoints/serverless")
        return [event["message"] for event in found["events"]]

    wait_until(lambda: any("with 1 workers" in line for line in lines()))
    serving.sagemaker.delete_endpoint(EndpointName="serverless")
    serving.wait_until_gone("serverless")


@pytest.fixture(scope="module")
def notifications(client: Client) -> Callable[[], list[dict[str, Any]]]:
    """What was published on the topic of the asynchronous endpoint."""
    topic = client("sns").create_topic(Name="answers")["TopicArn"]
    queue = client("sqs").create_queue(QueueName="answers")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:123456789012:answers"
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    found: list[dict[str, Any]] = []

    def published() -> list[dict[str, Any]]:
        received = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        bodies = [json.loads(message["Body"]) for message in received.get("Messages", [])]
        found.extend(json.loads(body["Message"]) for body in bodies)
        return found

    return published


@pytest.fixture(scope="module")
def asynchronous(serving: Hosting, notifications: Any) -> Iterator[str]:
    """An asynchronous endpoint that keeps its failures and publishes what became of requests."""
    del notifications  # the topic is there
    serving.model("asynchronous", Environment={"ENDPOINT_KIND": "asynchronous"})
    topic = "arn:aws:sns:us-east-1:123456789012:answers"
    output = {
        "S3OutputPath": f"s3://{serving.bucket}/answers",
        "S3FailurePath": f"s3://{serving.bucket}/failures",
        "NotificationConfig": {"SuccessTopic": topic, "ErrorTopic": topic},
    }
    serving.configuration(
        "asynchronous", "asynchronous", AsyncInferenceConfig={"OutputConfig": output}
    )
    yield serving.endpoint("asynchronous", "asynchronous")
    serving.sagemaker.delete_endpoint(EndpointName="asynchronous")
    serving.wait_until_gone("asynchronous")


@pytest.fixture
def ask_later(serving: Hosting, asynchronous: str) -> Callable[..., Any]:
    """What asks the asynchronous endpoint."""

    def send(body: bytes, **members: Any) -> Any:
        return serving.runtime.invoke_endpoint_async(
            EndpointName=asynchronous,
            InputLocation=serving.put("asked/body", body),
            ContentType=JSON,
            **members,
        )

    return send


def test_an_asynchronous_answer_goes_to_s3(serving: Hosting, ask_later: Callable[..., Any]) -> None:
    told = ask_later(BODY, InferenceId="later-1")
    assert told["InferenceId"] == "later-1"
    key = told["OutputLocation"].removeprefix(f"s3://{serving.bucket}/")
    assert key.startswith("answers/")
    wait_until(lambda: key in serving.objects("answers/"))
    assert "predictions" in json.loads(serving.objects(key)[key])


def test_an_asynchronous_failure_goes_to_s3_too_and_both_are_published(
    serving: Hosting, ask_later: Callable[..., Any], notifications: Any
) -> None:
    told = ask_later(b"{")
    key = told["FailureLocation"].removeprefix(f"s3://{serving.bucket}/")
    assert key.startswith("failures/")
    wait_until(lambda: key in serving.objects("failures/"))
    assert json.loads(serving.objects(key)[key])["error"]["code"] == "BODY_INVALID"
    ask_later(BODY)
    wait_until(
        lambda: {"Completed", "Failed"} <= {each["invocationStatus"] for each in notifications()}
    )
    failed = next(each for each in notifications() if each["invocationStatus"] == "Failed")
    assert "Received client error (400)" in failed["failureReason"]


def test_an_asynchronous_endpoint_answers_no_other_requests(
    serving: Hosting, asynchronous: str
) -> None:
    with pytest.raises(ClientError, match="takes InvokeEndpointAsync alone"):
        serving.send(asynchronous)


def large_model(seed: int) -> bytes:
    """Return the archive of a model whose tables take most of a megabyte."""
    small = random_artifact(seed)
    configuration = replace(kim_of(small), filters=700)
    weights = random_weights(configuration, np.random.default_rng(seed))
    with TemporaryDirectory() as scratch:
        artifact.save(
            replace(small, configuration=configuration, weights=weights), Path(scratch) / "model"
        )
        return archive_of(Path(scratch) / "model")


def test_models_of_many_are_loaded_when_they_are_asked(client: Client, serving: Hosting) -> None:
    for seed, name in enumerate(("one", "two")):
        serving.put(f"many/{name}.tar.gz", large_model(seed))
    prefix = f"s3://{serving.bucket}/many/"
    # The container has room for one model at a time.
    serving.model("many", Mode="MultiModel", ModelDataUrl=prefix, Environment={"MODELS_MB": "1"})
    serving.configuration("many", "many")
    serving.endpoint("many", "many")
    responses = [
        serving.send("many", TargetModel=f"{name}.tar.gz")["Body"] for name in ("one", "two", "one")
    ]
    assert responses[0] == responses[2] != responses[1]
    with pytest.raises(ClientError, match=r"Failed to download model data\(bucket: shared-bucket"):
        serving.send("many", TargetModel="three.tar.gz")
    with pytest.raises(ClientError, match="is missing a target model header"):
        serving.send("many")
    serving.sagemaker.delete_endpoint(EndpointName="many")
    serving.wait_until_gone("many")
    found = client("logs").filter_log_events(logGroupName="/aws/sagemaker/Endpoints/many")
    refused = [event for event in found["events"] if '"status":507' in event["message"]]
    assert len(refused) == 2
