"""Groups of the model registry, with the versions in them."""

from collections.abc import Iterator
from functools import partial

from textcnn.aws import Aws
from textcnn.ownership import TAGS, Ownership
from textcnn.removal.step import Step, unless_gone


def steps(aws: Aws, ours: Ownership) -> Iterator[Step]:
    """Yield a step for each group that has our tag or a version with our image."""
    pages = aws.client("sagemaker").get_paginator("list_model_package_groups").paginate()
    for page in pages:
        for group in page["ModelPackageGroupSummaryList"]:
            name, arn = group["ModelPackageGroupName"], group["ModelPackageGroupArn"]
            versions = list(_versions(aws, name))
            if ours.has_tag(arn) or any(_is_ours(aws, ours, each) for each in versions):
                count = f"{len(versions)} version{'' if len(versions) == 1 else 's'}"
                what = f"delete the model group with {count}"
                yield Step(what, name, partial(_delete_group, aws, name, arn))


def _versions(aws: Aws, group: str) -> Iterator[str]:
    pages = aws.client("sagemaker").get_paginator("list_model_packages")
    for page in pages.paginate(ModelPackageGroupName=group):
        for each in page["ModelPackageSummaryList"]:
            yield each["ModelPackageArn"]


def _is_ours(aws: Aws, ours: Ownership, arn: str) -> bool:
    package = aws.client("sagemaker").describe_model_package(ModelPackageName=arn)
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    return any(ours.is_container(each) for each in containers)


def _delete_group(aws: Aws, name: str, group: str) -> None:
    # Without its versions it would not be known as ours, were this interrupted.
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    unless_gone(partial(aws.change, "sagemaker", "add_tags", ResourceArn=group, Tags=tags))
    for arn in list(_versions(aws, name)):
        unless_gone(partial(aws.change, "sagemaker", "delete_model_package", ModelPackageName=arn))
    delete = partial(
        aws.change, "sagemaker", "delete_model_package_group", ModelPackageGroupName=name
    )
    unless_gone(delete)
