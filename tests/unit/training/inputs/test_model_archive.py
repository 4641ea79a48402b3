"""training/inputs/model_archive.py."""

import errno
import gzip
import io
import random
import tarfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.helpers import random_artifact, random_ngrams
from text_classification import artifact
from text_classification.corpus.readers.snappy import FRAMES
from text_classification.errors import ArtifactError, Code
from text_classification.training.inputs import model_archive
from text_classification.training.inputs.model_archive import WANTED, unpack


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model folder as training writes it."""
    with_ngrams = replace(random_artifact(), ngrams=random_ngrams(further=b"goody\n"))
    artifact.save(with_ngrams, tmp_path / "model")
    artifact.add_keras(tmp_path / "model", _keras)
    return tmp_path / "model"


def _keras(path: Path) -> None:
    path.write_bytes(b"any")


def add(archive: tarfile.TarFile, name: str, content: bytes = b"", **changes: Any) -> None:
    """Add a member, with what is to be odd about it."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    for field, value in changes.items():
        setattr(member, field, value)
    archive.addfile(member, io.BytesIO(content))


def refused(archive: Path, folder: Path) -> str:
    """Assert that the archive is refused with its name and a remedy; return the message."""
    with pytest.raises(ArtifactError) as raised:
        unpack(archive, folder, "model/model.tar.gz")
    assert raised.value.code == Code.ARTIFACT_CORRUPT
    assert raised.value.where == "model/model.tar.gz"
    assert raised.value.remedy
    return raised.value.message


@pytest.mark.parametrize("mode", ["w:gz", "w"])
@pytest.mark.parametrize("below", ["", ".", "model", "./a/b"])
def test_model_comes_out_wherever_it_lies(
    tmp_path: Path, model: Path, mode: str, below: str
) -> None:
    """Packed or not, with or without a folder around it; serving's files come out, no others."""
    with tarfile.open(tmp_path / "archive", mode) as archive:  # type: ignore[call-overload]
        archive.add(model, below)
    unpack(tmp_path / "archive", tmp_path / "out", "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == WANTED
    assert artifact.load(tmp_path / "out").ngrams is not None


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("weights.safetensors", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "neither a"),
        ("weights.safetensors", {"type": tarfile.LNKTYPE, "linkname": "labels.json"}, "neither a"),
        ("anything", {"type": tarfile.SYMTYPE, "linkname": "."}, "neither a"),
        ("metrics.json", {"type": tarfile.CHRTYPE}, "neither a"),
        ("metrics.json", {"type": tarfile.FIFOTYPE}, "neither a"),
        ("/labels.json", {}, "'/labels.json' leads out"),
        ("../labels.json", {}, "leads out"),
        ("model/../../labels.json", {}, "leads out"),
        ("manifest.json", {}, "holds manifest.json twice"),
        ("other/manifest.json", {}, "holds manifest.json twice"),
    ],
)
def test_tricks_are_refused(
    tmp_path: Path, name: str, changes: dict[str, Any], reason: str
) -> None:
    """Links, devices and names that lead elsewhere write nothing, here or there."""
    with tarfile.open(tmp_path / "archive", "w:gz") as archive:
        add(archive, "manifest.json", b"{}")
        add(archive, name, **changes)
    assert reason in refused(tmp_path / "archive", tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"archive", "out"}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.json"]


def test_sparse_file_is_refused(tmp_path: Path) -> None:
    """A few bytes may stand for any number of zeros."""
    with tarfile.open(tmp_path / "archive", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("weights.safetensors")
        sparse = {"GNU.sparse.map": "0,0", "GNU.sparse.size": str(1 << 50)}
        member.pax_headers = sparse
        archive.addfile(member)
    assert "neither a plain file" in refused(tmp_path / "archive", tmp_path / "out")


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_enormous_header_is_refused(tmp_path: Path, kind: bytes) -> None:
    """Unlike a file, what is said of one would be held in memory as a whole."""
    with tarfile.open(tmp_path / "archive", "w") as archive:
        add(archive, "header", b"x" * (model_archive.MOST_HEADER_BYTES + 1), type=kind)
    assert "a header is longer than 65536 bytes" in refused(tmp_path / "archive", tmp_path / "out")


def test_size_below_zero_is_refused(tmp_path: Path) -> None:
    """It would lead back to where it stands, without end."""
    member = tarfile.TarInfo("manifest.json")
    member.size = -tarfile.BLOCKSIZE
    (tmp_path / "archive").write_bytes(member.tobuf(tarfile.GNU_FORMAT) * 3)
    assert "a size below 0" in refused(tmp_path / "archive", tmp_path / "out")


def test_many_files_are_refused(tmp_path: Path) -> None:
    """A small archive may have millions of empty ones, and each takes room."""
    with tarfile.open(tmp_path / "archive", "w") as archive:
        for number in range(model_archive.MOST_MEMBERS + 1):
            add(archive, str(number))
    assert "it holds more than 1000 files" in refused(tmp_path / "archive", tmp_path / "out")


@pytest.mark.parametrize(
    "headers",
    [
        {"GNU.sparse.map": "zero"},
        {"GNU.sparse.size": "much"},
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
        {"size": "-1024"},
    ],
)
def test_headers_that_make_no_sense_are_refused(tmp_path: Path, headers: dict[str, str]) -> None:
    """Whatever tarfile stumbles over is told as damage of the archive."""
    with tarfile.open(tmp_path / "archive", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("weights.safetensors")
        member.pax_headers = headers
        archive.addfile(member)
        add(archive, "manifest.json", b"{}")
    refused(tmp_path / "archive", tmp_path / "out")


def test_headers_of_headers_are_refused(tmp_path: Path) -> None:
    """Tarfile follows each into the next."""
    member = tarfile.TarInfo("header")
    member.type = tarfile.XHDTYPE
    (tmp_path / "archive").write_bytes(member.tobuf() * 2000)
    refused(tmp_path / "archive", tmp_path / "out")


@pytest.mark.parametrize("name", ["weights.safetensors", "passed over"])
def test_bomb_is_refused(tmp_path: Path, name: str) -> None:
    """What unpacks to hundreds of times its size is told after a bounded part of it."""
    with tarfile.open(tmp_path / "archive", "w:gz") as archive:
        add(archive, name, bytes(1 << 24))
    assert "unpacks to more than" in refused(tmp_path / "archive", tmp_path / "out")
    written = sum(path.stat().st_size for path in (tmp_path / "out").iterdir())
    assert written <= model_archive.PADDING_BYTES + 100 * (tmp_path / "archive").stat().st_size


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a zip archive", gzip.compress(b"no tar" * 1000, mtime=0), b"\x1f\x8b"],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    """A name that ends in .tar.gz makes no archive."""
    (tmp_path / "archive").write_bytes(content)
    assert "cannot be unpacked" in refused(tmp_path / "archive", tmp_path / "out")


@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_cut_archive_is_refused(tmp_path: Path, model: Path, mode: str) -> None:
    """Half an upload is told as such, not as a model that does not hold together."""
    with tarfile.open(tmp_path / "whole", mode) as archive:  # type: ignore[call-overload]
        archive.add(model, "")
    content = (tmp_path / "whole").read_bytes()
    (tmp_path / "archive").write_bytes(content[: len(content) // 3])
    refused(tmp_path / "archive", tmp_path / "out")


def test_cut_archive_of_zstandard_is_refused(tmp_path: Path) -> None:
    """What unpacks it has an error of its own, one of reading a file."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as packed:
        packed.write(random.Random(1).randbytes(1 << 16))
    (tmp_path / "archive").write_bytes(sink.getvalue().to_pybytes()[: 1 << 15])
    refused(tmp_path / "archive", tmp_path / "out")


@pytest.mark.parametrize(
    ("frame", "reason"),
    [(b"\x02\x04\x00\x00abcd", "unknown kind"), (b"\x00\x09\x00\x00abcd\x04\xff\xff\xff\xff", "")],
    ids=["of no kind", "that cannot be unpacked"],
)
def test_broken_archive_of_snappy_is_refused(tmp_path: Path, frame: bytes, reason: str) -> None:
    """With a frame that says or holds what it cannot."""
    (tmp_path / "archive").write_bytes(FRAMES + frame)
    assert reason in refused(tmp_path / "archive", tmp_path / "out")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_refused_or_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever bytes of a header are changed, no other error comes out and nothing gets out."""
    root = tmp_path_factory.mktemp("damaged")
    with tarfile.open(root / "archive", "w") as archive:
        add(archive, "manifest.json", b"{}")
        add(archive, "model/labels.json", b"[]")
    content = bytearray((root / "archive").read_bytes())
    for place in data.draw(st.lists(st.integers(0, 1535), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    (root / "archive").write_bytes(content)
    with suppress(ArtifactError):
        unpack(root / "archive", root / "out", "where")
    assert {path.name for path in root.iterdir()} == {"archive", "out"}
    assert {path.name for path in (root / "out").iterdir()} <= WANTED


def test_full_disk_stays_what_it_is(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of the archive, and the job says so in its own words."""
    with tarfile.open(tmp_path / "archive", "w:gz") as archive:
        archive.add(model, "")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(
        "text_classification.training.inputs.model_archive.shutil.copyfileobj", full
    )
    with pytest.raises(OSError, match="No space left"):
        unpack(tmp_path / "archive", tmp_path / "out", "")
