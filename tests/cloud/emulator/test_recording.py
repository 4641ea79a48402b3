"""The emulator tells which operations were asked for, and the IAM actions that they need."""

import io
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cloud.emulator.stacks import TEMPLATES, Stacks, buckets, template
from tests.support.emulated import Client, clients_of
from textcnn.emulator.server import Emulator


@pytest.fixture(scope="module")
def own() -> Iterator[Emulator]:
    """An emulator that nobody else asks."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def client(own: Emulator) -> Client:
    own.account.recorded.clear()
    return clients_of(own.url)


def requests(emulator: Emulator) -> dict[str, Any]:
    with urllib.request.urlopen(f"{emulator.url}/emulator/requests") as response:
        read: dict[str, Any] = json.load(response)
    return read


def test_objects_are_told_by_method_and_path(own: Emulator, client: Client) -> None:
    """S3's requests name no operation; they are found in its model."""
    s3 = client("s3")
    s3.create_bucket(Bucket="recorded")
    s3.put_object(Bucket="recorded", Key="folder/a", Body=b"a")
    s3.head_object(Bucket="recorded", Key="folder/a")
    s3.get_object(Bucket="recorded", Key="folder/a")
    s3.copy_object(Bucket="recorded", Key="b", CopySource="recorded/folder/a")
    s3.list_objects_v2(Bucket="recorded")
    s3.get_bucket_location(Bucket="recorded")
    upload = s3.create_multipart_upload(Bucket="recorded", Key="c")["UploadId"]
    part = s3.upload_part(
        Bucket="recorded", Key="c", UploadId=upload, PartNumber=1, Body=io.BytesIO(b"c")
    )
    s3.list_parts(Bucket="recorded", Key="c", UploadId=upload)
    s3.complete_multipart_upload(
        Bucket="recorded",
        Key="c",
        UploadId=upload,
        MultipartUpload={"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]},
    )
    s3.delete_objects(Bucket="recorded", Delete={"Objects": [{"Key": "b"}]})
    s3.delete_object(Bucket="recorded", Key="c")
    found = {each["operation"]: each["action"] for each in requests(own)["requests"]}
    assert found == {
        "CompleteMultipartUpload": "s3:PutObject",
        "CopyObject": "s3:PutObject",
        "CreateBucket": "s3:CreateBucket",
        "CreateMultipartUpload": "s3:PutObject",
        "DeleteObject": "s3:DeleteObject",
        "DeleteObjects": "s3:DeleteObject",
        "GetBucketLocation": "s3:GetBucketLocation",
        "GetObject": "s3:GetObject",
        "HeadObject": "s3:GetObject",
        "ListObjectsV2": "s3:ListBucket",
        "ListParts": "s3:ListMultipartUploadParts",
        "PutObject": "s3:PutObject",
        "UploadPart": "s3:PutObject",
    }


def test_every_protocol_is_understood(own: Emulator, client: Client) -> None:
    """Query, JSON, REST and CBOR, as boto3 speaks them to these services."""
    client("sts").get_caller_identity()
    client("iam").list_roles()
    client("ecr").describe_repositories()
    client("logs").describe_log_groups()
    client("cloudwatch").describe_alarms()
    client("scheduler").list_schedules()
    client("budgets").describe_budgets(AccountId="123456789012")
    client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    client("sagemaker").list_models()
    client("cloudformation").describe_stacks()
    with pytest.raises(client("sagemaker-runtime").exceptions.ClientError):
        client("sagemaker-runtime").invoke_endpoint(EndpointName="none", Body=b"")
    assert requests(own)["actions"] == [
        "application-autoscaling:DescribeScalableTargets",
        "budgets:ViewBudget",
        "cloudformation:DescribeStacks",
        "cloudwatch:DescribeAlarms",
        "ecr:DescribeRepositories",
        "iam:ListRoles",
        "logs:DescribeLogGroups",
        "sagemaker:InvokeEndpoint",
        "sagemaker:ListModels",
        "scheduler:ListSchedules",
        "sts:GetCallerIdentity",
    ]


def test_stacks_act_in_their_owners_name_and_the_emulator_does_not(
    own: Emulator, client: Client
) -> None:
    """CloudFormation uses the caller's permissions; what the emulator asks itself is no one's."""
    Stacks(client).create("recorded-stack", buckets("recorded-by-a-stack"))
    own.account.client("s3").list_buckets()
    found = {(each["operation"], each["by"]) for each in requests(own)["requests"]}
    assert {("CreateStack", "caller"), ("CreateBucket", "stacks")} <= found
    assert "ListBuckets" not in {operation for operation, _ in found}
    request = urllib.request.Request(f"{own.url}/emulator/requests", method="DELETE")
    with urllib.request.urlopen(request) as response:
        assert response.status == 204
    assert requests(own) == {"requests": [], "actions": []}


def test_the_operator_may_make_and_remove_the_foundation(own: Emulator, client: Client) -> None:
    """All that this asks, in person and by CloudFormation, is in the operator's policy."""
    stacks = Stacks(client)
    parameters = {"BucketName": "recorded-foundation", "RepositoryName": "recorded-foundation"}
    stacks.create(
        "recorded-foundation",
        template("foundation"),
        Parameters=parameters,
        Capabilities=["CAPABILITY_IAM"],
    )
    stacks.delete("recorded-foundation")
    policy = json.loads((TEMPLATES.parent / "policies" / "operator.json").read_text())
    allowed: set[str] = set()
    for statement in policy["Statement"]:
        action = statement["Action"]
        allowed |= {action} if isinstance(action, str) else set(action)
    # textcnn makes stacks by change sets.
    assert set(requests(own)["actions"]) - allowed == {"cloudformation:CreateStack"}
