"""What belongs to this project: what has its tag, and what was made of its image or its bucket.

Other clients, such as the sagemaker SDK, set no tag; their models still name the image.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.endpoints import is_missing
from textcnn.errors import CommandError
from textcnn.foundation import Foundation, read_foundation

TAG_KEY = "project"
TAG_VALUE = "textcnn"
TAGS = {TAG_KEY: TAG_VALUE}


@dataclass
class Ours:
    """Tells what is ours."""

    aws: Aws

    @cached_property
    def foundation(self) -> Foundation | None:
        """The foundation, None where there is none (any more)."""
        try:
            return read_foundation(self.aws)
        except CommandError:
            return None

    def has_tag(self, arn: str) -> bool:
        """Whether a resource of SageMaker has the tag; False where it is gone."""
        pages = self.aws.client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn)
        try:
            tags = [tag for page in pages for tag in page["Tags"]]
        except ClientError as error:
            if is_missing(error):
                return False
            raise
        return {"Key": TAG_KEY, "Value": TAG_VALUE} in tags

    def is_image(self, uri: str) -> bool:
        """Whether an image is one of our repository."""
        return self.foundation is not None and uri.startswith(
            (f"{self.foundation.repository_uri}:", f"{self.foundation.repository_uri}@")
        )

    def is_model(self, model: dict[str, Any]) -> bool:
        """Whether a model, as DescribeModel tells of it, is ours."""
        primary = [model["PrimaryContainer"]] if "PrimaryContainer" in model else []
        containers = [*primary, *model.get("Containers", [])]
        return any(self._is_container(each) for each in containers) or self.has_tag(
            model["ModelArn"]
        )

    def _is_container(self, container: dict[str, Any]) -> bool:
        bucket = self.foundation.bucket if self.foundation else None
        data = container.get("ModelDataUrl") or ""
        in_bucket = bucket is not None and data.startswith(f"s3://{bucket}/")
        return in_bucket or self.is_image(container.get("Image", ""))
