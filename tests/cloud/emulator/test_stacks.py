"""Stacks are created, updated and deleted, and go back where something fails."""

import json

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.cloud.emulator.stacks import Stacks, buckets, code
from tests.support.emulated import Client


@pytest.fixture(scope="module")
def stacks(client: Client) -> Stacks:
    return Stacks(client)


def test_a_stack_is_created_updated_and_deleted(stacks: Stacks) -> None:
    """Each operation makes what the template says, with the events that the service has."""
    stacks.create("life", buckets("life-one"))
    stacks.update("life", buckets("life-one", "life-two"))
    assert stacks.has_bucket("life-two")
    identifier = stacks.find("life")["StackId"]
    stacks.delete("life")
    assert not stacks.has_bucket("life-one")
    assert stacks.history(identifier) == [
        ("life", "CREATE_IN_PROGRESS"),
        ("Bucket0", "CREATE_IN_PROGRESS"),
        ("Bucket0", "CREATE_IN_PROGRESS"),
        ("Bucket0", "CREATE_COMPLETE"),
        ("life", "CREATE_COMPLETE"),
        ("life", "UPDATE_IN_PROGRESS"),
        ("Bucket1", "CREATE_IN_PROGRESS"),
        ("Bucket1", "CREATE_IN_PROGRESS"),
        ("Bucket1", "CREATE_COMPLETE"),
        ("life", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("life", "UPDATE_COMPLETE"),
        ("life", "DELETE_IN_PROGRESS"),
        ("Bucket1", "DELETE_IN_PROGRESS"),
        ("Bucket1", "DELETE_COMPLETE"),
        ("Bucket0", "DELETE_IN_PROGRESS"),
        ("Bucket0", "DELETE_COMPLETE"),
        ("life", "DELETE_COMPLETE"),
    ]


def test_a_deleted_stack_is_found_by_its_arn_alone(stacks: Stacks) -> None:
    """Its name is free again, as with the service."""
    stacks.create("short", buckets("short-lived"))
    identifier = stacks.find("short")["StackId"]
    stacks.delete("short")
    with pytest.raises(ClientError, match="Stack with id short does not exist") as error:
        stacks.find("short")
    assert code(error) == "ValidationError"
    assert stacks.find(identifier)["StackStatus"] == "DELETE_COMPLETE"
    deleted = stacks.formation.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])
    assert identifier in [each["StackId"] for each in deleted["StackSummaries"]]


def test_a_create_that_fails_leaves_nothing(stacks: Stacks) -> None:
    """What was made before the failure is removed, and the events say what failed."""
    stacks.client("s3").create_bucket(Bucket="taken-before")
    stack = stacks.create_in_vain("fails", buckets("fails-first", "taken-before"))
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert not stacks.has_bucket("fails-first")
    assert stacks.has_bucket("taken-before")
    reason = stacks.reason("fails", "Bucket1", "CREATE_FAILED")
    assert "taken-before already exists" in reason
    reason = stacks.reason("fails", "fails", "ROLLBACK_IN_PROGRESS")
    assert "failed to create: [Bucket1]" in reason
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update("fails", buckets("fails-first"))


@pytest.mark.parametrize(
    ("on_failure", "status", "is_there"),
    [("DO_NOTHING", "CREATE_FAILED", True), ("DELETE", "DELETE_COMPLETE", False)],
)
def test_on_failure_is_honoured(
    stacks: Stacks, on_failure: str, status: str, *, is_there: bool
) -> None:
    """What was made stays or goes, as the caller asks."""
    bucket = f"on-failure-{on_failure.lower().replace('_', '-')}"
    body = buckets(bucket, bucket)
    identifier = stacks.formation.create_stack(
        StackName=bucket, TemplateBody=body, OnFailure=on_failure
    )["StackId"]
    with pytest.raises(WaiterError):
        stacks.wait("stack_create_complete", identifier)
    assert stacks.find(identifier)["StackStatus"] == status
    assert stacks.has_bucket(bucket) is is_there


def test_an_update_that_fails_goes_back(stacks: Stacks) -> None:
    """The stack is what it was, and what the update had made is gone."""
    stacks.client("s3").create_bucket(Bucket="taken-back")
    stacks.create("back", buckets("back-one"), Tags={"team": "one"})
    stack = stacks.update_in_vain(
        "back", buckets("back-one", "back-two", "taken-back"), Tags={"team": "two"}
    )
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stack["Tags"] == [{"Key": "team", "Value": "one"}]
    tags = stacks.client("s3").get_bucket_tagging(Bucket="back-one")["TagSet"]
    assert tags == [{"Key": "team", "Value": "one"}]
    assert not stacks.has_bucket("back-two")
    names = [name for name, status in stacks.history("back") if status == "DELETE_COMPLETE"]
    assert names == ["Bucket1"]
    stacks.update("back", buckets("back-one", "back-three"))


def test_a_bucket_with_objects_stays_and_the_stack_says_so(stacks: Stacks) -> None:
    """Deleting fails until it is empty, or until it is to be kept."""
    stacks.create("full", buckets("full-one", "full-two"))
    stacks.client("s3").put_object(Bucket="full-one", Key="a", Body=b"a")
    stacks.formation.delete_stack(StackName="full")
    with pytest.raises(WaiterError):
        stacks.wait("stack_delete_complete", "full")
    stack = stacks.find("full")
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert "failed to delete: [Bucket0]" in stack["StackStatusReason"]
    assert "not empty" in stacks.reason("full", "Bucket0", "DELETE_FAILED")
    assert not stacks.has_bucket("full-two")
    stacks.formation.delete_stack(StackName="full", RetainResources=["Bucket0"])
    stacks.wait("stack_delete_complete", "full")
    assert stacks.has_bucket("full-one")


def test_deletion_policy_keeps_a_resource(stacks: Stacks) -> None:
    """It is skipped when the stack is deleted."""
    stacks.create("keeper", buckets("kept-bucket", DeletionPolicy="Retain"))
    identifier = stacks.find("keeper")["StackId"]
    stacks.delete("keeper")
    assert ("Bucket0", "DELETE_SKIPPED") in stacks.history(identifier)
    assert stacks.has_bucket("kept-bucket")


def test_nothing_to_update_is_told(stacks: Stacks) -> None:
    """The service's words, by which clients know it."""
    stacks.create("same", buckets("same-bucket"))
    with pytest.raises(ClientError, match=r"No updates are to be performed\.") as error:
        stacks.update("same", buckets("same-bucket"))
    assert code(error) == "ValidationError"


def test_a_protected_stack_stays(stacks: Stacks) -> None:
    """It cannot be deleted until the protection is taken away."""
    stacks.create("safe", buckets("safe-bucket"), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        stacks.formation.delete_stack(StackName="safe")
    stacks.formation.update_termination_protection(
        StackName="safe", EnableTerminationProtection=False
    )
    stacks.delete("safe")


def test_a_name_is_taken_once(stacks: Stacks) -> None:
    """Two stacks of a name are an error of the service's own code."""
    stacks.create("once", buckets("once-bucket"))
    with pytest.raises(ClientError, match="already exists") as error:
        stacks.create("once", buckets("other-bucket"))
    assert code(error) == "AlreadyExistsException"


def test_resources_are_listed(stacks: Stacks) -> None:
    """By stack, and the stack by a resource's physical identifier."""
    stacks.create("listed", buckets("listed-bucket"))
    by_stack = stacks.formation.list_stack_resources(StackName="listed")
    by_resource = stacks.formation.describe_stack_resources(PhysicalResourceId="listed-bucket")
    assert [each["ResourceType"] for each in by_stack["StackResourceSummaries"]] == [
        "AWS::S3::Bucket"
    ]
    assert [each["StackName"] for each in by_resource["StackResources"]] == ["listed"]


def test_roles_need_a_capability(stacks: Stacks) -> None:
    """Who has not said so makes no roles; named ones need the stronger word."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    with pytest.raises(ClientError, match=r"\[CAPABILITY_IAM\]") as error:
        stacks.create("capable", json.dumps({"Resources": {"Role": role}}))
    assert code(error) == "InsufficientCapabilitiesException"
    role["Properties"] = {**role["Properties"], "RoleName": "capable"}  # type: ignore[dict-item]
    with pytest.raises(ClientError, match=r"\[CAPABILITY_NAMED_IAM\]"):
        stacks.create(
            "capable",
            json.dumps({"Resources": {"Role": role}}),
            Capabilities=["CAPABILITY_IAM"],
        )


def test_what_is_not_emulated_is_refused_by_name(stacks: Stacks) -> None:
    """Operations, parameters and resource types: never passed over."""
    body = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::SQS::Queue\]"):
        stacks.create("queue", body)
    with pytest.raises(ClientError, match="SetStackPolicy") as error:
        stacks.formation.set_stack_policy(StackName="any", StackPolicyBody="{}")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    with pytest.raises(ClientError, match="TimeoutInMinutes"):
        stacks.create("late", buckets("late-bucket"), TimeoutInMinutes=1)


def test_an_unknown_property_fails_the_resource(stacks: Stacks) -> None:
    """It is not passed over: the resource would not be what the template says."""
    body = json.dumps(
        {"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"Website": {}}}}}
    )
    stacks.create_in_vain("unknown", body)
    assert "unsupported property Website" in stacks.reason("unknown", "A", "CREATE_FAILED")
