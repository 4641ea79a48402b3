"""corpus/readers/channel.py: every format, from files to documents."""

import csv
import gzip
import io
import json
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.support.training import ROOT
from text_classification.contract.channels import Channel
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.readers import channel as module
from text_classification.corpus.readers import formats, source
from text_classification.corpus.readers.channel import READERS, check_channel, read_channel
from text_classification.corpus.readers.channel_files import channel_files
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns, Document
from text_classification.corpus.readers.source import Source
from text_classification.errors import Code, DataError

Documents = Sequence[Document]

# The format's name in docs/training_data.md, where it is not that of the reader.
SHOWN_AS = {"jsonlines": "json lines"}
DOCUMENTS = (
    Document("good", 'It said "fine", or so; \\n is no break'),
    Document("bad", "Grüße aus 東京 \N{GRINNING FACE}\N{NO-BREAK SPACE}{[<&"),
    Document("7", "long " * 40_000),
    Document("good", ""),
    Document("bad", " 3/4 __label__\t'quoted' "),
)
BROKEN_LINES = (*DOCUMENTS, Document("good", "line one\nline two\r\n\r\n,line five"))
ONE_LINE = tuple(Document(label, text.strip().replace("\t", " ")) for label, text in DOCUMENTS)
HASHED = (
    Document("POLICY CHANGE", "de9738ee8b24 54709b24b45f"),
    Document("BILL", "2b24b45fde97 de9738ee8b24"),
)


def delimited(
    rows: Sequence[Sequence[object]],
    delimiter: str = ",",
    quoting: Literal[0, 1] = csv.QUOTE_MINIMAL,
) -> bytes:
    """Return rows as a spreadsheet program saves them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(rows)
    return text.getvalue().encode()


def json_lines(documents: Documents) -> bytes:
    """Return a record a line, with a field that nobody reads."""
    records = ({"id": 3, "text": text, "label": label} for label, text in documents)
    return "\n".join(json.dumps(record) for record in records).encode()


def columns_of_objects(documents: Documents) -> bytes:
    """Return what ``DataFrame.to_json`` writes."""
    labels = {str(index): document.label for index, document in enumerate(documents)}
    texts = {str(index): document.text for index, document in enumerate(documents)}
    other = {str(index): index for index, _ in enumerate(documents)}
    return json.dumps({"text": texts, "other": other, "label": labels}).encode()


def columns_of_lists(documents: Documents) -> bytes:
    """Return columns as lists."""
    labels, texts = zip(*documents, strict=True)
    return json.dumps({"label": labels, "n": len(labels), "text": texts}, indent=1).encode()


def parquet_table(documents: Documents) -> bytes:
    """Return a Parquet file with columns in another order and one more."""
    labels, texts = zip(*documents, strict=True)
    table = pa.table({"text": texts, "n": range(len(texts)), "label": labels})
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


@dataclass(frozen=True)
class Format:
    """A way to write documents: the file's name, its content, and how it is to be read."""

    name: str
    write: Callable[[Documents], bytes]
    documents: Documents = BROKEN_LINES
    reading: Reading = field(default_factory=Reading)


FORMATS = {
    "CSV with a header": Format("a.csv", lambda rows: delimited([("label", "text"), *rows])),
    "CSV with columns in any order": Format(
        "a.csv",
        lambda rows: delimited(
            [("id", " Text", "x", "CATEGORY"), *((3, text, "", label) for label, text in rows)]
        ),
    ),
    "CSV with named columns": Format(
        "a.csv",
        lambda rows: delimited([("text", "body", "k"), *(("?", t, label) for label, t in rows)]),
        reading=Reading(Columns("k", "body")),
    ),
    "CSV with every field quoted": Format(
        "a.csv", lambda rows: delimited([("label", "text"), *rows], quoting=csv.QUOTE_ALL)
    ),
    "CSV with a byte order mark": Format(
        "a.csv", lambda rows: b"\xef\xbb\xbf" + delimited([("label", "text"), *rows])
    ),
    "CSV without a header": Format("a.csv", delimited),
    "CSV of hashed words without a header": Format(
        "a.csv", lambda rows: "".join(f"{label},{text}\n" for label, text in rows).encode(), HASHED
    ),
    "CSV with numbered columns": Format(
        "a.csv",
        lambda rows: delimited([(text, 3, label) for label, text in rows]),
        reading=Reading(Columns("2", "0")),
    ),
    "CSV whose first row only looks like a header": Format(
        "a.csv", delimited, (Document("label", "text"), *BROKEN_LINES), Reading(header="absent")
    ),
    "CSV with a header of unusual names": Format(
        "a.csv",
        lambda rows: delimited([("this", "that"), *rows]),
        reading=Reading(Columns("0", "1"), header="present"),
    ),
    "CSV without an ending": Format("part-0000", delimited),
    "TSV": Format("a.tsv", lambda rows: delimited([("label", "text"), *rows], "\t")),
    "JSON Lines": Format("a.jsonl", json_lines),
    "JSON Lines named .json": Format("a.json", json_lines),
    "JSON Lines with a byte order mark": Format(
        "a.jsonl", lambda rows: b"\xef\xbb\xbf" + json_lines(rows)
    ),
    "JSON records": Format(
        "a.json",
        lambda rows: json.dumps([{"text": text, "label": label} for label, text in rows]).encode(),
    ),
    "JSON records, indented, with a byte order mark": Format(
        "a.json",
        lambda rows: (
            b"\xef\xbb\xbf\n"
            + json.dumps([row._asdict() for row in rows], indent=2, ensure_ascii=False).encode()
        ),
    ),
    "JSON columns of objects": Format("a.json", columns_of_objects),
    "JSON columns of lists": Format("a.json", columns_of_lists),
    "BlazingText": Format(
        "train.txt",
        lambda rows: "".join(f"__label__{label} {text}\n" for label, text in rows).encode(),
        ONE_LINE,
    ),
    "Parquet": Format("a.parquet", parquet_table),
}


def channel(folder: Path, content_type: str = "") -> Channel:
    """Return the channel training in a folder."""
    return Channel("training", folder, content_type)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("wanted", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_documents(
    tmp_path: Path, wanted: Format, *, packed: bool
) -> None:
    """Labels and texts come out as they went in, to the character, plain or packed."""
    content = wanted.write(wanted.documents)
    path = tmp_path / (f"{wanted.name}.gz" if packed else wanted.name)
    path.write_bytes(gzip.compress(content, 1) if packed else content)
    assert list(read_channel(channel(tmp_path), wanted.reading)) == list(wanted.documents)


def test_files_of_a_channel_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Folders and formats may be mixed."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b/1.jsonl").write_text('{"label": "x", "text": "two"}')
    (tmp_path / "a.csv").write_text("label,text\nx,one\n")
    (tmp_path / "c.tsv.gz").write_bytes(gzip.compress(b"text\tlabel\nthree\ty\n"))
    assert list(read_channel(channel(tmp_path), Reading())) == [
        Document("x", "one"),
        Document("x", "two"),
        Document("y", "three"),
    ]


def test_hidden_files_and_marks_are_passed_over(tmp_path: Path) -> None:
    """Checksums, marks of Spark, folders' placeholders and hidden folders hold no documents."""
    for name in (".a.csv.crc", "_SUCCESS", "_temporary/b.csv", ".ipynb_checkpoints/c.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("no document")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "good.csv").write_text("x,one\n")
    assert channel_files(tmp_path) == [tmp_path / "good.csv"]


def test_hidden_folder_above_the_channel_hides_nothing(tmp_path: Path) -> None:
    """Only names below the channel count."""
    folder = tmp_path / "_root/.data/training"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("x,one\n")
    assert list(read_channel(channel(folder), Reading())) == [Document("x", "one")]


def test_declared_content_type_decides(tmp_path: Path) -> None:
    """A file without an ending is read as its channel says."""
    (tmp_path / "part-0").write_text("label\ttext\nx\tone, two\n")
    documents = read_channel(channel(tmp_path, "text/tab-separated-values"), Reading())
    assert list(documents) == [Document("x", "one, two")]


@pytest.mark.parametrize(
    "content", [None, b"", b"\n\n", b"label,text\n", b"\xef\xbb\xbf"], ids=repr
)
def test_empty_channel_is_told(tmp_path: Path, content: bytes | None) -> None:
    """No file, or files without a document, end the job with the channel's name and place."""
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match="'training' holds no documents") as raised:
        list(read_channel(channel(tmp_path), Reading()))
    assert (raised.value.code, raised.value.where) == (Code.CHANNEL_EMPTY, str(tmp_path))


def test_missing_folder_is_an_empty_channel(tmp_path: Path) -> None:
    """A channel that was configured but not delivered is told, not crashed on."""
    with pytest.raises(DataError) as raised:
        list(read_channel(channel(tmp_path / "nowhere"), Reading()))
    assert raised.value.code == Code.CHANNEL_EMPTY


@dataclass(frozen=True)
class Broken:
    """A file that cannot be read to its end, and what is said about it."""

    name: str
    content: bytes
    code: Code
    where: str
    message: str
    columns: Columns = field(default_factory=Columns)


GZIP = gzip.compress(delimited([("label", "text"), *DOCUMENTS] * 3), mtime=0)
PARQUET = parquet_table(DOCUMENTS)
BROKEN = {
    "label column": Broken(
        "a.csv",
        b"name,text\nx,one\n",
        Code.COLUMN_MISSING,
        "a.csv",
        "'lab'",
        Columns("lab", "text"),
    ),
    "text column": Broken(
        "a.jsonl", b'{"label": "x", "t": "y"}', Code.COLUMN_MISSING, "a.jsonl", "for the text"
    ),
    "columns of a Parquet file": Broken(
        "a.parquet", parquet_table(DOCUMENTS), Code.COLUMN_MISSING, "a.parquet", "'q'", Columns("q")
    ),
    "columns of a JSON file": Broken(
        "a.json", b'{"label": {"0": "x"}}', Code.COLUMN_MISSING, "a.json", "'label'"
    ),
    "numbered column": Broken(
        "a.csv", b"x,one\n", Code.COLUMN_MISSING, "a.csv", "'2'", Columns("0", "2")
    ),
    "names of three columns": Broken(
        "a.csv", b"1,x,one\n", Code.COLUMN_MISSING, "a.csv", "3 columns and no header"
    ),
    "number of one column of three": Broken(
        "a.csv", b"1,x,one\n", Code.COLUMN_MISSING, "a.csv", "3 columns", Columns("1", "")
    ),
    "one column for both": Broken(
        "a.csv", b"label,text\nx,one\n", Code.COLUMN_MISSING, "a.csv", "both", Columns("1", "")
    ),
    "unquoted comma": Broken(
        "a.csv",
        b"label,text\nx,one\ny,a, b\n",
        Code.ROW_INVALID,
        "a.csv, line 3",
        "3 fields where 2",
    ),
    "too few fields": Broken(
        "a.csv", b'label,text\nx,"a\nb"\ny\n', Code.ROW_INVALID, "a.csv, line 4", "1 fields where 2"
    ),
    "quote that is never closed": Broken(
        "a.csv",
        b'label,text\nx,one\ny,"two\nx,three\n',
        Code.ROW_INVALID,
        "a.csv, line 3",
        "opened and never closed",
    ),
    "empty label": Broken(
        "a.tsv", b"label\ttext\n \tone\n", Code.ROW_INVALID, "a.tsv, line 2", "the label is empty"
    ),
    "control character in a label": Broken(
        "a.csv", b"x,one\na\x07b,two\n", Code.ROW_INVALID, "a.csv, line 2", "control characters"
    ),
    "text that is a number": Broken(
        "a.jsonl",
        b'{"label": "x", "text": "one"}\n\n{"label": "x", "text": 5}\n',
        Code.ROW_INVALID,
        "a.jsonl, line 3",
        "'text' is a int, not text",
    ),
    "text that is null": Broken(
        "a.json",
        b'[{"label": "x", "text": "one"}, {"label": "x", "text": null}]',
        Code.ROW_INVALID,
        "a.json, line 2",
        "'text' is missing",
    ),
    "text that is left out": Broken(
        "a.jsonl",
        b'{"label": "x", "text": "one"}\n{"label": "x"}\n',
        Code.ROW_INVALID,
        "a.jsonl, line 2",
        "'text' is missing",
    ),
    "column shorter than the other": Broken(
        "a.json",
        b'{"label": ["x", "y"], "text": ["one"]}',
        Code.ROW_INVALID,
        "a.json, line 2",
        "'text' is missing",
    ),
    "line that is no JSON": Broken(
        "a.jsonl",
        b'{"label": "x", "text": "one"}\n{"label"\n',
        Code.ROW_INVALID,
        "a.jsonl, line 2",
        "it is not JSON",
    ),
    "line that is nested without end": Broken(
        "a.jsonl",
        b'{"label": "x", "text": "one"}\n' + b"[" * 100_000 + b"\n",
        Code.ROW_INVALID,
        "a.jsonl, line 2",
        "it is not JSON",
    ),
    "line that is no record": Broken(
        "a.jsonl", b'["x", "one"]', Code.ROW_INVALID, "a.jsonl, line 1", "a list, not a record"
    ),
    "array of texts": Broken(
        "a.json", b'["x", "one"]', Code.ROW_INVALID, "a.json, line 1", "a str, not a record"
    ),
    "line without a label": Broken(
        "a.txt", b"__label__x one\ntwo\n", Code.ROW_INVALID, "a.txt, line 2", "begin with __label__"
    ),
    "line with two labels": Broken(
        "a.txt", b"__label__x __label__y one\n", Code.ROW_INVALID, "a.txt, line 1", "several labels"
    ),
    "invalid UTF-8 in CSV": Broken(
        "a.csv",
        b"label,text\nx,caf\xe9\n",
        Code.ROW_INVALID,
        "a.csv, line 2",
        "byte 0xe9 is not UTF-8",
    ),
    "invalid UTF-8 in JSON Lines": Broken(
        "a.jsonl", b'{"label": "x", "text": "\xff"}', Code.ROW_INVALID, "a.jsonl, line 1", "0xff"
    ),
    "invalid UTF-8 in JSON": Broken(
        "a.json", b'[{"label": "x", "text": "\xff"}]', Code.FILE_UNREADABLE, "a.json", "UTF8"
    ),
    "gzip cut off": Broken(
        "a.csv.gz", GZIP[:-9], Code.FILE_UNREADABLE, r"a.csv.gz, after line \d+", "ended before"
    ),
    "gzip cut off in its header": Broken(
        "a.csv.gz", GZIP[:5], Code.FILE_UNREADABLE, "a.csv.gz", "ended before"
    ),
    "gzip with a flipped byte": Broken(
        "a.csv.gz",
        GZIP[:40] + bytes([GZIP[40] ^ 0xFF]) + GZIP[41:],
        Code.FILE_UNREADABLE,
        "a.csv.gz",
        "",
    ),
    "array cut off": Broken(
        "a.json",
        b'[{"label": "x", "text": "one"}, {"label": ',
        Code.FILE_UNREADABLE,
        "a.json, after line 1",
        "premature EOF",
    ),
    "columns cut off": Broken(
        "a.json", b'{"label": {"0": "x"}, ', Code.FILE_UNREADABLE, "a.json", "premature EOF"
    ),
    "columns that are no columns": Broken(
        "a.json",
        b'{"label":\n"x",\n"text": "y"}',
        Code.FILE_UNREADABLE,
        "a.json",
        "a column is a str",
    ),
    "Parquet cut off": Broken(
        "a.parquet", PARQUET[:-20], Code.FILE_UNREADABLE, "a.parquet", "Parquet magic bytes"
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_file_is_told_with_its_place(tmp_path: Path, broken: Broken) -> None:
    """Every error says what is wrong, in which file and, where there is one, on which line."""
    (tmp_path / broken.name).write_bytes(broken.content)
    with pytest.raises(DataError) as raised:
        list(read_channel(channel(tmp_path), Reading(broken.columns)))
    assert raised.value.code == broken.code
    assert broken.message in raised.value.message
    assert re.fullmatch(f"(training/)?{broken.where}", raised.value.where)
    assert raised.value.remedy


def test_errors_never_hold_a_documents_text(tmp_path: Path) -> None:
    """What goes to the failure file and the log names places, not contents."""
    (tmp_path / "a.csv").write_text("label,text\nx,secret, secret\n")
    with pytest.raises(DataError) as raised:
        list(read_channel(channel(tmp_path), Reading()))
    assert "secret" not in str(raised.value)


def test_bad_rows_are_skipped_on_request(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The good rows are read; the log names the first bad ones and counts them all."""
    rows = "".join(f"x,good {number}\n,bad\n" for number in range(7))
    (tmp_path / "a.csv").write_text(f"label,text\n{rows}")
    documents = list(read_channel(channel(tmp_path), Reading(skip_bad_rows=True)))
    assert [text for _, text in documents] == [f"good {number}" for number in range(7)]
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "skipped training/a.csv, line 3: the label is empty"
    assert lines[-1] == "skipped 7 bad rows of training/a.csv"
    assert len(lines) == 6


@pytest.mark.parametrize(
    "files",
    [
        {"a.jsonl": '{"label": "x", "text": "one"}'},
        {"a.csv": "label;text\n;no label\nx;one\n"},
        {"x/1.txt": "one", "y/1.txt": "two", "README": "three"},
    ],
    ids=["columns", "delimiter and bad row", "classes"],
)
def test_first_look_is_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, files: dict[str, str]
) -> None:
    """What it would tell is told once, when the documents are read."""
    caplog.set_level(logging.INFO)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    reading = Reading(skip_bad_rows=True)
    check_channel(channel(tmp_path), reading)
    assert not caplog.records
    assert list(read_channel(channel(tmp_path), reading))
    assert caplog.records


def test_file_of_bad_rows_alone_is_an_empty_channel(tmp_path: Path) -> None:
    """Skipping everything is no training set."""
    (tmp_path / "a.jsonl").write_text("no JSON\nnone here either\n")
    with pytest.raises(DataError) as raised:
        list(read_channel(channel(tmp_path), Reading(skip_bad_rows=True)))
    assert raised.value.code == Code.CHANNEL_EMPTY


@pytest.mark.parametrize("error", ["gzip cut off", "array cut off", "invalid UTF-8 in JSON"])
def test_unreadable_file_is_not_skipped(tmp_path: Path, error: str) -> None:
    """A damaged file ends the job even where bad rows are skipped: who knows what is lost."""
    broken = BROKEN[error]
    (tmp_path / broken.name).write_bytes(broken.content)
    with pytest.raises(DataError) as raised:
        list(read_channel(channel(tmp_path), Reading(skip_bad_rows=True)))
    assert raised.value.code == Code.FILE_UNREADABLE


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Reading()),
        ({"bad_rows": "skip"}, Reading(skip_bad_rows=True)),
        ({"csv_header": "absent"}, Reading(header="absent")),
        ({"label_column": "y", "text_column": "0"}, Reading(Columns("y", "0"))),
        ({"delimiter": "pipe"}, Reading(delimiter="pipe")),
        ({"quoting": "none"}, Reading(quoting="none")),
        ({"encoding": "cp1252"}, Reading(encoding="cp1252")),
    ],
)
def test_hyperparameters_say_how_to_read(values: dict[str, Any], expected: Reading) -> None:
    """Each hyperparameter about files arrives at the readers."""
    assert Reading.of(Hyperparameters(**values)) == expected


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.txt"])
def test_line_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A few kilobytes may unpack to a line of gigabytes; it is not held as a whole."""
    monkeypatch.setattr(source, "LONGEST_LINE", 1000)
    lines = {
        "a.csv": "label,text\nx,{}",
        "a.tsv": "label\ttext\nx\t{}",
        "a.jsonl": '{{"label": "x", "text": "{}"}}',
        "a.txt": "__label__x {}",
    }
    (tmp_path / name).write_bytes(gzip.compress(lines[name].format("y" * 2000).encode()))
    with pytest.raises(DataError, match="a line has 1000 characters or more") as raised:
        list(read_channel(channel(tmp_path), Reading()))
    assert raised.value.code == Code.FILE_UNREADABLE
    assert name in raised.value.where


def test_field_without_end_is_refused(tmp_path: Path) -> None:
    """A quoted one may go on over any number of lines."""
    limit = csv.field_size_limit(1000)
    try:
        (tmp_path / "a.csv").write_text('label,text\nx,"' + "y\n" * 1000 + '"\n')
        with pytest.raises(DataError, match="field larger than field limit"):
            list(read_channel(channel(tmp_path), Reading()))
    finally:
        csv.field_size_limit(limit)


@pytest.mark.parametrize("name", get_args(formats.Format))
def test_every_format_is_read_and_documented(name: formats.Format) -> None:
    """It has a reader, and a row in the table of docs/training_data.md."""
    assert name in READERS
    page = (ROOT / "docs/training_data.md").read_text("utf-8")
    cells = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    shown = {part.lower() for cell in cells for part in cell.split(", ")}
    assert SHOWN_AS.get(name, name) in shown


def test_of_many_small_files_some_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all large ones: what takes as long to look at as to read is read."""
    for number in range(40):
        (tmp_path / f"{number:02}.csv").write_text("label,text\nx,one\n")
    (tmp_path / "07.csv").write_text("label,text\nx,one\n" + "y,two\n" * 100)
    monkeypatch.setattr(module, "LOOKED_AT", 5)
    monkeypatch.setattr(module, "LARGE_BYTES", 500)
    looked_at: list[str] = []
    read = module.read_file

    def noted(source: Source, *rest: Any) -> Any:
        looked_at.append(source.path.name)
        return read(source, *rest)

    monkeypatch.setattr(module, "read_file", noted)
    check_channel(channel(tmp_path), Reading())
    assert looked_at == ["00.csv", "07.csv", "08.csv", "16.csv", "24.csv", "32.csv"]
