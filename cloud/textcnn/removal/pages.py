"""Pages: the files, then the stack, then the code of its function."""

from collections.abc import Iterator
from functools import partial

from botocore.exceptions import ClientError

from textcnn import stacks
from textcnn.artifacts import MISSING_CODES
from textcnn.aws import Aws
from textcnn.output import Output
from textcnn.page.function import prefix
from textcnn.page.place import Page
from textcnn.removal import objects
from textcnn.removal.step import Step

WITH_STACK = "delete the page with its stack"


def steps(aws: Aws, output: Output, page: Page) -> Iterator[Step]:
    """Yield the steps that leave nothing of a page but its function's code."""
    if page.bucket:
        yield from objects.steps(aws, page.bucket)
    yield Step(WITH_STACK, page.endpoint, partial(stacks.delete, aws, output, page.stack.name))


def code_steps(aws: Aws, page: Page) -> Iterator[Step]:
    """Yield a step for each zip of a page's function in the foundation's bucket."""
    bucket, s3 = page.stack.parameters["CodeBucket"], aws.client("s3")
    try:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix(page.endpoint))
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING_CODES:
            raise
        return
    for each in listed.get("Contents", []):
        delete = partial(aws.change, "s3", "delete_object", Bucket=bucket, Key=each["Key"])
        yield Step("delete the function's code", each["Key"], delete)
