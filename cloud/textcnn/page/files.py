"""The page's files: those that the container serves, and the one that says where to ask."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit

CONFIGURATION = "config.json"
INDEX = "index.html"
# What a browser is told; files of other kinds, such as the container's own templates, stay here.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
# A browser asks each time whether a file has changed; CloudFront keeps it until told otherwise.
CACHING = "max-age=0, must-revalidate, s-maxage=86400"


@dataclass(frozen=True)
class PageFile:
    """A file: its path below the page's address, its type and its bytes."""

    path: str
    type: str
    content: bytes

    @property
    def tag(self) -> str:
        """What S3 calls an object of this content."""
        return f'"{hashlib.md5(self.content, usedforsecurity=False).hexdigest()}"'


def read_files(folder: Path | None, *, key: bool) -> list[PageFile]:
    """Return the files of a folder, by default of this project's page, with their configuration.

    Raises ``CommandError`` where there is no page.
    """
    place = folder or Path(str(package_files("text_classification"))) / "web"
    configuration = json.dumps({"invocations": "/invocations", "key": key}).encode()
    found = [each for each in _read(place) if each.path != CONFIGURATION]
    if not any(each.path == INDEX for each in found):
        raise CommandError(
            f"there is no page in {place}: it has no {INDEX}",
            "Give the folder of a page: --files FOLDER.",
            Exit.USAGE,
        )
    found.append(PageFile(CONFIGURATION, TYPES[".json"], configuration))
    # What names the others comes last.
    return sorted(found, key=lambda each: (each.path == INDEX, each.path))


def _read(folder: Path) -> Iterator[PageFile]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in TYPES and path.is_file():
            name = path.relative_to(folder).as_posix()
            yield PageFile(name, TYPES[path.suffix], path.read_bytes())


def put_files(aws: Aws, bucket: str, desired: list[PageFile]) -> list[str]:
    """Make a bucket hold these files and no other; return the paths of those that differed."""
    there = _tags(aws, bucket)
    differing = [each for each in desired if there.get(each.path) != each.tag]
    for each in differing:
        aws.change(
            "s3",
            "put_object",
            Bucket=bucket,
            Key=each.path,
            Body=each.content,
            ContentType=each.type,
            CacheControl=CACHING,
        )
    gone = sorted(there.keys() - {each.path for each in desired})
    for path in gone:
        aws.change("s3", "delete_object", Bucket=bucket, Key=path)
    return [each.path for each in differing] + gone


def has_index(aws: Aws, bucket: str) -> bool:
    """Whether the file is there that is put last."""
    return INDEX in _tags(aws, bucket)


def _tags(aws: Aws, bucket: str) -> dict[str, str]:
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {each["Key"]: each["ETag"] for page in pages for each in page.get("Contents", [])}
