"""The model registry: versions, approvals, and groups that hold them."""

import pytest
from botocore.exceptions import ClientError

from tests.cloud.emulator.shapes import assert_complete
from tests.support.emulated import Client

CONTAINER = {
    "Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/text-classification:latest",
    "ModelDataUrl": "s3://shared-bucket/jobs/one/output/model.tar.gz",
}
SPECIFICATION = {
    "Containers": [CONTAINER],
    "SupportedContentTypes": ["application/json"],
    "SupportedResponseMIMETypes": ["application/json"],
}


@pytest.fixture(scope="module")
def versions(client: Client) -> list[str]:
    """The ARNs of two versions in the group ``versioned``."""
    sagemaker = client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="versioned")
    created = [
        sagemaker.create_model_package(
            ModelPackageGroupName="versioned", InferenceSpecification=SPECIFICATION
        )
        for _ in range(2)
    ]
    return [each["ModelPackageArn"] for each in created]


def test_versions_are_counted_and_wait_for_approval(client: Client, versions: list[str]) -> None:
    assert [arn.rpartition("/")[2] for arn in versions] == ["1", "2"]
    described = client("sagemaker").describe_model_package(ModelPackageName=versions[1])
    assert described["ModelPackageVersion"] == 2
    assert described["ModelApprovalStatus"] == "PendingManualApproval"
    assert described["InferenceSpecification"] == SPECIFICATION
    assert_complete("sagemaker", "DescribeModelPackage", described)


def test_an_approved_version_is_found(client: Client, versions: list[str]) -> None:
    sagemaker = client("sagemaker")
    sagemaker.update_model_package(
        ModelPackageArn=versions[0],
        ModelApprovalStatus="Approved",
        CustomerMetadataProperties={"accuracy": "0.97"},
    )
    listed = sagemaker.list_model_packages(
        ModelPackageGroupName="versioned", ModelApprovalStatus="Approved"
    )
    assert_complete("sagemaker", "ListModelPackages", listed)
    assert [each["ModelPackageArn"] for each in listed["ModelPackageSummaryList"]] == versions[:1]
    described = sagemaker.describe_model_package(ModelPackageName=versions[0])
    assert described["CustomerMetadataProperties"] == {"accuracy": "0.97"}


def test_a_group_is_described_and_listed(client: Client, versions: list[str]) -> None:
    assert versions
    sagemaker = client("sagemaker")
    described = sagemaker.describe_model_package_group(ModelPackageGroupName="versioned")
    assert_complete("sagemaker", "DescribeModelPackageGroup", described)
    listed = sagemaker.list_model_package_groups(NameContains="versioned")
    assert_complete("sagemaker", "ListModelPackageGroups", listed)
    arns = [each["ModelPackageGroupArn"] for each in listed["ModelPackageGroupSummaryList"]]
    assert arns == [described["ModelPackageGroupArn"]]


def test_a_group_with_versions_is_not_deleted(client: Client) -> None:
    sagemaker = client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="leaving")
    package = sagemaker.create_model_package(ModelPackageGroupName="leaving")
    with pytest.raises(sagemaker.exceptions.ConflictException, match="delete its model packages"):
        sagemaker.delete_model_package_group(ModelPackageGroupName="leaving")
    sagemaker.delete_model_package(ModelPackageName=package["ModelPackageArn"])
    sagemaker.delete_model_package_group(ModelPackageGroupName="leaving")
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.describe_model_package_group(ModelPackageGroupName="leaving")


def test_what_cannot_be_registered_is_refused(client: Client, versions: list[str]) -> None:
    assert versions
    sagemaker = client("sagemaker")
    with pytest.raises(ClientError, match="Model Package Group already exists"):
        sagemaker.create_model_package_group(ModelPackageGroupName="versioned")
    with pytest.raises(ClientError, match=r"Missing ARN\."):
        sagemaker.create_model_package(InferenceSpecification=SPECIFICATION)
    with pytest.raises(ClientError, match="Cannot determine which one to use"):
        sagemaker.create_model_package(ModelPackageGroupName="versioned", ModelPackageName="other")
