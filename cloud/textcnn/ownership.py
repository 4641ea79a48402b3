"""What belongs to this project: what has its tag, and what was made of its image or its bucket.

Other clients, such as the sagemaker SDK, set no tag; their models still name the image.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from textcnn import stacks
from textcnn.aws import Aws
from textcnn.endpoints import is_missing
from textcnn.foundation import STACK

TAG_KEY = "project"
TAG_VALUE = "textcnn"
TAGS = {TAG_KEY: TAG_VALUE}


@dataclass
class Ownership:
    """Recognises resources that belong to this project."""

    aws: Aws

    @cached_property
    def bucket(self) -> str:
        """The foundation's bucket, empty where there is no foundation."""
        return self._outputs.get("BucketName", "")

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
        repository = self._outputs.get("RepositoryUri")
        return repository is not None and uri.startswith((f"{repository}:", f"{repository}@"))

    def is_model(self, model: dict[str, Any]) -> bool:
        """Whether a model, as DescribeModel tells of it, is ours."""
        primary = [model["PrimaryContainer"]] if "PrimaryContainer" in model else []
        containers = [*primary, *model.get("Containers", [])]
        return any(self.is_container(each) for each in containers) or self.has_tag(
            model["ModelArn"]
        )

    def is_container(self, container: dict[str, Any]) -> bool:
        """Whether a container of a model or a model package is our image or reads our bucket."""
        data = container.get("ModelDataUrl") or ""
        in_bucket = bool(self.bucket) and data.startswith(f"s3://{self.bucket}/")
        return in_bucket or self.is_image(container.get("Image", ""))

    @cached_property
    def _outputs(self) -> dict[str, str]:
        """The foundation's outputs; they are told while the stack is being deleted, too."""
        stack = stacks.find(self.aws, STACK)
        return stack.outputs if stack else {}
