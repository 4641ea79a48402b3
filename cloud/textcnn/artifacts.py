"""What a model.tar.gz in S3 holds: its small files are read from the stream, nothing is unpacked.

An archive may be anyone's, so only the members asked for are read, up to a limit each, and none
is written anywhere.
"""

import json
import tarfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit

LARGEST_MEMBER = 64 * 1024**2
MISSING_CODES = frozenset({"404", "NoSuchKey", "NoSuchBucket", "NotFound"})


@dataclass(frozen=True)
class S3Place:
    """A bucket and a key, or a prefix."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, uri: str) -> "S3Place":
        """Read ``s3://bucket/key``; raises ``CommandError`` for anything else."""
        scheme, _, rest = uri.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not bucket:
            raise CommandError(f"{uri} is no place in S3", "Write s3://bucket/key.", Exit.USAGE)
        return cls(bucket, key)

    def __str__(self) -> str:
        """Write it as ``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"


def read_members(aws: Aws, uri: str, names: Iterable[str]) -> dict[str, bytes]:
    """Return the files of these names from an archive in S3, as far as they are there.

    Names are those of the artifact, such as ``metrics.json``. Raises ``CommandError`` where the
    archive is missing, is no gzipped tar, or has a file larger than 64 MB of such a name.
    """
    wanted = set(names)
    found: dict[str, bytes] = {}
    body = _open(aws, S3Place.parse(uri))
    try:
        with tarfile.open(fileobj=body, mode="r|gz") as archive:
            for member in archive:
                name = str(PurePosixPath(member.name))
                if member.isfile() and name in wanted:
                    found[name] = _read(archive, member, uri)
                if len(found) == len(wanted):
                    break
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise CommandError(
            f"{uri} cannot be read: {error}", "A model is a gzipped tar, model.tar.gz."
        ) from error
    finally:
        body.close()
    return found


def read_json(aws: Aws, uri: str, name: str) -> dict[str, Any]:
    """Return a JSON object of the archive; raises ``CommandError`` where there is none."""
    content = read_members(aws, uri, [name]).get(name)
    if content is None:
        raise CommandError(f"{uri} has no {name}", "It is not a model of this image.", Exit.MISSING)
    try:
        value = json.loads(content)
    except ValueError as error:
        raise CommandError(f"{name} in {uri} is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise CommandError(f"{name} in {uri} is no JSON object")
    return value


def _open(aws: Aws, place: S3Place) -> Any:
    try:
        return aws.client("s3").get_object(Bucket=place.bucket, Key=place.key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING_CODES:
            raise CommandError(f"there is no {place}", "", Exit.MISSING) from None
        raise


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo, uri: str) -> bytes:
    if member.size > LARGEST_MEMBER:
        raise CommandError(f"{member.name} in {uri} is larger than {LARGEST_MEMBER} bytes")
    stream = archive.extractfile(member)
    return stream.read() if stream is not None else b""
