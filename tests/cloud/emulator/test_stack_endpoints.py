"""The template of endpoints makes endpoints of each kind, updates them and takes them down."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.hosting import IMAGE, Hosting, random_model, wait_until
from tests.cloud.emulator.stacks import Stacks, asked, template
from tests.support.emulated import Client, clients_of
from textcnn.emulator.server import Emulator

BODY = template("endpoint")
# A container that ends at once.
UNSTARTABLE = BODY.replace(
    "MODEL_SERVER_WORKERS: !If [HasWorkers, !Ref Workers, !Ref AWS::NoValue]",
    "MODEL_SERVER_WORKERS: many",
)
INSTANCE = {"Kind": "instance", "InstanceCount": 2, "MaxInstances": 3, "BakeSeconds": 1}
# An update without them takes them away.
TAGS = {"team": "letters"}


@pytest.fixture(scope="module")
def stacks(client: Client) -> Stacks:
    return Stacks(client)


@pytest.fixture(scope="module")
def model(serving: Hosting) -> str:
    return serving.put("models/stacks/one/model.tar.gz", random_model(1))


def parameters(serving: Hosting, model: str, name: str, **others: Any) -> dict[str, Any]:
    return {
        "EndpointName": name,
        "Image": IMAGE,
        "ModelDataUrl": model,
        "RoleArn": serving.role,
        "Workers": 1,
        **others,
    }


@pytest.fixture(scope="module")
def instance(stacks: Stacks, serving: Hosting, model: str) -> Iterator[str]:
    """A stack of an instance endpoint that scales; it has the endpoint's name."""
    name = "stack-instance"
    given = parameters(serving, model, name, **INSTANCE)
    stacks.create(name, BODY, Parameters=given, Tags=TAGS)
    yield name
    stacks.delete(name)
    assert not serving.sagemaker.list_endpoints(NameContains=name)["Endpoints"]
    assert not serving.sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
    assert not serving.sagemaker.list_models(NameContains=name)["Models"]
    assert not alarms(stacks, name)
    assert not targets(stacks, name)


def alarms(stacks: Stacks, name: str) -> list[str]:
    found = stacks.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{name}-")
    return [alarm["AlarmName"] for alarm in found["MetricAlarms"]]


def targets(stacks: Stacks, name: str) -> list[dict[str, Any]]:
    scaling = stacks.client("application-autoscaling")
    found = scaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[f"endpoint/{name}/variant/AllTraffic"]
    )
    return list(found["ScalableTargets"])


def test_an_instance_endpoint_serves_scales_and_is_tagged(
    stacks: Stacks, serving: Hosting, instance: str
) -> None:
    """Everything that the template names is there, and the endpoint answers."""
    assert serving.send(instance)["InvokedProductionVariant"] == "AllTraffic"
    outputs = stacks.outputs(instance)
    described = serving.describe(instance)
    assert described["EndpointConfigName"] == outputs["EndpointConfigName"]
    tags = serving.sagemaker.list_tags(ResourceArn=described["EndpointArn"])["Tags"]
    assert {each["Key"]: each["Value"] for each in tags} == {
        "project": "textcnn",
        "team": "letters",
    }
    assert len(alarms(stacks, instance)) == 2
    scaling = stacks.client("application-autoscaling")
    (target,) = targets(stacks, instance)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 3)
    policies = scaling.describe_scaling_policies(
        ServiceNamespace="sagemaker", ResourceId=f"endpoint/{instance}/variant/AllTraffic"
    )
    (policy,) = policies["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 600


def test_an_update_that_is_rolled_back_is_a_failed_update(
    stacks: Stacks, serving: Hosting, model: str, instance: str
) -> None:
    """SageMaker serves the earlier configuration again; so does the stack, and it says why."""
    before = stacks.outputs(instance)
    given = parameters(serving, model, instance, **INSTANCE)
    stack = stacks.update_in_vain(instance, UNSTARTABLE, Parameters=given, Tags=TAGS)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reason = stacks.reason(instance, "Endpoint", "UPDATE_FAILED")
    assert "did not pass the ping health check" in reason
    assert stacks.outputs(instance) == before
    assert serving.describe(instance)["EndpointConfigName"] == before["EndpointConfigName"]
    configurations = serving.sagemaker.list_endpoint_configs(NameContains=instance)
    assert len(configurations["EndpointConfigs"]) == 1
    assert serving.send(instance)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_an_update_brings_another_model_under_a_new_name(
    stacks: Stacks, serving: Hosting, instance: str
) -> None:
    """Model and configuration are made anew, and the earlier ones are gone afterwards.

    As many instances serve as scaling had come to.
    """
    before = stacks.outputs(instance)
    scaled = [{"VariantName": "AllTraffic", "DesiredInstanceCount": 3}]
    serving.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=instance, DesiredWeightsAndCapacities=scaled
    )
    wait_until(lambda: serving.describe(instance)["EndpointStatus"] == "InService")
    other = serving.put("models/stacks/two/model.tar.gz", random_model(2))
    given = parameters(serving, other, instance, **INSTANCE)
    request = asked(instance, BODY, {"Parameters": given, "Tags": TAGS})
    created = stacks.formation.create_change_set(ChangeSetName="other", **request)
    found = stacks.formation.describe_change_set(ChangeSetName=created["Id"])["Changes"]
    replaced = {
        change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"]["Replacement"]
        for change in found
    }
    assert replaced["Model"] == "True"
    assert replaced["EndpointConfig"] == "Conditional"
    assert replaced["Endpoint"] == "False"
    stacks.formation.execute_change_set(ChangeSetName=created["Id"])
    stacks.wait("stack_update_complete", instance)
    after = stacks.outputs(instance)
    described = serving.describe(instance)
    assert described["EndpointConfigName"] == after["EndpointConfigName"]
    assert described["ProductionVariants"][0]["CurrentInstanceCount"] == 3
    for kind in ("EndpointConfigName", "ModelName"):
        assert before[kind] != after[kind]
    names = serving.sagemaker.list_models(NameContains=instance)["Models"]
    assert [each["ModelName"] for each in names] == [after["ModelName"]]


def test_an_endpoint_that_cannot_start_is_a_failed_stack(
    stacks: Stacks, serving: Hosting, model: str
) -> None:
    """Nothing of it is left but the stack, which says why."""
    given = parameters(serving, model, "stack-fails")
    stack = stacks.create_in_vain("stack-fails", UNSTARTABLE, Parameters=given)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "did not pass" in stacks.reason("stack-fails", "Endpoint", "CREATE_FAILED")
    assert not serving.sagemaker.list_models(NameContains="stack-fails")["Models"]
    assert not serving.sagemaker.list_endpoints(NameContains="stack-fails")["Endpoints"]


def test_a_stack_is_deleted_while_its_endpoint_is_made(
    stacks: Stacks, serving: Hosting, model: str
) -> None:
    """What is being made is waited for and removed, as after an interrupted command."""
    name = "stack-interrupted"
    request = asked(name, BODY, {"Parameters": parameters(serving, model, name)})
    stacks.formation.create_stack(**request)
    wait_until(lambda: ("Endpoint", "CREATE_IN_PROGRESS") in stacks.history(name))
    identifier = stacks.find(name)["StackId"]
    stacks.delete(name)
    assert stacks.find(identifier)["StackStatus"] == "DELETE_COMPLETE"
    assert not serving.sagemaker.list_endpoints(NameContains=name)["Endpoints"]
    assert not serving.sagemaker.list_models(NameContains=name)["Models"]


def test_an_asynchronous_endpoint_scales_to_none_and_ends_at_its_time(
    stacks: Stacks, serving: Hosting, model: str, client: Client
) -> None:
    """Its alarm calls the first instance; the schedule deletes it, and the stack can go then."""
    name = "stack-asynchronous"
    role = scheduler_role(client)
    ends = datetime.now(UTC) + timedelta(hours=1)
    others = {
        "Kind": "asynchronous",
        "OutputPath": f"s3://{serving.bucket}/asynchronous/",
        "MinInstances": 0,
        "MaxInstances": 2,
        "SchedulerRoleArn": role,
    }
    given = parameters(serving, model, name, **others, ExpiresAt=f"{ends:%Y-%m-%dT%H:%M:%S}")
    stacks.create(name, BODY, Parameters=given)
    waiting = [alarm for alarm in alarms(stacks, name) if "Waiting" in alarm]
    found = client("cloudwatch").describe_alarms(AlarmNames=waiting)["MetricAlarms"][0]
    assert found["AlarmActions"] == [stacks.physical(name, "FirstInstancePolicy")]
    soon = datetime.now(UTC) + timedelta(seconds=10)
    stacks.update(name, BODY, Parameters={**given, "ExpiresAt": f"{soon:%Y-%m-%dT%H:%M:%S}"})
    serving.wait_until_gone(name)
    stacks.delete(name)
    assert not serving.sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
    assert not client("scheduler").list_schedules(NamePrefix=name)["Schedules"]


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"SubnetIds": "subnet-1", "SecurityGroupIds": "sg-1"}, "cannot be in a VPC"),
        ({"CapturePath": "s3://bucket/capture"}, "cannot capture data"),
        ({"NetworkIsolation": "true"}, "has no network isolation"),
        ({"ModelMode": "MultiModel"}, "serves one model"),
        ({"MaxInstances": 2}, "scales by itself"),
        ({"Kind": "asynchronous"}, "needs an OutputPath"),
        ({"Kind": "instance", "MinInstances": 0}, "MinInstances must be at least 1"),
        ({"ExpiresAt": "2030-01-01T00:00:00"}, "needs a SchedulerRoleArn"),
        ({"ExpiresAt": "tomorrow"}, "YYYY-MM-DDTHH:MM:SS in UTC"),
        ({"EndpointName": "under_score"}, "1 to 63 letters"),
        ({"EndpointName": "a" * 64}, "1 to 63 letters"),
    ],
)
def test_what_an_endpoint_cannot_be_is_told_before_anything_is_made(
    stacks: Stacks, others: dict[str, Any], words: str
) -> None:
    """The template's own rules and patterns say it."""
    given = {
        "EndpointName": "rules",
        "Image": IMAGE,
        "ModelDataUrl": "s3://bucket/model.tar.gz",
        "RoleArn": "arn:aws:iam::123456789012:role/any",
        **others,
    }
    with pytest.raises(ClientError, match=words):
        stacks.create("rules", BODY, Parameters=given)


def test_the_emulator_ends_with_a_stack_in_the_making(serving: Hosting, model: str) -> None:
    """Threads of stacks do not keep it."""
    begun = ("Endpoint", "CREATE_IN_PROGRESS")
    with Emulator() as other:
        stack_client = Stacks(clients_of(other.url))
        given = parameters(serving, model, "unfinished")
        request = asked("unfinished", BODY, {"Parameters": given})
        stack_client.formation.create_stack(**request)
        wait_until(lambda: begun in stack_client.history("unfinished"))


def scheduler_role(client: Client) -> str:
    """Return a role that the scheduler may take."""
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
        '"Principal": {"Service": "scheduler.amazonaws.com"}}]}'
    )
    created = client("iam").create_role(RoleName="stack-scheduler", AssumeRolePolicyDocument=trust)
    return str(created["Role"]["Arn"])
