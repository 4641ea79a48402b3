"""What belongs to this project: all that it makes has one tag."""

from collections.abc import Iterator
from typing import Any

from textcnn.aws import Aws

TAG_KEY = "project"
TAG_VALUE = "textcnn"
TAGS = {TAG_KEY: TAG_VALUE}


def arns(aws: Aws) -> set[str]:
    """Return the ARNs of all resources that have the tag, as far as tags can be searched."""
    pages = aws.client("resourcegroupstaggingapi").get_paginator("get_resources")
    found = pages.paginate(TagFilters=[{"Key": TAG_KEY, "Values": [TAG_VALUE]}])
    return {each["ResourceARN"] for page in found for each in page["ResourceTagMappingList"]}


def is_ours(aws: Aws, arn: str) -> bool:
    """Whether a resource of SageMaker has the tag."""
    return any(tag["Key"] == TAG_KEY and tag["Value"] == TAG_VALUE for tag in _tags_of(aws, arn))


def _tags_of(aws: Aws, arn: str) -> Iterator[dict[str, Any]]:
    for page in aws.client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn):
        yield from page["Tags"]
