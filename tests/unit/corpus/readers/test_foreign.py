"""corpus/readers/foreign.py."""

import bz2
import gzip
import io
import lzma
import pickle
import sqlite3
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from text_classification.corpus.readers.foreign import refuse_foreign, refuse_wide
from text_classification.errors import Code, DataError


def zipped(name: str) -> bytes:
    """Return a zip archive of a file with this name behind some other."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "content")
    return content.getvalue()


def tarred() -> bytes:
    """Return a tar archive."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("train.csv"))
    return content.getvalue()


def array() -> bytes:
    """Return a NumPy array as it is saved."""
    content = io.BytesIO()
    np.save(content, np.arange(3))
    return content.getvalue()


def arrow_stream() -> bytes:
    """Return a table as data sets save it on a disk."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, pa.schema([("label", pa.string()), ("text", pa.string())])):
        pass
    return sink.getvalue()


def database(folder: Path) -> bytes:
    """Return an SQLite database."""
    with sqlite3.connect(folder / "a") as connection:
        connection.execute("create table documents (label, text)")
    connection.close()
    return (folder / "a").read_bytes()


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (zipped("train.csv"), "a zip archive"),
        (zipped("xl/workbook.xml"), "a spreadsheet"),
        (zipped("word/document.xml"), "a text document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
        (b"Rar!\x1a\x07\x01\x00", "a rar archive"),
        (tarred(), "a tar archive"),
        (gzip.compress(b"label,text", mtime=0), "packed twice"),
        (bz2.compress(b"label,text"), "packed twice"),
        (zlib.compress(b"label,text\n" * 9), "packed by zlib"),
        (arrow_stream(), "an Arrow stream"),
        (b"\x2a" + bytes(7) + b"\x9a\xfc\x1c\x0d\n\x28", "TFRecord"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (pickle.dumps([("x", "one")]), "a Python pickle"),
        (array(), "a NumPy array"),
        (pickle.dumps([("x", "one")], protocol=0), "a Python pickle"),
        (zipped("ppt/presentation.xml"), "slides"),
        (b"\x1f\x9d\x90", "packed by compress"),
        (b"\xac\xed\x00\x05sr", "a Java object"),
        (b"RDX3\nX\n\x00", "an R data file"),
        (b"ORC\n\x03\x00\x00", "an ORC file"),
        (b"Obj\x01\x04", "an Avro file"),
        (b"<stata_dta><header><release>118", "a Stata file"),
        (b"r\x01\x01\x00\x02\x00", "a Stata file"),
        (bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf", "a SAS file"),
        (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", "a SAS file"),
        (b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", "an Access database"),
        (b"\x1d\xad\xd5\xab\x12\x0c\x88\xecDUCK\x40\x00", "a DuckDB database"),
        (lzma.compress(b"label,text\n", lzma.FORMAT_ALONE), "packed by lzma"),
        (b"<!DOCTYPE html>\n<html>", "an HTML or XML page"),
        (b'\n<?xml version="1.0"?><Error>', "an HTML or XML page"),
    ],
)
def test_other_formats_are_told(start: bytes, name: str) -> None:
    """What the file is, where, and what to do."""
    with pytest.raises(DataError, match=f"the file is {name}") as raised:
        refuse_foreign(start, "training/a.csv")
    assert raised.value.code == Code.FILE_UNREADABLE
    assert raised.value.where == "training/a.csv"
    assert raised.value.remedy


def test_database_is_told(tmp_path: Path) -> None:
    """It holds tables, and no text."""
    with pytest.raises(DataError, match="an SQLite database"):
        refuse_foreign(database(tmp_path), "a")


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"label,text\nPK,one\n",
        b"ORC,a text\n",
        b"PK,zip\n",
        b"Rar!,one\n",
        b"<b>,x\n",
        b"(lp,x\n",
        b"$FL2,one\n",
        b"x,a textDUCK\n",
        b"textmoreDUCK,",
    ],
)
def test_documents_are_no_other_format(start: bytes) -> None:
    """A label may begin as such a file does."""
    refuse_foreign(start, "a.csv")
    refuse_wide(start, "a.csv")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_text_without_a_mark_is_told(encoding: str) -> None:
    """The hyperparameter is named: every second byte would be part of a text."""
    with pytest.raises(DataError, match="without a byte order mark") as raised:
        refuse_wide(f"label,text\n{'x,one two three' * 5}\n".encode(encoding), "a.csv")
    assert "encoding" in raised.value.remedy


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("請求,書類\n" * 9, "utf-16-le"),
        ("ja,請求書\n", "iso-2022-jp"),
        ("x,청구서\n", "iso-2022-kr"),
    ],
)
def test_other_scripts_in_other_encodings_are_refused(text: str, encoding: str) -> None:
    """Few of their bytes are zero, or none at all; a zero among letters is left alone."""
    with pytest.raises(DataError, match=r"text (of two|in ISO-2022)"):
        refuse_wide(text.encode(encoding), "a.csv")
    refuse_wide(b"x,one\x00two\n\x1b[0m\n", "a.csv")
