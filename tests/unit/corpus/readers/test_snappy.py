"""corpus/readers/snappy.py."""

from pathlib import Path

import pyarrow as pa
import pytest

from text_classification.corpus.readers.packed import open_binary
from text_classification.corpus.readers.snappy import FRAMES

CONTENT = b"label,text\n" + b"".join(b"x,number %d\n" % number for number in range(20_000))


def packed(content: bytes) -> bytes:
    """Return a part packed with Snappy."""
    result: bytes = pa.Codec("snappy").compress(content, asbytes=True)
    return result


def framed(content: bytes) -> bytes:
    """Return Snappy's frames: packed ones, a plain one and padding between them."""
    frames = [FRAMES]
    for at in range(0, len(content), 1 << 16):
        part = content[at : at + (1 << 16)]
        kind, body = (b"\x01", part) if at == 1 << 16 else (b"\x00", packed(part))
        frames.append(kind + (len(body) + 4).to_bytes(3, "little") + b"sum." + body)
        frames.append(b"\xfe\x02\x00\x00..")
    return b"".join(frames)


def in_blocks(content: bytes) -> bytes:
    """Return blocks of two parts each, as Hadoop writes them."""
    blocks = []
    for at in range(0, len(content), 100_000):
        block = content[at : at + 100_000]
        parts = [packed(part) for part in (block[:60_000], block[60_000:]) if part]
        sized = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        blocks.append(len(block).to_bytes(4, "big") + sized)
    return b"".join(blocks)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", framed(CONTENT)),
        ("a.csv.sz", framed(CONTENT)),
        ("a.csv.snappy", in_blocks(CONTENT)),
    ],
    ids=["frames", "frames by name", "Hadoop"],
)
def test_snappy_is_unpacked(tmp_path: Path, name: str, content: bytes) -> None:
    """Frames whatever the name, and the blocks that Spark's text and CSV writers leave."""
    (tmp_path / name).write_bytes(content)
    with open_binary(tmp_path / name) as file:
        assert file.read() == CONTENT


@pytest.mark.parametrize(
    "content",
    [
        framed(CONTENT)[:-100],
        in_blocks(CONTENT)[:-100],
        FRAMES + b"\x02\x00\x00\x00",
        FRAMES + b"\x00\x08\x00\x00sum.\xff\xff\xff\x7f",
        b"\x00\x00\x00\x05\x00\x00\x00\x02\x09\x00",
        b"label,text\nx,one\n",
    ],
    ids=["cut frames", "cut blocks", "unknown frame", "huge part", "wrong size", "plain text"],
)
def test_damage_is_told(tmp_path: Path, content: bytes) -> None:
    """A file that is cut, damaged or of another kind ends in an error, and takes no gigabytes."""
    (tmp_path / "a.csv.snappy").write_bytes(content)
    with open_binary(tmp_path / "a.csv.snappy") as file, pytest.raises((OSError, EOFError)):
        file.read()


def test_parquet_is_not_taken_for_snappy_by_its_name(tmp_path: Path) -> None:
    """It packs its columns itself."""
    (tmp_path / "a.snappy").write_bytes(b"PAR1 and more")
    with open_binary(tmp_path / "a.snappy") as file:
        assert file.read() == b"PAR1 and more"
