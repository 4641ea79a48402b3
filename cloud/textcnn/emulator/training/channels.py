"""Channels: which objects of S3 a job reads, and how they lie in the container."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.objects import Location, Objects
from textcnn.emulator.protocol.errors import NotEmulated, ValidationException

AUGMENTED = "AugmentedManifestFile"
UNKNOWN_SOURCES = ("FileSystemDataSource", "DatasetSource")
UNKNOWN_OPTIONS = ("InstanceGroupNames", "ModelAccessConfig", "HubAccessConfig")


@dataclass(frozen=True)
class Delivered:
    """An object and the name of the file that it becomes in the channel's folder."""

    location: Location
    name: str


def check_channel(account: Account, channel: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    """Raise an error where a channel cannot be delivered, or has nothing to deliver."""
    _check_delivery(channel, request)
    source = channel["DataSource"]["S3DataSource"]
    try:
        has_objects = any(True for _ in listed(Objects(account), source))
    except ClientError:
        has_objects = False
    if not has_objects:
        # aws/amazon-sagemaker-examples#2489: refused at once, not when the job has started.
        uri, role = source["S3Uri"], request["RoleArn"]
        bucket = Location.parse(uri).bucket
        raise ValidationException(
            f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure '
            f"that the bucket exists in the selected region ({account.region}), that objects "
            f'exist under that S3 prefix, and that the role "{role}" has "s3:ListBucket" '
            f'permissions on bucket "{bucket}".'
        )


def input_mode(channel: Mapping[str, Any], request: Mapping[str, Any]) -> str:
    """Return how a channel is delivered: as it says itself, else as the job says."""
    mode: str = channel.get("InputMode") or request["AlgorithmSpecification"]["TrainingInputMode"]
    return mode


def _check_delivery(channel: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    _check_source(channel["ChannelName"], channel["DataSource"])
    kind = channel["DataSource"]["S3DataSource"]["S3DataType"]
    if input_mode(channel, request) == "Pipe":
        if kind == AUGMENTED:
            _check_augmented(channel["ChannelName"], channel["DataSource"]["S3DataSource"], request)
        return
    # botocore's descriptions of S3DataType, CompressionType and RecordWrapperType.
    for value, default in (
        (kind if kind == AUGMENTED else "", ""),
        (channel.get("CompressionType"), "None"),
        (channel.get("RecordWrapperType"), "None"),
    ):
        if value and value != default:
            raise ValidationException(
                f"channel {channel['ChannelName']} asks for {value}, which only the input mode "
                "Pipe has"
            )


def _check_source(name: str, source: Mapping[str, Any]) -> None:
    for unknown in UNKNOWN_SOURCES:
        if unknown in source:
            raise NotEmulated(f"the {unknown} of channel {name}")
    if "S3DataSource" not in source:
        raise ValidationException(f"channel {name} has no S3DataSource")
    for unknown in UNKNOWN_OPTIONS:
        if source["S3DataSource"].get(unknown):
            raise NotEmulated(f"the {unknown} of channel {name}")
    kind = source["S3DataSource"]["S3DataType"]
    if kind == "Converse":
        raise NotEmulated(f"the S3DataType Converse of channel {name}")


def _check_augmented(name: str, source: Mapping[str, Any], request: Mapping[str, Any]) -> None:
    if not source.get("AttributeNames"):
        raise ValidationException(f"channel {name} is an augmented manifest without AttributeNames")
    # Which lines each instance gets is documented nowhere.
    if is_sharded(source) and request["ResourceConfig"]["InstanceCount"] > 1:
        raise NotEmulated(f"the shares of channel {name}, which is an augmented manifest")


def listed(objects: Objects, source: Mapping[str, Any]) -> list[Delivered]:
    """Return the objects of a source, by name."""
    location = Location.parse(source["S3Uri"])
    if source["S3DataType"] == "ManifestFile":
        return _of_manifest(objects, location)
    return [
        Delivered(Location(location.bucket, key), _name(key, location.key))
        for key in objects.keys(location)
    ]


def _name(key: str, prefix: str) -> str:
    """Return the name of a key's file.

    >>> [_name("a/b/c.csv", prefix) for prefix in ("a/", "a", "a/b/c.csv", "a/b/c", "")]
    ['b/c.csv', 'b/c.csv', 'c.csv', 'c.csv', 'a/b/c.csv']
    """
    rest = key.removeprefix(prefix)
    if rest and (not prefix or prefix.endswith("/")):
        return rest
    return rest[1:] if rest.startswith("/") else key[prefix.rfind("/") + 1 :]


def _of_manifest(objects: Objects, location: Location) -> list[Delivered]:
    """Return what a manifest names: a list, first a prefix, then what is appended to it."""
    try:
        entries = json.loads(objects.read(location))
        prefix = entries[0]["prefix"]
        names = [str(name) for name in entries[1:]]
    except (ValueError, LookupError, TypeError):
        raise ValidationException(
            f"{location} is no manifest: it must be a list of an object with a prefix and of names"
        ) from None
    return [Delivered(Location.parse(prefix + name), name) for name in sorted(names)]


def is_sharded(source: Mapping[str, Any]) -> bool:
    """Whether each host gets some of a source's objects; else each gets all."""
    return source.get("S3DataDistributionType") == "ShardedByS3Key"


def share(items: Sequence[Any], source: Mapping[str, Any], host: int, hosts: int) -> Sequence[Any]:
    """Return what one of several hosts gets: nothing, perhaps, where there are more of them."""
    return items[host::hosts] if is_sharded(source) else items


def deliver(
    objects: Objects, channel: Mapping[str, Any], folder: Path, host: int, hosts: int
) -> None:
    """Write the part of a channel that one host reads into its folder of input/data."""
    source = channel["DataSource"]["S3DataSource"]
    delivered = share(listed(objects, source), source, host, hosts)
    target = folder / channel["ChannelName"]
    target.mkdir(parents=True, exist_ok=True)
    for each in delivered:
        path = target / each.name
        if not path.resolve().is_relative_to(target.resolve()):
            raise ValidationException(f"{each.location} would lie outside its channel")
        objects.download(each.location, path)
    if source["S3DataType"] == "ManifestFile":
        manifest = folder / f"{channel['ChannelName']}-manifest"
        objects.download(Location.parse(source["S3Uri"]), manifest)
