"""Files to S3, so that what a job reads never changes under it and nothing is sent twice.

A file lies under its name and the hash of its content (``data/NAME/HASH/NAME``). Files in folders,
whose names may be their labels, stay in them, under the hash of all (``data/folders/HASH/...``). A
channel is a manifest of such keys, under its own hash. An object that is there has the content that
its key says: S3 holds each upload against a checksum.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError
from textcnn.training.sources import LocalFile, Source

FOLDER = "data"
THREADS = 8
# 128 bits of a SHA-256 are enough to tell contents apart.
HASH_DIGITS = 32


@dataclass(frozen=True)
class Upload:
    """A file and the key that it gets."""

    file: LocalFile
    key: str


@dataclass(frozen=True)
class Manifest:
    """The list of a channel's objects, as SageMaker reads it."""

    key: str
    content: bytes


def uploads(source: Source) -> list[Upload]:
    """Return where a channel's files go, in their order."""
    if not _has_folders(source):
        return [Upload(file, _key(file)) for file in source.files]
    root = _root(source)
    return [Upload(file, f"{root}{file.name}") for file in source.files]


def manifest(source: Source, bucket: str) -> Manifest:
    """Return the manifest of a channel's files."""
    root = _root(source)
    names = [upload.key.removeprefix(root) for upload in uploads(source)]
    content = json.dumps([{"prefix": f"s3://{bucket}/{root}"}, *names], indent=1).encode()
    digest = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
    return Manifest(f"{FOLDER}/manifests/{digest}.json", content)


def missing(aws: Aws, bucket: str, wanted: Iterable[Upload]) -> list[Upload]:
    """Return the uploads whose object is not there yet."""
    client = aws.client("s3")

    def is_missing(upload: Upload) -> bool:
        size = _size(client, bucket, upload.key)
        return size != upload.file.size

    distinct = list({upload.key: upload for upload in wanted}.values())
    with ThreadPoolExecutor(THREADS) as pool:
        absent = pool.map(is_missing, distinct)
        return [upload for upload, is_absent in zip(distinct, absent, strict=True) if is_absent]


def send(aws: Aws, bucket: str, upload: Upload, progress: Callable[[int], None]) -> None:
    """Upload a file; progress is told bytes. Raises ``CommandError`` where it changes meanwhile."""
    before = _state(upload.file.path)
    callback = {} if aws.dry_run else {"Callback": progress}
    try:
        aws.change(
            "s3",
            "upload_file",
            Filename=str(upload.file.path),
            Bucket=bucket,
            Key=upload.key,
            ExtraArgs={"ChecksumAlgorithm": "SHA256"},
            **callback,
        )
    except S3UploadFailedError as error:
        # What S3 answered is inside: its code says what to do.
        raise (error.__context__ or error) from None
    if _state(upload.file.path) != before or before[0] != upload.file.size:
        aws.change("s3", "delete_object", Bucket=bucket, Key=upload.key)
        raise CommandError(
            f"{upload.file.path} changed while it was uploaded", "Give the same command again."
        )


def send_manifest(aws: Aws, bucket: str, listed: Manifest) -> None:
    """Upload a manifest; small, and the same each time."""
    aws.change(
        "s3",
        "put_object",
        Bucket=bucket,
        Key=listed.key,
        Body=listed.content if not aws.dry_run else listed.content.decode(),
        ContentType="application/json",
        ChecksumAlgorithm="SHA256",
    )


def _has_folders(source: Source) -> bool:
    return any("/" in file.name for file in source.files)


def _root(source: Source) -> str:
    """Return what all keys of a channel begin with; the rest are the paths that the image sees."""
    if not _has_folders(source):
        return f"{FOLDER}/"
    contents = "\n".join(f"{file.sha256} {file.name}" for file in source.files)
    digest = hashlib.sha256(contents.encode(errors="surrogateescape")).hexdigest()
    return f"{FOLDER}/folders/{digest[:HASH_DIGITS]}/"


def _key(file: LocalFile) -> str:
    name = file.name.rpartition("/")[2]
    return f"{FOLDER}/{file.name}/{file.sha256[:HASH_DIGITS]}/{name}"


def _size(client: Any, bucket: str, key: str) -> int | None:
    try:
        size: int = client.head_object(Bucket=bucket, Key=key)["ContentLength"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"404", "NoSuchKey", "NotFound"}:
            return None
        raise
    return size


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
