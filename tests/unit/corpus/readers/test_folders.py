"""corpus/readers/folders.py: classes and fields that folders name."""

import gzip
import io
import logging
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.folders import partition
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns, Document
from text_classification.errors import Code, DataError

REVIEWS = {f"{name}/{n}.txt": f"A {name} film, {n}" for name in ("bad", "good") for n in range(4)}
ROWS = "".join(f"{'x' if n % 2 else 'y'},number {n}\n" for n in range(6))


def read(
    folder: Path, files: Mapping[str, str | bytes], reading: Reading | None = None
) -> list[Document]:
    """Write the files of a channel and read it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_channel(Channel("training", folder), reading or Reading()))


def texts(*values: str) -> bytes:
    """Return a Parquet file of texts alone."""
    sink = io.BytesIO()
    parquet.write_table(pa.table({"id": range(len(values)), "text": values}), sink)
    return sink.getvalue()


def test_folder_is_a_class(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each file is one document, its folder the label; the log says so."""
    caplog.set_level(logging.INFO)
    assert read(tmp_path, REVIEWS) == [
        Document(name.split("/")[0], text) for name, text in sorted(REVIEWS.items())
    ]
    assert "each folder is a class: 'bad', 'good'" in caplog.text


def test_document_of_a_folder_may_be_anything(tmp_path: Path) -> None:
    """Several lines, commas and quotation marks; packed, without an ending, or a number for one."""
    files: dict[str, str | bytes] = {
        "sci.space/49960": 'One, "two\nand, three\n',
        "sci.space/2": "",
        "alt.atheism/1.txt.gz": gzip.compress(b"one\ttwo"),
        "alt.atheism/3.5": "[one",
        "sci.space/4": "four, 4",
    }
    assert read(tmp_path, files) == [
        Document("alt.atheism", "one\ttwo"),
        Document("alt.atheism", "[one"),
        Document("sci.space", "four, 4"),
        Document("sci.space", 'One, "two\nand, three\n'),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("bill/2020/1.txt", "bill/2021/2.txt", "claim/2020/3.txt"),
        ("bill/1.txt", "bill/old/2.txt", "claim/3.txt", "claim/4.txt"),
    ],
)
def test_folders_in_folders_are_refused_where_either_may_be_the_class(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """A year would become the class of a bill."""
    with pytest.raises(DataError, match="either may be the classes") as raised:
        read(tmp_path, dict.fromkeys(names, "some text"))
    assert raised.value.code is Code.CHANNEL_UNSUPPORTED


@pytest.mark.parametrize("field", ["", "split="])
def test_parts_of_a_split_hold_the_same_classes(tmp_path: Path, field: str) -> None:
    """As in the reviews of films that many begin with."""
    parts = (f"{field}train", f"{field}test")
    files = {f"{part}/{name}/1.txt": "some text" for part in parts for name in "ab"}
    assert [document.label for document in read(tmp_path, files)] == ["a", "b", "a", "b"]


@pytest.mark.parametrize("column", ["Kind", "kind\u200b"])
def test_partition_is_named_as_columns_are(tmp_path: Path, column: str) -> None:
    """In any case, and whatever is not seen in the name."""
    files = {f"kind={name}/year=2020/1.txt": "some text" for name in "ab"}
    found = read(tmp_path, files, Reading(Columns(column)))
    assert [document.label for document in found] == ["a", "b"]


def test_partition_named_label_is_the_class_wherever_it_stands(tmp_path: Path) -> None:
    """Not the last folder, which may be a year."""
    files = {f"label={name}/year=2020/1.txt": "some text" for name in ("a%20b", "c")}
    assert [document.label for document in read(tmp_path, files)] == ["a b", "c"]


def test_readme_in_a_folder_is_no_document(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left out with a warning, and does not hide that the folders are classes."""
    files = {"a/README.md": "About", "a/1.md": "one", "b/2.eml": "two", "b/3.text": "three"}
    assert [document.text for document in read(tmp_path, files)] == ["one", "two", "three"]
    assert "a/README.md is left out" in caplog.text


@pytest.mark.parametrize("name", ["notes.log", "1.txt.bak", "0.txt.md5"])
def test_stray_file_in_a_folder_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """It does not hide that the folders are classes, and is named."""
    assert len(read(tmp_path, {**REVIEWS, f"good/{name}": "made, today\n"})) == len(REVIEWS)
    assert f"training/good/{name} is left out" in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("meta.csv", "some text", "may hold labels itself"),
        ("meta.data", ROWS, "may hold labels itself"),
        ("1.bak.gz", gzip.compress(b"some text" * 99, mtime=0)[:-9], "may hold labels itself"),
        ("1.docx", b"PK\x03\x04" + b"\0" * 9 + b"word/document.xml", "the file is a text document"),
    ],
)
def test_stray_file_that_may_hold_labels_is_refused(
    tmp_path: Path, name: str, content: str | bytes, problem: str
) -> None:
    """By its own name, rather than the documents as tables."""
    with pytest.raises(DataError, match=problem) as raised:
        read(tmp_path, {**REVIEWS, f"good/{name}": content})
    assert raised.value.where == f"training/good/{name}"


def test_many_files_of_other_names_are_no_documents(tmp_path: Path) -> None:
    """Nor are tables in folders, whatever a few of them are called."""
    others = {f"{folder}/{n}.log": "x,one\n" for folder in ("2020", "2021") for n in range(4)}
    assert len(read(tmp_path / "a", {**others, "2020/a": ROWS, "2021/a": ROWS})) == 20
    assert len(read(tmp_path / "b", {f"{n}/a.txt": ROWS for n in "12"} | {"1/b.x": "x,y\n"})) == 13


def test_files_without_labels_in_folders_are_told_how_to_name_them(tmp_path: Path) -> None:
    """Whoever has a folder of Parquet files for each class can rename the folders."""
    with pytest.raises(DataError) as raised:
        read(tmp_path, {"bill/0.parquet": texts("one"), "claim/0.parquet": texts("two")})
    assert "call the folders label=BILL" in raised.value.remedy


def test_partition_of_texts_is_a_class(tmp_path: Path) -> None:
    """The name behind the equals sign is the label."""
    files = {f"label={name}/{n}.txt": "some text" for name in "ab" for n in range(2)}
    assert [document.label for document in read(tmp_path, files)] == ["a", "a", "b", "b"]


@pytest.mark.parametrize(
    "files",
    [
        {"2020/a": ROWS, "2021/a": ROWS},
        {"2020/a.txt": ROWS.replace(",", "\t"), "2021/a.txt": ROWS.replace(",", "\t")},
        {"2020/a.txt": "label,text\nx,one\n", "2021/a.txt": "label,text\ny,two\n"},
        {"2020/part-0": "x,one\n", "2021/part-0": "y,two\n"},
        {"2020/a.txt": "__label__x one\n", "2021/a.txt": "__label__y two\n"},
        {"2020/a": '{"label": "x", "text": "one"}', "2021/a": '{"label": "x", "text": "one"}'},
        {"2020/a.csv": "x,one\n", "2021/a.csv": "y,two\n"},
    ],
    ids=["CSV", "TSV", "a header", "parts", "BlazingText", "JSON Lines", "named .csv"],
)
def test_tables_in_folders_are_tables(tmp_path: Path, files: dict[str, str]) -> None:
    """Files that hold labels themselves are read as without folders."""
    assert {document.label for document in read(tmp_path, files)} <= {"x", "y"}


def test_one_file_in_a_folder_is_no_class(tmp_path: Path) -> None:
    """A prefix in S3 may end in a folder."""
    assert read(tmp_path, {"v1/data.txt": "x,one\ny,two\n"}) == [
        Document("x", "one"),
        Document("y", "two"),
    ]


def test_few_files_beside_folders_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A README lies in no class, and the log says that it is not read."""
    files = {**REVIEWS, "README.md": "Reviews of films, by hand", "notes.txt": "none"}
    assert len(read(tmp_path, files)) == len(REVIEWS)
    told = [message for message in caplog.messages if "is left out" in message]
    assert [message.split(" ")[0] for message in told] == [
        "training/README.md",
        "training/notes.txt",
    ]


@pytest.mark.parametrize(
    "beside",
    [
        {"train.csv": "label,text\nx,one\n"},
        {f"{n}.txt": "one" for n in range(4)},
    ],
    ids=["CSV", "many"],
)
def test_files_beside_folders_that_may_hold_documents_are_refused(
    tmp_path: Path, beside: Mapping[str, str]
) -> None:
    """Nobody knows which are the documents, and either way some would be lost or misread."""
    with pytest.raises(DataError, match="8 files in folders") as raised:
        read(tmp_path, {**REVIEWS, **beside})
    assert raised.value.code == Code.CHANNEL_UNSUPPORTED


def test_a_label_is_no_part_of_a_split(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Documents may be on trains and tests."""
    files = {f"label={name}/{n}.txt": "some text" for name in ("train", "test") for n in range(3)}
    assert {document.label for document in read(tmp_path, files)} == {"train", "test"}
    assert "by their names" not in caplog.text


@pytest.mark.parametrize(
    ("stray", "problem"),
    [
        ("bad/meta.csv", "8 files in folders.* and 1 among them, which may hold labels itself"),
        ("letters.docx", "the file is a text document"),
        ("new.csv.gz", "8 files in folders.* and 1 beside them, which may hold labels itself"),
    ],
)
def test_a_stray_file_among_classes_is_named(tmp_path: Path, stray: str, problem: str) -> None:
    """It alone would make tables of all documents, of which each would be told instead."""
    content = b"PK\x03\x04word/" if stray.endswith("docx") else b"n,name,size\n1,a.txt,7\n"
    with pytest.raises(DataError, match=problem) as raised:
        read(tmp_path, {**REVIEWS, stray: content})
    assert raised.value.where == f"training/{stray}"


def test_many_strays_among_classes_are_refused(tmp_path: Path) -> None:
    """Nobody knows whether they are documents, too."""
    with pytest.raises(DataError, match=r"8 files in folders.* and 4 among them") as raised:
        read(tmp_path, {**REVIEWS, **{f"good/{n}.log": "some text" for n in range(4)}})
    assert raised.value.code == Code.CHANNEL_UNSUPPORTED


@pytest.mark.parametrize(
    "names", [("1.txt", "a.csv", "b.csv", "c.csv"), ("a.csv", "note.txt"), ("a.txt", "b.log")]
)
def test_few_texts_among_tables_make_no_classes(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Where most files in folders are tables, all are."""
    files = {f"{year}/{name}": "x,one\ny,two\n" for year in (2020, 2021) for name in names}
    assert len(read(tmp_path, files)) == 2 * len(files)


def test_bytes_of_another_encoding_are_told_with_the_file(tmp_path: Path) -> None:
    """As for any other row; they can be skipped too."""
    files: dict[str, str | bytes] = {**REVIEWS, "good/9.txt": "café".encode("latin-1")}
    with pytest.raises(DataError, match="byte 0xe9 is not UTF-8") as raised:
        read(tmp_path, files)
    assert raised.value.where == "training/good/9.txt, line 1"
    assert len(read(tmp_path, {}, Reading(skip_bad_rows=True))) == len(REVIEWS)


def test_damaged_file_among_classes_is_told(tmp_path: Path) -> None:
    """It is read in its turn, so that the error has its name."""
    packed = {f"{name}/0.txt.gz": gzip.compress(b"some text " * 99)[:-9] for name in "ab"}
    with pytest.raises(DataError) as raised:
        read(tmp_path, packed)
    assert raised.value.code == Code.FILE_UNREADABLE
    assert raised.value.where.startswith("training/a/0.txt.gz")


def test_partitions_label_tables(tmp_path: Path) -> None:
    """As Spark writes them: names escaped, and one folder within another."""
    files = {
        "label=BILL/year=2024/part-0.parquet": texts("one", "two"),
        "label=POLICY%20CHANGE/year=2024/part-0.parquet": texts("three"),
    }
    assert read(tmp_path, files) == [
        Document("BILL", "one"),
        Document("BILL", "two"),
        Document("POLICY CHANGE", "three"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("part-0.csv", 'some "plain" text\n"one, two"\n'),
        ("part-0.csv", 'text\nsome "plain" text\n"one, two"\n'),
        ("part-0.csv", 'text,n\nsome "plain" text,1\n"one, two",2\n'),
        ("part-0.json", '{"text": "some \\"plain\\" text"}\n{"text": "one, two"}\n'),
    ],
)
def test_partitions_label_every_format(tmp_path: Path, name: str, content: str) -> None:
    """Spark leaves the column of a partition out of its files, and a header too."""
    assert read(tmp_path, {f"kind=x/{name}": content}, Reading(Columns("kind"))) == [
        Document("x", 'some "plain" text'),
        Document("x", "one, two"),
    ]


def test_folder_may_be_a_copy_of_the_column(tmp_path: Path) -> None:
    """However both are written; other fields of the same name are those of the file."""
    files = {"label=a/year=1/x.csv": "Label,text,year\n a,one,2\n"}
    assert read(tmp_path, files, Reading(Columns("label"))) == [Document("a", "one")]


@pytest.mark.parametrize("rows", [2, 20_000])
def test_folder_and_column_that_differ_are_told(tmp_path: Path, rows: int) -> None:
    """Nobody knows which is the class; large files are read by the kernel otherwise."""
    content = "label,text\n" + "a,one of many texts\n" * rows + "b,two\n"
    with pytest.raises(DataError, match="its label is 'b', and the folder of its file says 'a'"):
        read(tmp_path, {"label=a/x.csv": content})


def test_missing_label_of_a_partition_is_a_bad_row(tmp_path: Path) -> None:
    """Spark writes that a value is missing by a name that nobody means as a label."""
    files = {"label=__HIVE_DEFAULT_PARTITION__/part-0.csv": "text\none\n"}
    with pytest.raises(DataError, match="the label is missing"):
        read(tmp_path, files)


def test_partition_has_names_and_values() -> None:
    """Folders without an equals sign, and the file's own name, tell nothing."""
    path = Path("a/label=x=y/year=/b=c.csv")
    assert partition(path) == {"label": "x=y", "year": ""}


TABLE = "label,text\nx,one\ny,two\n"


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("train.csv", "test-00000-of-1.csv"), "'test', 'train'"),
        (("validation/a.csv", "Train/a.csv"), "'train', 'validation'"),
        (("train/a.csv", "training_2/b.csv"), "'train', 'training'"),
        (("split=train/a.csv", "split=test/b.csv"), "'test', 'train'"),
        (("year=2020/fold=train/a.csv", "year=2020/fold=dev/b.csv"), "'dev', 'train'"),
        (("train/a.csv", "tests.csv"), ""),
        (("test.csv", "b.csv"), ""),
    ],
)
def test_parts_of_a_split_in_one_channel_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, names: tuple[str, ...], parts: str
) -> None:
    """All would be trained on, and nobody would know of what the scores are."""
    assert len(read(tmp_path, dict.fromkeys(names, TABLE))) == 2 * len(names)
    told = [message for message in caplog.messages if "by their names" in message]
    assert [f"are {parts};" in message for message in told] == ([True] if parts else [])


def test_readme_beside_tables_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As data sets have; a table of that name is one all the same, and so is a lone file."""
    files = {"a.csv": TABLE, "readme.csv": TABLE, "README.md": "About, it", "LICENSE": "Free"}
    assert len(read(tmp_path / "more", files)) == 4
    assert [message.split(" ")[0] for message in caplog.messages if "left out" in message] == [
        "training/LICENSE",
        "training/README.md",
    ]
    assert len(read(tmp_path / "alone", {"README": TABLE})) == 2
