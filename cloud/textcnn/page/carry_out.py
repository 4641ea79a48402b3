"""Make a page what the plan says: code, stack, files, and what CloudFront still has of old ones."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from textcnn import ownership, stacks
from textcnn.aws import Aws
from textcnn.output import Output
from textcnn.page.files import put_files
from textcnn.page.function import prefix
from textcnn.page.place import Page, page_of, stack_name
from textcnn.page.plan import Plan
from textcnn.setup import describe
from textcnn.stacks import DesiredStack

TEMPLATE = Path(__file__).parents[1] / "templates" / "page.yaml"


@dataclass(frozen=True)
class PageResult:
    """What came of it: the changes of the stack, the files that differed, and the page."""

    changes: list[str]
    files: list[str]
    page: Page | None


def carry_out(aws: Aws, output: Output, plan: Plan) -> PageResult:
    """Make or update the page; in a dry run make nothing, and tell of every file."""
    bucket = plan.foundation.bucket
    aws.change("s3", "put_object", Bucket=bucket, Key=plan.code_key, Body=plan.code)
    desired = DesiredStack(
        stack_name(plan.endpoint.name), TEMPLATE, plan.parameters, ownership.TAGS, plan.kept
    )
    applied = stacks.apply(aws, output, desired)
    changes = [describe(change) for change in applied.changes]
    if applied.stack is None:
        return PageResult(changes, [each.path for each in plan.files], None)
    page = page_of(aws, applied.stack)
    files = put_files(aws, page.bucket, plan.files)
    if files and plan.present:
        _invalidate(aws, applied.outputs["DistributionId"])
    _forget_old_code(aws, bucket, plan)
    return PageResult(changes, files, page)


def _invalidate(aws: Aws, distribution: str) -> None:
    """Have CloudFront fetch all files anew; it does so within minutes."""
    paths = {"Quantity": 1, "Items": ["/*"]}
    batch = {"Paths": paths, "CallerReference": secrets.token_hex(8)}
    aws.change(
        "cloudfront", "create_invalidation", DistributionId=distribution, InvalidationBatch=batch
    )


def _forget_old_code(aws: Aws, bucket: str, plan: Plan) -> None:
    listed = aws.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix(plan.endpoint.name))
    for each in listed.get("Contents", []):
        if each["Key"] != plan.code_key:
            aws.change("s3", "delete_object", Bucket=bucket, Key=each["Key"])
