"""A model's files reach its container: archives, prefixes, packages, and nothing beside them."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.emulator.hosting import IMAGE, Hosting, random_model
from textcnn.emulator.hosting.model_files import ModelDataError, fetch_model
from textcnn.emulator.server import Emulator


def archive(*entries: tarfile.TarInfo) -> bytes:
    """Return an archive of entries without content."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as opened:
        for entry in entries:
            opened.addfile(entry, io.BytesIO(b""))
    return written.getvalue()


def link(name: str, target: str) -> tarfile.TarInfo:
    """Return a symbolic link."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    return entry


def test_an_archive_is_unpacked(hosting: Hosting, emulator: Emulator, tmp_path: Path) -> None:
    url = hosting.put("files/model.tar.gz", random_model())
    fetch_model(emulator.account, {"ModelDataUrl": url}, tmp_path / "model")
    assert (tmp_path / "model" / "manifest.json").is_file()


@pytest.mark.parametrize(
    "content",
    [
        archive(tarfile.TarInfo("../beside")),
        archive(link("out", "/etc/passwd")),
        archive(link("out", "..")),
        b"no archive",
    ],
    ids=["above", "link to a file", "link to a folder", "no archive"],
)
def test_an_archive_that_would_reach_beside_its_folder_is_refused(
    hosting: Hosting, emulator: Emulator, tmp_path: Path, content: bytes
) -> None:
    url = hosting.put("files/bad.tar.gz", content)
    with pytest.raises(ModelDataError, match="Failed to extract model data archive"):
        fetch_model(emulator.account, {"ModelDataUrl": url}, tmp_path / "model")
    assert not (tmp_path / "beside").exists()


def uncompressed(uri: str, kind: str = "S3Prefix") -> dict[str, Any]:
    """Return a container definition with a model that is not packed."""
    source = {"S3Uri": uri, "S3DataType": kind, "CompressionType": "None"}
    return {"ModelDataSource": {"S3DataSource": source}}


def test_a_prefix_is_laid_out_as_it_is(
    hosting: Hosting, emulator: Emulator, tmp_path: Path
) -> None:
    hosting.put("files/plain/a", b"1")
    hosting.put("files/plain/sub/b", b"2")
    prefix = f"s3://{hosting.bucket}/files/plain/"
    fetch_model(emulator.account, uncompressed(prefix), tmp_path / "model")
    found = {path.name: path.read_bytes() for path in (tmp_path / "model").rglob("?")}
    assert found == {"a": b"1", "b": b"2"}
    assert (tmp_path / "model" / "sub" / "b").is_file()


def test_a_key_that_would_leave_the_folder_is_refused(
    hosting: Hosting, emulator: Emulator, tmp_path: Path
) -> None:
    hosting.put("files/odd/../../beside", b"1")
    with pytest.raises(ModelDataError, match="would leave the model's folder"):
        fetch_model(
            emulator.account, uncompressed(f"s3://{hosting.bucket}/files/odd/"), tmp_path / "model"
        )


def test_a_models_package_says_what_it_is_made_of(hosting: Hosting) -> None:
    url = hosting.put("files/package.tar.gz", random_model())
    hosting.sagemaker.create_model_package_group(ModelPackageGroupName="packed-models")
    package = hosting.sagemaker.create_model_package(
        ModelPackageGroupName="packed-models",
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": url, "Environment": {"A": "1"}}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
    )["ModelPackageArn"]
    hosting.sagemaker.create_model(
        ModelName="of-a-package",
        PrimaryContainer={"ModelPackageName": package, "Environment": {"B": "2"}},
        ExecutionRoleArn=hosting.role,
    )
    described = hosting.sagemaker.describe_model(ModelName="of-a-package")
    assert described["PrimaryContainer"]["ModelPackageName"] == package
