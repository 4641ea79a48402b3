"""The image in ECR: found by tag, digest or age, and given by its digest, which never changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit
from textcnn.foundation import Foundation

URI = re.compile(
    r"(?P<registry>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.(?P<suffix>[a-z0-9.-]+)/"
    r"(?P<repository>[a-z0-9._/-]+?)(?::(?P<tag>[\w.-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
PUSH = "Build and push it: ./build_and_push.sh {repository}"


@dataclass(frozen=True)
class Image:
    """An image: its repository's URI, its digest, its tags, when it was pushed, its manifest."""

    repository_uri: str
    digest: str
    tags: tuple[str, ...]
    pushed: datetime | None
    media_type: str

    @property
    def uri(self) -> str:
        """What jobs and models are given."""
        return f"{self.repository_uri}@{self.digest}"

    @property
    def label(self) -> str:
        """A short name for people."""
        name = self.repository_uri.partition("/")[2]
        return f"{name}:{self.tags[0]}" if self.tags else f"{name}@{self.digest[:19]}"


def find_image(aws: Aws, foundation: Foundation, wanted: str | None) -> Image:
    """Return the image that is wanted: a URI, a tag of the foundation's repository, or the newest.

    Raises ``CommandError`` (exit code 4) where there is none, (2) for one of another region.
    """
    if wanted is None:
        return _newest(aws, foundation)
    found = URI.fullmatch(wanted)
    if found is None:
        if "/" in wanted:
            raise CommandError(
                f"{wanted} is no image of ECR, which is all that SageMaker takes",
                "Write ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG, or a tag alone.",
                Exit.USAGE,
            )
        return _described(aws, foundation.repository_uri, {"imageTag": wanted})
    if found["region"] != aws.region:
        raise CommandError(
            f"the image is in {found['region']} and the job in {aws.region}",
            f"Push it to {aws.region} too: SageMaker takes images of its own region.",
            Exit.USAGE,
        )
    uri = wanted.partition("@")[0].removesuffix(f":{found['tag']}")
    identifier = {"imageDigest": found["digest"]} if found["digest"] else {}
    return _described(aws, uri, identifier or {"imageTag": found["tag"] or "latest"})


def images(aws: Aws, repository_uri: str, **arguments: Any) -> Iterator[Image]:
    """Yield the images of a repository; raises ClientError as ECR does."""
    registry, _, name = repository_uri.partition("/")
    pages = (
        aws.client("ecr")
        .get_paginator("describe_images")
        .paginate(registryId=registry.partition(".")[0], repositoryName=name, **arguments)
    )
    for page in pages:
        for each in page["imageDetails"]:
            yield Image(
                repository_uri,
                each["imageDigest"],
                tuple(each.get("imageTags", ())),
                each.get("imagePushedAt"),
                each.get("imageManifestMediaType", ""),
            )


def _newest(aws: Aws, foundation: Foundation) -> Image:
    tagged = [image for image in images(aws, foundation.repository_uri) if image.tags]
    if not tagged:
        raise CommandError(
            f"there is no image in the repository {foundation.repository}",
            PUSH.format(repository=foundation.repository),
            Exit.MISSING,
        )
    return max(tagged, key=lambda image: image.pushed.timestamp() if image.pushed else 0.0)


def _described(aws: Aws, repository_uri: str, identifier: dict[str, str]) -> Image:
    name = repository_uri.partition("/")[2]
    try:
        return next(images(aws, repository_uri, imageIds=[identifier]))
    except ClientError as error:
        if error.response["Error"]["Code"] not in {
            "ImageNotFoundException",
            "RepositoryNotFoundException",
        }:
            raise
    raise CommandError(
        f"there is no image {name} {next(iter(identifier.values()))}",
        PUSH.format(repository=name),
        Exit.MISSING,
    )
