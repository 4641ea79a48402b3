"""The objects that a transform job reads, and where their answers go."""

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.objects import Location, Objects


class InputError(Exception):
    """The input cannot be had; the message says why."""


class InputObject(NamedTuple):
    """An object to transform, and the name that its answer has below S3OutputPath."""

    place: Location
    output: str


def input_objects(account: Account, source: Mapping[str, Any]) -> list[InputObject]:
    """Return the objects of an S3DataSource; raises ``InputError`` where there are none."""
    place = Location.parse(source["S3Uri"])
    try:
        if source["S3DataType"] == "ManifestFile":
            inputs = list(_of_manifest(account, place))
        else:
            inputs = list(_below(account, place))
    except ClientError as error:
        raise InputError(f"{place} cannot be read: {error}") from None
    if not inputs:
        raise InputError(f'No S3 objects found under S3 URL "{place}"')
    return inputs


def read_object(account: Account, place: Location, compression: str) -> bytes:
    """Return an object's content, unpacked where the job says so."""
    try:
        content = Objects(account).read(place)
        return gzip.decompress(content) if compression == "Gzip" else content
    except (ClientError, OSError, EOFError) as error:
        raise InputError(f"{place} cannot be read: {error}") from None


def _below(account: Account, prefix: Location) -> Iterator[InputObject]:
    folder = prefix.key.rpartition("/")[0]
    for key in Objects(account).keys(prefix):
        name = key.removeprefix(folder).lstrip("/")
        yield InputObject(Location(prefix.bucket, key), f"{name}.out")


def _of_manifest(account: Account, manifest: Location) -> Iterator[InputObject]:
    """A manifest is a list: an object with a prefix, then what comes behind it for each object."""
    try:
        first, *names = json.loads(Objects(account).read(manifest))
        prefix = first["prefix"]
    except (ValueError, KeyError, TypeError):
        raise InputError(
            f'the manifest {manifest} is no list of {{"prefix": ...}} and names'
        ) from None
    for name in names:
        yield InputObject(Location.parse(f"{prefix}{name}"), f"{name.lstrip('/')}.out")
