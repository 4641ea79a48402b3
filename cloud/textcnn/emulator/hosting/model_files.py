"""A model's files for a container: downloaded from S3, archives unpacked."""

import tarfile
import tempfile
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.model_definition import data_source, is_multi_model
from textcnn.emulator.objects import Location, Objects


class ModelDataError(Exception):
    """The model's data cannot be had or unpacked; the message is the service's or says why."""


def fetch_model(account: Account, definition: dict[str, Any], folder: Path) -> None:
    """Lay the model of a container definition into a folder; raises ``ModelDataError``."""
    folder.mkdir(parents=True, exist_ok=True)
    source = data_source(definition)
    if source is None or is_multi_model(definition):
        return
    place = Location.parse(source["S3Uri"])
    if source["CompressionType"] == "Gzip":
        fetch_archive(account, place, folder)
        return
    try:
        _fetch_plain(account, place, folder, whole_prefix=source["S3DataType"] == "S3Prefix")
    except ClientError:
        raise ModelDataError(_not_found(place)) from None


def fetch_archive(account: Account, place: Location, folder: Path) -> None:
    """Download an archive and unpack it into a folder; raises ``ModelDataError``.

    A model may be anyone's: what would be written outside of the folder, devices and the like are
    refused by tarfile's filter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=account.folder) as scratch:
        archive = Path(scratch) / "model.tar.gz"
        try:
            Objects(account).download(place, archive)
        except ClientError:
            raise ModelDataError(_not_found(place)) from None
        try:
            with tarfile.open(archive, "r:gz") as opened:
                opened.extractall(folder, filter="data")
        except (tarfile.TarError, EOFError, OSError) as error:
            raise ModelDataError(
                f"Failed to extract model data archive from URL {place!s}: {error}"
            ) from None


def _fetch_plain(account: Account, place: Location, folder: Path, *, whole_prefix: bool) -> None:
    stored = Objects(account)
    if not whole_prefix:
        stored.download(place, folder / place.key.rpartition("/")[2])
        return
    root = folder.resolve()
    for key in stored.keys(place):
        name = key.removeprefix(place.key).lstrip("/") or place.key.rpartition("/")[2]
        target = (root / name).resolve()
        if not target.is_relative_to(root):
            raise ModelDataError(f"the key {key!r} would leave the model's folder")
        stored.download(Location(place.bucket, key), target)


def _not_found(place: Location) -> str:
    return (
        f"Failed to download model data(bucket: {place.bucket}, key: {place.key}). Please ensure "
        "that there is an object located at the URL and that the role passed to CreateModel has "
        "permissions to download the object."
    )
