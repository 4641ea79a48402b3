"""Channels: which objects of S3 become which files, on which host."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.cloud.training import channel
from tests.support.emulated import Client
from textcnn.emulator.objects import Objects
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.server import Emulator
from textcnn.emulator.training.channels import deliver
from textcnn.emulator.training.layout import lay_out

PARTS = ("parts/a.csv", "parts/b.csv", "parts/deep/c.csv", "parts-of-others/d.csv")


@pytest.fixture(scope="module")
def objects(client: Client, bucket: str, emulator: Emulator) -> Objects:
    """Four objects, and a marker of a folder as the console makes them."""
    for key in PARTS:
        client("s3").put_object(Bucket=bucket, Key=key, Body=key.encode())
    client("s3").put_object(Bucket=bucket, Key="parts/", Body=b"")
    return Objects(emulator.account)


def files(folder: Path) -> list[str]:
    """Return the names of all files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("prefix", "delivered"),
    [
        ("parts/", ["a.csv", "b.csv", "deep/c.csv"]),
        ("parts/a.csv", ["a.csv"]),
        ("parts", ["a.csv", "b.csv", "deep/c.csv", "parts-of-others/d.csv"]),
    ],
)
def test_a_prefix_is_a_beginning_of_keys(
    objects: Objects, bucket: str, tmp_path: Path, prefix: str, delivered: list[str]
) -> None:
    deliver(objects, channel(f"s3://{bucket}/{prefix}"), tmp_path, 0, 1)
    assert files(tmp_path / "training") == delivered


def test_sharded_objects_are_divided_among_the_hosts(
    objects: Objects, bucket: str, tmp_path: Path
) -> None:
    sharded = channel(f"s3://{bucket}/parts/", S3DataDistributionType="ShardedByS3Key")
    for host in range(2):
        deliver(objects, sharded, tmp_path / str(host), host, 2)
    assert files(tmp_path) == ["0/training/a.csv", "0/training/deep/c.csv", "1/training/b.csv"]


def put_manifest(client: Client, bucket: str, content: Any) -> dict[str, Any]:
    client("s3").put_object(Bucket=bucket, Key="a.manifest", Body=json.dumps(content).encode())
    return channel(f"s3://{bucket}/a.manifest", S3DataType="ManifestFile")


def test_a_manifest_names_objects_and_lies_beside_its_channel(
    client: Client, objects: Objects, bucket: str, tmp_path: Path
) -> None:
    named = put_manifest(client, bucket, [{"prefix": f"s3://{bucket}/"}, "parts/b.csv"])
    deliver(objects, named, tmp_path, 0, 1)
    assert files(tmp_path) == ["training-manifest", "training/parts/b.csv"]


@pytest.mark.parametrize("content", [[], {}, ["parts/b.csv"], [{"name": 1}]])
def test_what_is_no_manifest_is_told(
    client: Client, objects: Objects, bucket: str, tmp_path: Path, content: Any
) -> None:
    with pytest.raises(ValidationException, match="is no manifest"):
        deliver(objects, put_manifest(client, bucket, content), tmp_path, 0, 1)


def test_an_object_that_a_manifest_names_must_be_there(
    client: Client, objects: Objects, bucket: str, tmp_path: Path
) -> None:
    named = put_manifest(client, bucket, [{"prefix": f"s3://{bucket}/"}, "nothing.csv"])
    with pytest.raises(ClientError, match="404"):
        deliver(objects, named, tmp_path, 0, 1)


def test_no_key_leads_out_of_the_channel(
    client: Client, objects: Objects, bucket: str, tmp_path: Path
) -> None:
    client("s3").put_object(Bucket=bucket, Key="evil/../../../escaped", Body=b"")
    with pytest.raises(ValidationException, match="outside its channel"):
        deliver(objects, channel(f"s3://{bucket}/evil/"), tmp_path, 0, 1)


def test_a_host_finds_its_configuration(objects: Objects, bucket: str, tmp_path: Path) -> None:
    """The three files, as the service writes them for the second of two hosts."""
    request = {
        "HyperParameters": {"epochs": "3"},
        "InputDataConfig": [
            {**channel(f"s3://{bucket}/parts/"), "InputMode": "FastFile", "ContentType": "text/csv"}
        ],
        "ResourceConfig": {"InstanceCount": 2, "InstanceType": "ml.m5.large"},
    }
    lay_out(tmp_path, request, "algo-2", objects)
    read = {
        path.stem: json.loads(path.read_text()) for path in (tmp_path / "input/config").iterdir()
    }
    hosts = ["algo-1", "algo-2"]
    group = {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large"}
    assert read == {
        "hyperparameters": {"epochs": "3"},
        "inputdataconfig": {
            "training": {
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": "None",
                "ContentType": "text/csv",
            }
        },
        "resourceconfig": {
            "current_host": "algo-2",
            "current_instance_type": "ml.m5.large",
            "current_group_name": "homogeneousCluster",
            "hosts": hosts,
            "instance_groups": [{**group, "hosts": hosts}],
            "network_interface_name": "eth0",
        },
    }
