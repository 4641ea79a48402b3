"""Places in S3: URIs, what lies below them, downloads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ValidationException

SCHEME = "s3://"


class Location(NamedTuple):
    """A bucket and a key, or the beginning of keys."""

    bucket: str
    key: str

    @classmethod
    def of(cls, uri: str) -> Self:
        """Read ``s3://bucket/key``; raises ``ValidationException`` for other addresses."""
        if not uri.startswith(SCHEME):
            raise ValidationException(f"the emulator reads s3:// addresses alone, not {uri!r:.200}")
        bucket, _, key = uri.removeprefix(SCHEME).partition("/")
        return cls(bucket, key)

    def below(self, name: str) -> "Location":
        """Return the place of a name below this one, as below a folder."""
        return Location(self.bucket, f"{self.key.rstrip('/')}/{name}".lstrip("/"))

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"


def objects(account: Account, place: Location) -> Iterator[dict[str, Any]]:
    """Yield the objects whose keys begin with a location's, folders' marks left out.

    A bucket that is not there is botocore's ``ClientError``.
    """
    pages = account.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=place.bucket, Prefix=place.key):
        for found in page.get("Contents", []):
            if not found["Key"].endswith("/"):
                yield found


def download(account: Account, place: Location, target: Path) -> None:
    """Write an object into a file; folders on the way are made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    body = account.client("s3").get_object(Bucket=place.bucket, Key=place.key)["Body"]
    with body, target.open("wb") as file:
        for piece in body.iter_chunks(1 << 20):
            file.write(piece)
