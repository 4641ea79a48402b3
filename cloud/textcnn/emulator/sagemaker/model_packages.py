"""The operations of the model registry: groups, versions and approvals."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.listing import page
from textcnn.emulator.protocol.errors import ConflictException
from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.registry.groups import Group, Groups
from textcnn.emulator.registry.packages import Package, Packages
from textcnn.emulator.sagemaker.service import sagemaker


@sagemaker("CreateModelPackageGroup")
def create_group(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Create a group."""
    return {"ModelPackageGroupArn": account.part(Groups).create(values).arn}


@sagemaker("DescribeModelPackageGroup")
def describe_group(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Describe a group."""
    group = account.part(Groups).get(values["ModelPackageGroupName"])
    return {**_summarize_group(group), "CreatedBy": {}}


@sagemaker("ListModelPackageGroups")
def list_groups(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """List groups, a page at a time."""
    return page(
        values,
        (_summarize_group(group) for group in account.part(Groups)),
        response="ModelPackageGroupSummaryList",
        name="ModelPackageGroupName",
    )


@sagemaker("DeleteModelPackageGroup")
def delete_group(account: Account, values: dict[str, Any]) -> None:
    """Delete a group that has no versions."""
    group = account.part(Groups).get(values["ModelPackageGroupName"])
    if any(package.group == group.name for package in account.part(Packages)):
        raise ConflictException(
            f"Model Package Group {group.arn} cannot be deleted: delete its model packages first"
        )
    account.part(Groups).remove(group.name)


@sagemaker("CreateModelPackage")
def create_package(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Create a version in a group, or a package with a name of its own."""
    return {"ModelPackageArn": account.part(Packages).create(values).arn}


@sagemaker("DescribeModelPackage")
def describe_package(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Describe a package."""
    package = account.part(Packages).get(values["ModelPackageName"])
    known = service_model("sagemaker").operation_model("DescribeModelPackage").output_shape.members
    kept = {name: value for name, value in package.values.items() if name in known}
    return kept | {
        "ModelPackageName": package.name,
        **_identity(package),
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "CustomerMetadataProperties": package.metadata or None,
        "LastModifiedTime": package.changed,
    }


@sagemaker("ListModelPackages")
def list_packages(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """List packages, a page at a time: those without a group unless a group or a type is named."""
    packages = [package for package in account.part(Packages) if _is_asked_for(package, values)]
    # Versions have no name of their own: names are compared here, and pages go by ARN.
    others = {name: value for name, value in values.items() if name != "NameContains"}
    return page(
        others,
        (_summarize_package(package) for package in packages),
        response="ModelPackageSummaryList",
        name="ModelPackageArn",
    )


@sagemaker("UpdateModelPackage")
def update_package(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Approve a package, or change what is known of it."""
    package = account.part(Packages).get(values["ModelPackageArn"])
    package.update(values, account.now())
    return {"ModelPackageArn": package.arn}


@sagemaker("DeleteModelPackage")
def delete_package(account: Account, values: dict[str, Any]) -> None:
    """Delete a package."""
    account.part(Packages).remove(values["ModelPackageName"])


def _summarize_group(group: Group) -> dict[str, Any]:
    return {
        "ModelPackageGroupName": group.name,
        "ModelPackageGroupArn": group.arn,
        "ModelPackageGroupDescription": group.request.get("ModelPackageGroupDescription"),
        "CreationTime": group.created,
        "ModelPackageGroupStatus": "Completed",
    }


def _identity(package: Package) -> dict[str, Any]:
    return {
        "ModelPackageGroupName": package.group or None,
        "ModelPackageVersion": package.version,
        "ModelPackageArn": package.arn,
        "CreationTime": package.created,
        "ModelPackageStatus": "Completed",
    }


def _summarize_package(package: Package) -> dict[str, Any]:
    return {
        "ModelPackageName": None if package.group else package.name,
        **_identity(package),
        "ModelPackageDescription": package.values.get("ModelPackageDescription"),
        "ModelApprovalStatus": package.values.get("ModelApprovalStatus"),
    }


def _is_asked_for(package: Package, values: dict[str, Any]) -> bool:
    group = values.get("ModelPackageGroupName", "").rpartition("/")[2]
    kind = values.get("ModelPackageType", "Versioned" if group else "Unversioned")
    approval = values.get("ModelApprovalStatus")
    return (
        values.get("NameContains", "").lower() in package.name.lower()
        and kind in {"Both", "Versioned" if package.group else "Unversioned"}
        and (not group or package.group == group)
        and (not approval or package.values.get("ModelApprovalStatus") == approval)
    )
