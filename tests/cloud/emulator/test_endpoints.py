"""The states of endpoints: updates, rollbacks, lost instances, the end."""

import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.hosting import (
    END_SECONDS,
    Hosting,
    random_model,
    wait_for,
    wait_until,
)
from tests.support.emulated import Client
from textcnn.emulator.server import Emulator

NUMBERS = itertools.count(1)
# The server ends at once where a setting is wrong.
UNSTARTABLE = {"MODEL_SERVER_WORKERS": "many"}
# Deployments that are watched want the same variants before and after.
VARIANT = {"VariantName": "main", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
UNHEALTHY = "did not pass the ping health check. Please check CloudWatch logs"


def canary(alarm: str, wait: int) -> dict[str, Any]:
    """A deployment that watches half of the traffic for a while."""
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                "WaitIntervalInSeconds": wait,
            },
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm}]},
    }


@pytest.fixture(scope="module")
def broken(serving: Hosting) -> str:
    """A configuration whose container ends as soon as it is started."""
    serving.model("broken", Environment=UNSTARTABLE)
    return serving.configuration("broken", "broken")


@pytest.fixture(scope="module")
def before(serving: Hosting) -> str:
    """The configuration that endpoints begin with; there is another one, ``after``."""
    for seed, name in enumerate(("before", "after")):
        serving.model(name, random_model(seed))
        serving.configuration(name, name, variant=VARIANT)
    return "before"


@pytest.fixture
def endpoint(before: str, serving: Hosting) -> Iterator[str]:
    """An endpoint that is updated, of the test's own."""
    name = f"changing-{next(NUMBERS)}"
    yield serving.endpoint(name, before)
    serving.sagemaker.delete_endpoint(EndpointName=name)
    serving.wait_until_gone(name)


def test_an_endpoint_that_does_not_come_up_fails_and_says_why(
    serving: Hosting, broken: str
) -> None:
    serving.endpoint("failing", broken, "Failed")
    with pytest.raises(ClientError, match='Cannot create already existing endpoint "arn'):
        serving.sagemaker.create_endpoint(EndpointName="failing", EndpointConfigName=broken)
    reason = serving.describe("failing")["FailureReason"]
    assert reason.startswith("The primary container for production variant broken did not pass")
    with pytest.raises(ClientError, match="not found"):
        serving.send("failing")
    serving.sagemaker.delete_endpoint(EndpointName="failing")
    serving.wait_until_gone("failing")


def test_an_update_that_fails_is_rolled_back(serving: Hosting, endpoint: str, broken: str) -> None:
    serving.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=broken)
    described = serving.describe(endpoint)
    assert described["EndpointStatus"] in {"Updating", "RollingBack", "InService"}
    serving.wait(endpoint, "InService")
    described = serving.describe(endpoint)
    assert described["EndpointConfigName"] == "before"
    assert UNHEALTHY in described["FailureReason"]
    assert serving.send(endpoint)["InvokedProductionVariant"] == "main"


def test_an_alarm_rolls_a_canary_back_and_nothing_else_is_changed_meanwhile(
    client: Client, serving: Hosting, endpoint: str
) -> None:
    before = serving.send(endpoint)["Body"]
    client("cloudwatch").put_metric_alarm(
        AlarmName="too-many-errors",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="Invocation5XXErrors",
        Namespace="AWS/SageMaker",
        Period=60,
        Statistic="Sum",
        Threshold=1,
    )
    serving.sagemaker.update_endpoint(
        EndpointName=endpoint,
        EndpointConfigName="after",
        DeploymentConfig=canary("too-many-errors", 3600),
    )
    # Half of the traffic goes to the new fleet while it is watched.
    wait_until(lambda: serving.send(endpoint)["Body"] != before)
    assert serving.describe(endpoint)["PendingDeploymentSummary"]["EndpointConfigName"] == "after"
    with pytest.raises(ClientError, match='Cannot update in-progress endpoint "arn'):
        serving.sagemaker.delete_endpoint(EndpointName=endpoint)
    client("cloudwatch").set_alarm_state(
        AlarmName="too-many-errors", StateValue="ALARM", StateReason="a rehearsal"
    )
    serving.wait(endpoint, "InService")
    described = serving.describe(endpoint)
    assert described["EndpointConfigName"] == "before"
    assert "too-many-errors" in described["FailureReason"]
    with pytest.raises(ClientError, match="too-many-errors is in the state ALARM already"):
        serving.sagemaker.update_endpoint(
            EndpointName=endpoint,
            EndpointConfigName="after",
            DeploymentConfig=canary("too-many-errors", 60),
        )
    client("cloudwatch").delete_alarms(AlarmNames=["too-many-errors"])


def test_a_canary_larger_than_half_is_refused(serving: Hosting, endpoint: str) -> None:
    deployment = canary("none", 60)
    routing = deployment["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    routing["CanarySize"]["Value"] = 60
    with pytest.raises(ClientError, match="at most 50%"):
        serving.sagemaker.update_endpoint(
            EndpointName=endpoint, EndpointConfigName="after", DeploymentConfig=deployment
        )


def test_a_watched_deployment_keeps_the_variants(serving: Hosting, endpoint: str) -> None:
    serving.configuration("renamed", "after")
    with pytest.raises(ClientError, match="must have the same variant names"):
        serving.sagemaker.update_endpoint(
            EndpointName=endpoint,
            EndpointConfigName="renamed",
            DeploymentConfig=canary("none", 60),
        )


def test_an_update_serves_without_a_pause(serving: Hosting, endpoint: str) -> None:
    before = json.loads(serving.send(endpoint)["Body"])
    serving.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="after")
    while serving.describe(endpoint)["EndpointStatus"] != "InService":
        serving.send(endpoint)
    described = serving.describe(endpoint)
    assert described["EndpointConfigName"] == "after"
    assert "FailureReason" not in described
    assert json.loads(serving.send(endpoint)["Body"]) != before


def test_a_lost_instance_is_replaced(
    emulator: Emulator, client: Client, serving: Hosting, endpoint: str
) -> None:
    logs, group = client("logs"), {"logGroupName": f"/aws/sagemaker/Endpoints/{endpoint}"}

    def streams() -> int:
        try:
            return len(logs.describe_log_streams(**group)["logStreams"])
        except logs.exceptions.ResourceNotFoundException:
            return 0  # what an instance prints comes some time after it was printed

    def response() -> str:
        try:
            serving.send(endpoint)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "answered"

    wait_for(streams, 1)
    emulator.account.faults.add("lose-instance", endpoint)
    # Asked without a pause: another instance may be there a moment later.
    deadline = time.monotonic() + END_SECONDS
    while response() != "ServiceUnavailable":
        assert time.monotonic() < deadline, "no request met the lost instance"
    wait_for(response, "answered")
    wait_for(streams, 2)
    assert serving.describe(endpoint)["EndpointStatus"] == "InService"


def test_an_update_needs_the_configuration_at_work(serving: Hosting, endpoint: str) -> None:
    serving.configuration("lost", "before", variant=VARIANT)
    serving.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="lost")
    serving.wait(endpoint, "InService")
    serving.sagemaker.delete_endpoint_config(EndpointConfigName="lost")
    with pytest.raises(ClientError, match=r"Could not find endpoint configuration .*lost"):
        serving.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="after")


def test_a_deleted_endpoint_leaves_nothing(
    emulator: Emulator, serving: Hosting, before: str
) -> None:
    name = serving.endpoint("short-lived", before)
    assert list((emulator.folder / "endpoints").glob(f"{name}-*"))
    serving.sagemaker.delete_endpoint(EndpointName=name)
    serving.wait_until_gone(name)
    with pytest.raises(ClientError, match='Could not find endpoint "arn'):
        serving.describe(name)
    assert not list((emulator.folder / "endpoints").glob(f"{name}-*"))
