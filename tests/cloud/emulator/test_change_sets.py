"""Change sets say what would happen, and do it when they are executed."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.cloud.emulator.stacks import SOON, Stacks, asked, buckets, code, given
from tests.support.emulated import Client

# A repository whose name a bucket's tag has: a change of it is known to the bucket later.
DEPENDENT = json.dumps(
    {
        "Parameters": {"Name": {"Type": "String"}, "Scan": {"Type": "String", "Default": "false"}},
        "Resources": {
            "Repository": {
                "Type": "AWS::ECR::Repository",
                "Properties": {
                    "RepositoryName": {"Ref": "Name"},
                    "ImageScanningConfiguration": {"ScanOnPush": {"Ref": "Scan"}},
                    "EmptyOnDelete": True,
                },
            },
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": "change-set-dependent",
                    "Tags": [{"Key": "image", "Value": {"Ref": "Repository"}}],
                },
            },
        },
    }
)


@pytest.fixture(scope="module")
def stacks(client: Client) -> Stacks:
    return Stacks(client)


def change_set(stacks: Stacks, stack: str, body: str, **members: Any) -> str:
    """Create a change set, wait for it and return its ARN."""
    request = asked(stack, body, members)
    created = stacks.formation.create_change_set(ChangeSetName="change", **request)
    waiter = stacks.formation.get_waiter("change_set_create_complete")
    waiter.wait(ChangeSetName=created["Id"], WaiterConfig=SOON)
    return str(created["Id"])


def changes(stacks: Stacks, identifier: str) -> list[dict[str, Any]]:
    found = stacks.formation.describe_change_set(ChangeSetName=identifier)["Changes"]
    return [change["ResourceChange"] for change in found]


def test_a_new_stack_waits_in_review(stacks: Stacks) -> None:
    """Nothing is made until the change set is executed; then it is used up."""
    identifier = change_set(stacks, "reviewed", buckets("reviewed"), ChangeSetType="CREATE")
    assert stacks.find("reviewed")["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert not stacks.has_bucket("reviewed")
    assert [
        (each["Action"], each["LogicalResourceId"]) for each in changes(stacks, identifier)
    ] == [("Add", "Bucket0")]
    stacks.formation.execute_change_set(ChangeSetName=identifier)
    stacks.wait("stack_create_complete", "reviewed")
    assert stacks.has_bucket("reviewed")
    with pytest.raises(ClientError) as error:
        stacks.formation.describe_change_set(ChangeSetName=identifier)
    assert code(error) == "ChangeSetNotFound"


def test_a_stack_in_review_can_be_given_up(stacks: Stacks) -> None:
    """Its change set and then the stack are deleted, and nothing was made."""
    change_set(stacks, "given-up", buckets("given-up"), ChangeSetType="CREATE")
    listed = stacks.formation.list_change_sets(StackName="given-up")["Summaries"]
    assert [each["ChangeSetName"] for each in listed] == ["change"]
    stacks.formation.delete_change_set(ChangeSetName="change", StackName="given-up")
    assert not stacks.formation.list_change_sets(StackName="given-up")["Summaries"]
    stacks.delete("given-up")
    assert not stacks.has_bucket("given-up")


def test_changes_say_what_is_made_anew(stacks: Stacks) -> None:
    """A changed name replaces; what depends on it changes too; what was removed is said."""
    stacks.create("changing", DEPENDENT, Parameters={"Name": "first-name"})
    identifier = change_set(stacks, "changing", DEPENDENT, Parameters={"Name": "second-name"})
    repository, bucket = changes(stacks, identifier)
    assert (repository["Action"], repository["Replacement"]) == ("Modify", "True")
    assert repository["PhysicalResourceId"] == "first-name"
    target = repository["Details"][0]["Target"]
    assert (target["Name"], target["RequiresRecreation"]) == ("RepositoryName", "Always")
    assert (bucket["Replacement"], bucket["Scope"]) == ("False", ["Tags"])
    stacks.formation.execute_change_set(ChangeSetName=identifier)
    stacks.wait("stack_update_complete", "changing")
    assert stacks.physical("changing", "Repository") == "second-name"
    tags = stacks.client("s3").get_bucket_tagging(Bucket="change-set-dependent")["TagSet"]
    assert tags == [{"Key": "image", "Value": "second-name"}]
    repositories = stacks.client("ecr").describe_repositories()["repositories"]
    assert "first-name" not in [each["repositoryName"] for each in repositories]


def test_a_change_in_place_says_so(stacks: Stacks) -> None:
    """The earlier parameter can be asked for, and the earlier template."""
    stacks.create("in-place", DEPENDENT.replace("dependent", "in-place"), Parameters={"Name": "ip"})
    created = stacks.formation.create_change_set(
        StackName="in-place",
        ChangeSetName="scan",
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": "Name", "UsePreviousValue": True},
            *given({"Scan": "true"}),
        ],
    )
    (change,) = changes(stacks, created["Id"])
    assert (change["LogicalResourceId"], change["Replacement"]) == ("Repository", "False")
    stacks.formation.execute_change_set(ChangeSetName="scan", StackName="in-place")
    stacks.wait("stack_update_complete", "in-place")
    found = stacks.client("ecr").describe_repositories(repositoryNames=["ip"])["repositories"][0]
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}


def test_without_changes_it_fails_in_the_services_words(stacks: Stacks) -> None:
    """The waiter fails, and the change set says that there is nothing to do."""
    stacks.create("unchanged", buckets("unchanged"))
    with pytest.raises(WaiterError):
        change_set(stacks, "unchanged", buckets("unchanged"))
    found = stacks.formation.describe_change_set(ChangeSetName="change", StackName="unchanged")
    assert (found["Status"], found["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "The submitted information didn't contain changes." in found["StatusReason"]
    with pytest.raises(ClientError) as error:
        stacks.formation.execute_change_set(ChangeSetName="change", StackName="unchanged")
    assert code(error) == "InvalidChangeSetStatus"


def test_imports_are_refused(stacks: Stacks) -> None:
    """The emulator takes no resources into a stack that are there already."""
    with pytest.raises(ClientError, match="change sets of type IMPORT"):
        change_set(stacks, "imported", buckets("imported"), ChangeSetType="IMPORT")


def test_only_outputs_may_change(stacks: Stacks) -> None:
    """An update of outputs alone is carried out, as with the service."""
    body = json.loads(buckets("outputs-only"))
    stacks.create("outputs-only", json.dumps(body))
    body["Outputs"] = {"Name": {"Value": {"Ref": "Bucket0"}}}
    identifier = change_set(stacks, "outputs-only", json.dumps(body))
    assert changes(stacks, identifier) == []
    stacks.formation.execute_change_set(ChangeSetName=identifier)
    stacks.wait("stack_update_complete", "outputs-only")
    assert stacks.outputs("outputs-only") == {"Name": "outputs-only"}
