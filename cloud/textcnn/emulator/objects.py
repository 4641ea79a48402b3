"""Objects in S3, as jobs and endpoints read and write them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ValidationException

SCHEME = "s3://"
PART_BYTES = 1 << 20


@dataclass(frozen=True)
class Location:
    """A bucket and a key, or the beginning of one."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> Self:
        """Read ``s3://bucket/key``; raises ``ValidationException`` for anything else."""
        bucket, _, key = uri.removeprefix(SCHEME).partition("/")
        if not uri.startswith(SCHEME) or not bucket:
            raise ValidationException(f"{uri!r} is no S3 URI; it must look like s3://bucket/key")
        return cls(bucket, key)

    def below(self, name: str) -> "Location":
        """Return the location of a name below this prefix."""
        folder = self.key.rstrip("/")
        return Location(self.bucket, f"{folder}/{name}" if folder else name)

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"


class Objects:
    """What is done with objects; errors are botocore's."""

    def __init__(self, account: Account) -> None:
        self._s3 = account.client("s3")

    def keys(self, prefix: Location) -> Iterator[str]:
        """Yield the keys that begin with a prefix, in order, without markers of folders."""
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=prefix.bucket, Prefix=prefix.key):
            yield from (each["Key"] for each in page.get("Contents", []) if each["Key"][-1] != "/")

    def read(self, location: Location) -> bytes:
        """Return an object's content."""
        response = self._s3.get_object(Bucket=location.bucket, Key=location.key)
        content: bytes = response["Body"].read()
        return content

    def parts(self, location: Location) -> Iterator[bytes]:
        """Yield an object's content part by part: it may be larger than the memory."""
        response = self._s3.get_object(Bucket=location.bucket, Key=location.key)
        yield from response["Body"].iter_chunks(PART_BYTES)

    def download(self, location: Location, path: Path) -> None:
        """Write an object into a file; its folders are made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._s3.download_file(location.bucket, location.key, str(path))

    def upload(self, path: Path, location: Location, options: Mapping[str, Any] = {}) -> None:
        """Upload a file; options are those of PutObject, such as a key of KMS."""
        with path.open("rb") as file:
            self._s3.upload_fileobj(
                file, location.bucket, location.key, ExtraArgs=dict(options) or None
            )


def encryption(key: str | None) -> dict[str, str]:
    """Return the options of PutObject that encrypt with a key of KMS, if there is one."""
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
