"""corpus/readers/source.py."""

import gzip
import json
from pathlib import Path

import pytest

from text_classification.corpus.readers.formats import Format
from text_classification.corpus.readers.packed import open_binary
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.source import SNIFFED_BYTES, Source
from text_classification.errors import DataError

RECORD = b'{"label": "x", "text": "one"}'


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"[", "csv"),
        ("A.CSV", b"x", "csv"),
        ("a.tsv", b"x", "tsv"),
        ("a.jsonl", b"x", "jsonlines"),
        ("a.ndjson", b"x", "jsonlines"),
        ("a.jsonlines", b"x", "jsonlines"),
        ("a.parquet", b"x", "parquet"),
        ("a.csv.gz", b"x", "csv"),
        ("a.tsv.GZIP", b"x", "tsv"),
        ("a.json", b"[]", "json"),
        ("a.json", b"\xef\xbb\xbf \n[]", "json"),
        ("a.json", RECORD, "jsonlines"),
        ("a.json", RECORD + b"\n" + RECORD, "jsonlines"),
        ("a.json", b'{"label": {"0": "x"}, "text": {"0": "one"}}', "json"),
        ("a.json", b'{"label": ["x"], "text": ["one"]}', "json"),
        ("a.json", b'{\n  "label": ["x"],\n  "text": ["one"]\n}', "json"),
        ("a.json", json.dumps({"text": "long " * 20_000, "label": "x"}).encode(), "jsonlines"),
        ("a.json", json.dumps({"text": ["long"] * 20_000, "label": []}).encode(), "json"),
        ("a.json", json.dumps({"text": {"0": "long " * 20_000}}).encode(), "json"),
        ("a.json", b'{"a":' * 5_000, "json"),
        ("part-0", RECORD, "jsonlines"),
        ("part-0", b"[]", "json"),
        ("part-0", b"PAR1\x15\x04", "parquet"),
        ("data.txt", b"__label__x one", "blazingtext"),
        ("data.train", b"x,one", "csv"),
        ("a.csv", b"__label__x one, two", "blazingtext"),
        ("a.csv", b"__label__x,one two", "csv"),
        ("a.csv", RECORD + b"\n" + RECORD, "jsonlines"),
        ("a.tsv", b"[\n" + RECORD + b",\n" + RECORD + b"]", "json"),
        ("a.jsonl", b"[" + RECORD + b",\n", "json"),
        ("a.jsonl", RECORD, "jsonlines"),
        ("a.csv", RECORD + b",x\n", "csv"),
        ("a.csv", b"[deleted],x\n", "csv"),
        ("a.csv", b"[1],x\n", "csv"),
        ("a.tsv", b"__label__x\tone two", "tsv"),
    ],
)
def test_format_is_seen_by_name_or_content(
    tmp_path: Path, name: str, content: bytes, expected: Format
) -> None:
    """A telling name decides, then the first bytes."""
    path = tmp_path / name
    path.write_bytes(content)
    assert Source(path, name).format() == expected


@pytest.mark.parametrize(
    ("content", "encoding", "warning"),
    [
        ("x,Größe".encode(), "cp1252", "its bytes are UTF-8"),
        (("x" * (SNIFFED_BYTES - 3) + "öö").encode(), "latin-1", "its bytes are UTF-8"),
        ("x,Größe".encode("cp1252"), "cp1252", ""),
        ("x,Größe".encode("utf-16"), "latin-1", ""),
        ("x,Größe".encode(), "utf8", ""),
        (b"x,one", "cp1252", ""),
        ("x,bill\u2019s".encode("cp1252"), "iso8859-1", "it has bytes from 0x80 to 0x9f"),
        ("x,za\u015b".encode("cp1250"), "iso8859-2", "it has bytes from 0x80 to 0x9f"),
        ("x,Größe".encode("latin-1"), "iso8859-1", ""),
        ("x,bill\u2019s".encode("cp1252"), "cp1252", ""),
        ("x,bill\u2019s".encode("koi8-r", "ignore") + b"\x92", "koi8-r", ""),
    ],
)
def test_encoding_that_garbles_is_warned_of(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    content: bytes,
    encoding: str,
    warning: str,
) -> None:
    """Most read any bytes: UTF-8 as other letters, marks of Windows' as control characters."""
    (tmp_path / "a.csv").write_bytes(content)
    Source(tmp_path / "a.csv", "a.csv", Reading(encoding=encoding)).format()
    found = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert len(found) == bool(warning)
    assert all(warning in each for each in found)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_an_order_of_bytes_that_no_mark_tells_is_asked_for(
    tmp_path: Path, encoding: str, name: str
) -> None:
    """Python would guess that of the machine, or refuse the file without a word on what to set."""
    path = tmp_path / name
    path.write_bytes("x,one\n".encode(f"{encoding}-be"))
    source = Source(path, name, Reading(encoding=encoding))
    for opened in (source.text, source.json):
        with pytest.raises(DataError, match="no byte order mark") as raised, opened():
            pass
        assert f"{encoding}-be" in raised.value.remedy
    path.write_bytes("x,one\n".encode(encoding))
    with source.text() as file:
        assert file.read() == "x,one\n"
    path.write_bytes(b"")
    with source.text() as file:
        assert file.read() == ""


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/csv", "csv"),
        ("Text/CSV; header=present", "csv"),
        ("text/tab-separated-values", "tsv"),
        ("application/jsonlines", "jsonlines"),
        ("application/x-ndjson", "jsonlines"),
        ("application/x-jsonlines", "jsonlines"),
        ("application/x-parquet", "parquet"),
        ("application/json", "jsonlines"),
        ("application/octet-stream", "jsonlines"),
        ("", "jsonlines"),
    ],
)
def test_declared_format_goes_first(tmp_path: Path, content_type: str, expected: Format) -> None:
    """The channel's content type decides; application/json and unknown ones are looked into."""
    path = tmp_path / "part-0"
    path.write_bytes(b"x" if expected in {"csv", "tsv"} else RECORD)
    assert Source(path, "part-0", content_type=content_type).format() == expected


def test_packed_content_is_looked_into(tmp_path: Path) -> None:
    """A gzip file under a name that says nothing is unpacked before it is judged and read."""
    path = tmp_path / "part-0"
    path.write_bytes(gzip.compress(b"__label__x one"))
    assert Source(path, "part-0").format() == "blazingtext"
    with open_binary(path) as file:
        assert file.read() == b"__label__x one"


def test_plain_file_named_gz_is_read(tmp_path: Path) -> None:
    """The first bytes decide, not the name: clients unpack files and keep the name."""
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"x,one\r\n")
    with Source(path, "a").text() as file:
        assert file.read() == "x,one\r\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark_is_no_content(tmp_path: Path, mark: bytes) -> None:
    """With or without the mark, text and JSON begin with their first character."""
    path = tmp_path / "a"
    path.write_bytes(mark + b"[1]")
    with Source(path, "a").text() as text, Source(path, "a").json() as binary:
        assert (text.read(), binary.read()) == ("[1]", b"[1]")
