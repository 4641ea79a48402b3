"""The runtime on an endpoint in service: what reaches the container, and what comes back."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.hosting import Hosting, wait_until
from tests.cloud.emulator.shapes import assert_complete
from tests.cloud.emulator.test_protocol import code
from tests.support.emulated import Client

LOG_GROUP = "/aws/sagemaker/Endpoints/shared"


def test_an_endpoint_in_service_is_described(serving: Hosting, shared_endpoint: str) -> None:
    described = serving.describe(shared_endpoint)
    assert_complete("sagemaker", "DescribeEndpoint", described)
    assert [each["VariantName"] for each in described["ProductionVariants"]] == ["first", "second"]
    assert described["DataCaptureConfig"]["CaptureStatus"] == "Started"
    listed = serving.sagemaker.list_endpoints(StatusEquals="InService", NameContains="shared")
    assert_complete("sagemaker", "ListEndpoints", listed)
    assert [each["EndpointName"] for each in listed["Endpoints"]] == ["shared"]


def test_the_container_answers(serving: Hosting, shared_endpoint: str) -> None:
    response = serving.send(shared_endpoint, TargetVariant="first", Accept="application/jsonlines")
    assert response["ContentType"].startswith("application/jsonlines")
    assert response["InvokedProductionVariant"] == "first"
    assert json.loads(response["Body"])["label"] in {"bad", "good", "ugly"}


def test_custom_attributes_reach_the_container(serving: Hosting, shared_endpoint: str) -> None:
    response = serving.send(shared_endpoint, TargetVariant="first", CustomAttributes="top_k=1")
    assert len(json.loads(response["Body"])["predictions"][0]["top"]) == 1


def test_variants_share_the_requests(serving: Hosting, shared_endpoint: str) -> None:
    asked = {serving.send(shared_endpoint)["InvokedProductionVariant"] for _ in range(40)}
    assert asked == {"first", "second"}


def test_an_error_of_the_container_is_told_as_it_told_it(
    serving: Hosting, shared_endpoint: str
) -> None:
    with pytest.raises(ClientError, match=r"Received client error \(400\) from primary") as error:
        serving.send(shared_endpoint, b"{")
    told = error.value.response
    assert code(error) == "ModelError"
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert told["OriginalStatusCode"] == 400
    assert json.loads(told["OriginalMessage"])["error"]["code"] == "BODY_INVALID"
    assert told["LogStreamArn"].endswith(f"log-group:{LOG_GROUP}")


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"TargetVariant": "third"}, "Variant third not found"),
        ({"TargetModel": "a.tar.gz"}, "Endpoint shared is not a multi-model endpoint"),
        ({"CustomAttributes": "x" * 1025}, "length less than or equal to 1024"),
    ],
)
def test_a_request_that_cannot_be_forwarded_is_refused(
    serving: Hosting, shared_endpoint: str, members: dict[str, Any], told: str
) -> None:
    with pytest.raises(ClientError, match=told) as error:
        serving.send(shared_endpoint, **members)
    assert code(error) == "ValidationError"


def test_a_body_beyond_the_limit_is_refused(serving: Hosting, shared_endpoint: str) -> None:
    with pytest.raises(ClientError, match="HTTP content length exceeded 6291456 bytes") as error:
        serving.send(shared_endpoint, b" " * 6_291_457)
    assert code(error) == "413"


def test_an_endpoint_that_is_not_there_is_told(hosting: Hosting) -> None:
    with pytest.raises(
        ClientError, match="Endpoint none of account 123456789012 not found"
    ) as error:
        hosting.send("none")
    assert code(error) == "ValidationError"


def test_a_stream_is_refused_by_name(hosting: Hosting, shared_endpoint: str) -> None:
    with pytest.raises(ClientError, match="InvokeEndpointWithResponseStream"):
        hosting.runtime.invoke_endpoint_with_response_stream(
            EndpointName=shared_endpoint, Body=b"{}"
        )


def test_what_is_asked_is_captured_in_the_services_format(
    serving: Hosting, shared_endpoint: str
) -> None:
    serving.send(
        shared_endpoint,
        b"text\nthe policy\n",
        ContentType="text/csv; charset=utf-8",
        Accept="application/json",
        TargetVariant="second",
        InferenceId="captured-1",
    )

    def captured() -> dict[str, Any]:
        for body in serving.objects("captured/shared/second/").values():
            for line in map(json.loads, body.splitlines()):
                if line["eventMetadata"].get("inferenceId") == "captured-1":
                    return {"line": line}
        return {}

    wait_until(lambda: bool(captured()))
    line = captured()["line"]
    assert line["eventVersion"] == "0"
    assert set(line["eventMetadata"]) == {"eventId", "inferenceId", "inferenceTime"}
    assert line["captureData"]["endpointInput"] == {
        "observedContentType": "text/csv; charset=utf-8",
        "mode": "INPUT",
        "data": "text\nthe policy\n",
        "encoding": "CSV",
    }
    output = line["captureData"]["endpointOutput"]
    assert (output["mode"], output["encoding"]) == ("OUTPUT", "JSON")
    assert "predictions" in json.loads(output["data"])


def test_requests_are_counted(client: Client, serving: Hosting, shared_endpoint: str) -> None:
    serving.send(shared_endpoint, TargetVariant="second")
    listed = client("cloudwatch").list_metrics

    def names() -> set[str]:
        found = listed(
            Namespace="AWS/SageMaker",
            Dimensions=[
                {"Name": "EndpointName", "Value": "shared"},
                {"Name": "VariantName", "Value": "second"},
            ],
        )
        return {metric["MetricName"] for metric in found["Metrics"]}

    wait_until(lambda: {"Invocations", "ModelLatency"} <= names())


def test_what_the_container_prints_is_in_its_log_stream(
    client: Client, serving: Hosting, shared_endpoint: str
) -> None:
    logs = client("logs")

    def is_there() -> bool:
        """What a container prints comes some time after it was printed."""
        try:
            found = logs.describe_log_streams(
                logGroupName=LOG_GROUP, logStreamNamePrefix="first/i-"
            )
        except logs.exceptions.ResourceNotFoundException:
            return False
        names = [stream["logStreamName"] for stream in found["logStreams"]]
        pages = [logs.get_log_events(logGroupName=LOG_GROUP, logStreamName=name) for name in names]
        return any("listening" in event["message"] for page in pages for event in page["events"])

    wait_until(is_there)
    assert serving.describe(shared_endpoint)["EndpointStatus"] == "InService"


def test_weights_are_changed(serving: Hosting, shared_endpoint: str) -> None:
    for weight in (0.0, 1.0):
        serving.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=shared_endpoint,
            DesiredWeightsAndCapacities=[{"VariantName": "second", "DesiredWeight": weight}],
        )
        serving.wait(shared_endpoint, "InService")
        asked = {serving.send(shared_endpoint)["InvokedProductionVariant"] for _ in range(30)}
        assert ("second" in asked) == bool(weight)


def test_a_scaling_target_must_be_a_variant_in_service(
    client: Client, shared_endpoint: str
) -> None:
    scaling = client("application-autoscaling")
    dimension = "sagemaker:variant:DesiredInstanceCount"
    target = {"ServiceNamespace": "sagemaker", "ScalableDimension": dimension}
    with pytest.raises(ClientError, match='Could not find endpoint "arn'):
        scaling.register_scalable_target(
            ResourceId="endpoint/none/variant/first", MinCapacity=1, MaxCapacity=2, **target
        )
    with pytest.raises(ClientError, match="no variant third of shared"):
        scaling.register_scalable_target(
            ResourceId="endpoint/shared/variant/third", MinCapacity=1, MaxCapacity=2, **target
        )
    resource = f"endpoint/{shared_endpoint}/variant/first"
    scaling.register_scalable_target(ResourceId=resource, MinCapacity=1, MaxCapacity=2, **target)
    found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=[resource])
    assert found["ScalableTargets"][0]["MaxCapacity"] == 2
    scaling.deregister_scalable_target(ResourceId=resource, **target)
