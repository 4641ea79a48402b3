"""corpus/readers/packed.py."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from text_classification.corpus.readers import packed
from text_classification.corpus.readers.packed import DAMAGED, open_binary

CONTENT = b"label,text\n" + b"".join(b"x,number %d\n" % number for number in range(20_000))


def by_arrow(codec: str) -> Callable[[bytes], bytes]:
    """Return what packs bytes with a codec of Arrow."""

    def pack(content: bytes) -> bytes:
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, codec) as stream:
            stream.write(content)
        packed: bytes = sink.getvalue().to_pybytes()
        return packed

    return pack


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": by_arrow("zstd"),
    "lz4": by_arrow("lz4"),
}


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_packed_files_are_unpacked(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """By their first bytes, under any name, and as a stream, also of two parts."""
    path = tmp_path / "a"
    path.write_bytes(pack(CONTENT) * 2)
    with open_binary(path) as file:
        assert file.readline() == b"label,text\n"
        assert b"label,text\n" + file.read() == CONTENT * 2


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_file_that_is_cut_off_is_damaged(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Its end is missing, and that is no end of the documents."""
    path = tmp_path / "a"
    path.write_bytes(pack(CONTENT)[:-20])
    with open_binary(path) as file, pytest.raises(DAMAGED):
        file.read()


def test_plain_file_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first bytes, which tell that it is plain, are read like all others."""
    opened: list[Path] = []
    plainly = Path.open

    def counted(path: Path, mode: str) -> Any:
        opened.append(path)
        return plainly(path, mode)

    (tmp_path / "a").write_bytes(CONTENT)
    monkeypatch.setattr(Path, "open", counted)
    with open_binary(tmp_path / "a") as file:
        assert file.read() == CONTENT
    assert opened == [tmp_path / "a"]


@pytest.mark.parametrize("content", [b"", b"BZh", b"BZh1 is a text", b"x,one\n"])
def test_other_files_are_read_as_they_are(tmp_path: Path, content: bytes) -> None:
    """Text that begins as a packed file might is text."""
    path = tmp_path / "a.gz"
    path.write_bytes(content)
    with open_binary(path) as file:
        assert file.read() == content


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, by_arrow("zstd")])
def test_a_bomb_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    """What unpacks to hundreds of times its size would fill the disk; small files may."""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(pack(b"\n" * 30_000_000))
    with open_binary(path) as file:
        assert len(file.read()) == 30_000_000
    monkeypatch.setattr(packed, "BOMB_BYTES", 20_000_000)
    with open_binary(path) as file, pytest.raises(OSError, match="more than 500 times its size"):
        file.read(10_000_000)  # before so much of it has been given as is too much
