"""A bucket is emptied: objects with all their versions, and unfinished uploads."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from textcnn.artifacts import MISSING_CODES
from textcnn.aws import Aws
from textcnn.errors import CommandError
from textcnn.removal.step import Step, unless_gone


def steps(aws: Aws, bucket: str) -> Iterator[Step]:
    """Yield the step that empties a bucket, where it holds anything."""
    count, size = 0, 0
    for page in _pages(aws, bucket):
        versions = page.get("Versions", [])
        count += len(versions) + len(page.get("DeleteMarkers", []))
        size += sum(each["Size"] for each in versions)
    if count or next(_uploads(aws, bucket), None):
        what = f"delete {count} objects, {size / 1e6:.1f} MB, of the bucket"
        yield Step(what, bucket, partial(_empty, aws, bucket))


def _pages(aws: Aws, bucket: str) -> Iterator[dict[str, Any]]:
    pages = aws.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket)
    try:
        yield from pages
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING_CODES:
            raise


def _uploads(aws: Aws, bucket: str) -> Iterator[dict[str, Any]]:
    pages = aws.client("s3").get_paginator("list_multipart_uploads").paginate(Bucket=bucket)
    try:
        for page in pages:
            yield from page.get("Uploads", [])
    except ClientError as error:
        if error.response["Error"]["Code"] not in MISSING_CODES:
            raise


def _empty(aws: Aws, bucket: str) -> None:
    for upload in list(_uploads(aws, bucket)):
        abort = partial(
            aws.change,
            "s3",
            "abort_multipart_upload",
            Bucket=bucket,
            Key=upload["Key"],
            UploadId=upload["UploadId"],
        )
        unless_gone(abort)
    for page in _pages(aws, bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        keys = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
        if keys:
            _delete(aws, bucket, keys)


def _delete(aws: Aws, bucket: str, keys: list[dict[str, str]]) -> None:
    deleting = {"Objects": keys, "Quiet": True}
    response = aws.change("s3", "delete_objects", Bucket=bucket, Delete=deleting)
    for error in response.get("Errors", [])[:1]:
        raise CommandError(
            f"s3://{bucket}/{error['Key']} could not be deleted: {error.get('Message', '')}",
            "See what protects it, then give the same command.",
        )
