"""The image: whether it is there, and of a kind that SageMaker runs."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from textcnn.doctor.checks import ExaminedAccount, ok, problem, unknown
from textcnn.errors import CommandError
from textcnn.foundation import Foundation
from textcnn.images import DOCKER_MANIFEST, PUSH, Image, find_image
from textcnn.results import Check

PLATFORM = "linux/amd64"
SECONDS = 10


def image(patient: ExaminedAccount) -> Iterator[Check]:
    """Look at the newest image: its region and its manifest."""
    if patient.foundation is None:
        return
    push = PUSH.format(repository=patient.foundation.repository)
    try:
        found = find_image(patient.aws, patient.foundation, None)
    except CommandError as error:
        yield problem("image", error.message, error.remedy)
        return
    pushed = f", pushed {found.pushed:%Y-%m-%d %H:%M}" if found.pushed else ""
    if f".{patient.aws.region}." not in found.repository_uri:
        yield problem("image", f"{found.repository_uri} is of another region", push)
    elif found.media_type and found.media_type != DOCKER_MANIFEST:
        refused = f"{found.label} is a {found.media_type}, which SageMaker refuses"
        yield problem("image", refused, push)
    else:
        yield ok("image", f"{found.label}{pushed}")


def platform(patient: ExaminedAccount) -> Iterator[Check]:
    """Whether the newest image is for the processors of SageMaker's instances."""
    if patient.foundation is None:
        return
    try:
        found = find_image(patient.aws, patient.foundation, None)
    except CommandError:
        return  # told by the check before
    push = PUSH.format(repository=patient.foundation.repository)
    try:
        name = _read_platform(patient, patient.foundation, found)
    except (urllib.error.URLError, OSError, ValueError, KeyError) as error:
        yield unknown("platform", f"the image's configuration cannot be read: {error}")
        return
    if name == PLATFORM:
        yield ok("platform", name)
    else:
        yield problem("platform", f"{name}; all but Graviton instances need {PLATFORM}", push)


def _read_platform(patient: ExaminedAccount, foundation: Foundation, found: Image) -> str:
    ecr = patient.aws.advice_client("ecr")
    answer = ecr.batch_get_image(
        repositoryName=foundation.repository,
        imageIds=[{"imageDigest": found.digest}],
        acceptedMediaTypes=[DOCKER_MANIFEST],
    )
    manifest = json.loads(answer["images"][0]["imageManifest"])
    url: str = ecr.get_download_url_for_layer(
        repositoryName=foundation.repository, layerDigest=manifest["config"]["digest"]
    )["downloadUrl"]
    if not url.startswith("https://"):
        raise ValueError(f"{url} is no address of https")
    with urllib.request.urlopen(url, timeout=SECONDS) as answered:  # noqa: S310 - it is https
        configuration: dict[str, Any] = json.load(answered)
    return f"{configuration['os']}/{configuration['architecture']}"
