"""corpus/readers: what is recognised, told, refused and skipped, through whole channels."""

import csv
import io
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import check_channel, read_channel
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns, Document
from text_classification.errors import Code, DataError
from text_classification.training.hyperparameters.parse import parse_hyperparameters

ROWS = [("bill" if n % 2 else "claim", f'number {n}; and, "so" on') for n in range(30)]
DOCUMENTS = [Document(*row) for row in ROWS]


def written(delimiter: str = ",", names: tuple[str, ...] = ("label", "text")) -> str:
    """Return the rows as a file, with a header where there are names."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([names, *ROWS] if names else ROWS)
    return text.getvalue()


def read(folder: Path, content: str | bytes, name: str = "a.csv", **values: Any) -> list[Document]:
    """Return the documents of a channel of one file, as hyperparameters say."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    reading = Reading.of(parse_hyperparameters(values))
    return list(read_channel(Channel("training", folder), reading))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return the log, as a job prints it."""
    caplog.set_level(logging.INFO)
    return caplog


@pytest.mark.parametrize("names", [("label", "text"), ()], ids=["header", "none"])
@pytest.mark.parametrize("name", ["a.csv", "part-0", "a.txt"])
@pytest.mark.parametrize("delimiter", "\t;|,", ids=["tab", "semicolon", "pipe", "comma"])
def test_delimiter_is_recognised(
    tmp_path: Path, delimiter: str, name: str, names: tuple[str, ...]
) -> None:
    """Spreadsheets of many countries write .csv with semicolons."""
    assert read(tmp_path, written(delimiter, names), name) == DOCUMENTS


@pytest.mark.parametrize(
    ("name", "delimiter", "told"),
    [
        ("a.csv", ";", "training/a.csv: fields are separated by delimiter=semicolon"),
        ("a", "\t", "training/a: fields are separated by delimiter=tab"),
        ("a.csv", ",", ""),
        ("a.tsv", "\t", ""),
    ],
)
def test_delimiter_is_told(
    tmp_path: Path, log: pytest.LogCaptureFixture, name: str, delimiter: str, told: str
) -> None:
    """Unless it is what everybody expects."""
    read(tmp_path, written(delimiter), name)
    messages = [record.getMessage() for record in log.records]
    assert [message for message in messages if "separated" in message] == [told] * bool(told)


@pytest.mark.parametrize("value", [";", "semicolon", '";"'])
def test_delimiter_that_is_set_is_taken(tmp_path: Path, value: str) -> None:
    """Also where another would be recognised; named, or as it is."""
    content = "label,text;n\nx;one,1\ny;two,2\n"
    assert read(tmp_path, content, delimiter=value, label_column="label,text", text_column="n") == [
        Document("x", "one,1"),
        Document("y", "two,2"),
    ]


def test_escaped_marks_are_told(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """The log says what is no standard."""
    content = "label,text\n" + "".join(f'x,"he said \\"{n}\\""\n' for n in range(9))
    assert read(tmp_path, content)[0] == Document("x", 'he said "0"')
    assert "quoting=backslash" in log.text


@pytest.mark.parametrize("some", [1, 3])
def test_labels_have_no_marks_behind_a_space(tmp_path: Path, some: int) -> None:
    """Whether all rows have the space or some; the same label would be two."""
    rows = [f'"pay, {n}",{" " * (n % some == 0)}"BILL"\n' for n in range(20_000)]
    found = read(tmp_path, "text,label\n" + "".join(rows))
    assert found == [Document("BILL", f"pay, {n}") for n in range(20_000)]


def test_marks_are_text_on_request(tmp_path: Path) -> None:
    """quoting=none leaves each line a row."""
    content = 'label,text\nx,"one\ny,two"\n'
    assert read(tmp_path, content, quoting="none") == [
        Document("x", '"one'),
        Document("y", 'two"'),
    ]


@pytest.mark.parametrize(
    ("encoding", "values"),
    [
        ("cp1252", {"encoding": "cp1252"}),
        ("latin-1", {"encoding": "Latin1"}),
        ("utf-16-le", {"encoding": "utf-16-le"}),
        ("utf-16", {}),
        ("utf-8-sig", {}),
        ("utf-8-sig", {"encoding": "latin-1"}),
        ("utf-32", {}),
    ],
)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "label,text\nx,café\n"),
        ("a.tsv", "label\ttext\nx\tcafé\n"),
        ("a.jsonl", '{"label": "x", "text": "café"}\n'),
        ("a.json", '[{"label": "x", "text": "café"}]'),
        ("a.json", '{"label": ["x"], "text": ["café"]}'),
        ("a.txt", "__label__x café\n"),
    ],
)
def test_encodings_are_read(
    tmp_path: Path, name: str, content: str, encoding: str, values: Mapping[str, str]
) -> None:
    """As set, or as a byte order mark says, in every format that is text."""
    assert read(tmp_path, content.encode(encoding), name, **values) == [Document("x", "café")]


BAD_LINES = {
    "quotation mark": b'x,"one" two',
    "open quotation mark": b'x,"one',
    "bytes": b"x,caf\xe9",
    "bytes in quotation marks": b'x,"caf\xe9"',
    "too few fields": b"x",
    "too many fields": b"x,one,two",
    "empty label": b",one",
}


@pytest.mark.parametrize("place", [0, 1, 15, 30], ids=["first", "second", "middle", "last"])
@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
@pytest.mark.parametrize("header", [True, False], ids=["header", "no header"])
def test_any_bad_row_is_skipped_alone(
    tmp_path: Path, log: pytest.LogCaptureFixture, bad: bytes, place: int, *, header: bool
) -> None:
    """Whatever is wrong with it, wherever it is; the log has its line."""
    lines = [f"{label},number {n}".encode() for n, (label, _) in enumerate(ROWS)]
    lines.insert(place, bad)
    content = b"\n".join([b"label,text"] * header + lines) + b"\n"
    found = read(tmp_path, content, bad_rows="skip")
    assert [text for _, text in found] == [f"number {n}" for n in range(30)]
    assert f"skipped training/a.csv, line {place + 1 + header}: " in log.text
    assert "skipped 1 bad rows" in log.text


@pytest.mark.parametrize(
    ("bad", "remedy"),
    [
        (BAD_LINES["quotation mark"], "quoting=none"),
        (BAD_LINES["open quotation mark"], "quoting=backslash"),
        (BAD_LINES["bytes"], "encoding"),
        (BAD_LINES["too many fields"], "delimiter"),
    ],
)
def test_remedy_fits_what_is_wrong(tmp_path: Path, bad: bytes, remedy: str) -> None:
    """The error names file and line, and the hyperparameter that helps."""
    with pytest.raises(DataError) as raised:
        read(tmp_path, b"label,text\nx,one\n" + bad + b"\ny,two\n")
    assert raised.value.code == Code.ROW_INVALID
    assert raised.value.where == "training/a.csv, line 3"
    assert remedy in raised.value.remedy


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b'{"label": "x"}\n{"label": "x", "text": "one"}\n'),
        ("a.jsonl", b'{"label": "x", "text": "\xff"}\n{"label": "x", "text": "one"}\n'),
        ("a.json", b'[{"text": "no label"}, {"label": "x", "text": "one"}]'),
        ("a.txt", b"__label__x \xff\n__label__x one\n"),
        ("a.tsv", b"label\ttext\nx\t\xff\nx\tone\n"),
    ],
)
def test_first_row_of_any_format_may_be_skipped(tmp_path: Path, name: str, content: bytes) -> None:
    """A field that the first record lacks is no column that is missing."""
    assert read(tmp_path, content, name, bad_rows="skip") == [Document("x", "one")]


def test_column_that_no_row_has_is_missing(tmp_path: Path) -> None:
    """Skipping all rows would hide the name that is wrong."""
    with pytest.raises(DataError, match="'said'") as raised:
        read(
            tmp_path,
            '{"label": "x", "text": "one"}\n' * 9,
            "a.jsonl",
            bad_rows="skip",
            text_column="said",
        )
    assert raised.value.code == Code.COLUMN_MISSING


@pytest.mark.parametrize(
    ("first", "header"), [(b'label,"te"xt"', "auto"), (b'kind,"te"xt"', "present")]
)
def test_names_that_cannot_be_read_are_not_skipped(
    tmp_path: Path, first: bytes, header: str
) -> None:
    """Without them the columns would be guessed."""
    with pytest.raises(DataError, match="names the columns") as raised:
        read(tmp_path, first + b"\nx,one\n", bad_rows="skip", csv_header=header)
    assert raised.value.where == "training/a.csv, line 1"


def test_columns_are_told_once(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """One line names what was taken, with the beginning of the first row."""
    text = "long " * 20
    (tmp_path / "b.csv").write_text("sentiment,review\ngood,other\n")
    assert len(read(tmp_path, f"review,sentiment\n{text},bad\n{text},good\n")) == 3
    (line,) = [record.getMessage() for record in log.records]
    assert line == (
        "training/a.csv: the label is column 'sentiment', the text is column 'review'; "
        f"the first row has 'bad', '{text[:40]}...'"
    )


def test_other_columns_of_another_file_are_told(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """A channel may hold files of several sources."""
    (tmp_path / "b.csv").write_text("text,topic\none,x\n")
    read(tmp_path, "label,text\nx,one\n")
    assert ["b.csv" in record.getMessage() for record in log.records] == [False, True]


def test_columns_that_are_guessed_are_told_apart(
    tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """From those that a header names, which may be the same; files of either kind may be mixed."""
    for name in ("b.csv", "c.csv"):
        (tmp_path / name).write_text("x,one\n")
    assert len(read(tmp_path, "label,text\nx,one\n")) == 3
    assert [record.getMessage().partition(";")[0] for record in log.records] == [
        "training/a.csv: the label is column 'label', the text is column 'text'",
        "training/b.csv: its columns have no names, and are taken to be 'label', 'text'",
    ]


@pytest.mark.parametrize("names", ["a.csv b.csv", "b.csv a.csv"])
@pytest.mark.parametrize("function", [read_channel, check_channel])
def test_parts_of_a_file_that_names_its_text_first_are_refused(
    tmp_path: Path, names: str, function: Callable[[Channel, Reading], Any]
) -> None:
    """Its other parts have no header: texts would be their labels. Numbers tell the columns."""
    channel, (header, part) = Channel("training", tmp_path), names.split()
    (tmp_path / header).write_text("text,label\none,x\n")
    (tmp_path / part).write_text("two,y\n")
    with pytest.raises(DataError, match="text before its label, and another has no header") as told:
        list(function(channel, Reading()) or ())
    assert (told.value.code, told.value.where) == (Code.COLUMN_MISSING, "training/b.csv")
    found = set(read_channel(channel, Reading(Columns("1", "0"))))
    assert found == {Document("x", "one"), Document("y", "two")}


@pytest.mark.parametrize(
    "other", ["id,text,label\n1,one,x\n", '{"text": "one", "label": "x"}\n', "label,text\nx,one\n"]
)
def test_other_files_beside_one_without_a_header_are_read(tmp_path: Path, other: str) -> None:
    """It can be no part of a file of three columns, nor of JSON."""
    (tmp_path / "b").write_text(other)
    assert read(tmp_path, "y,two\n") == [Document("y", "two"), Document("x", "one")]


@pytest.mark.parametrize(
    "content", ["label,text,Text\n", "label, text,text\n", "label,label,text\n"]
)
def test_columns_of_the_same_name_are_refused(tmp_path: Path, content: str) -> None:
    """Which of them is meant cannot be known; case and spaces make no difference."""
    with pytest.raises(DataError, match="2 columns have the same name") as raised:
        read(tmp_path, content + "x,one,two\n")
    assert raised.value.code == Code.COLUMN_MISSING


def test_columns_that_nobody_wants_may_have_the_same_name(tmp_path: Path) -> None:
    """Spreadsheets leave empty names behind."""
    assert read(tmp_path, "label,text,,\nx,one,,\n") == [Document("x", "one")]


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    """A header that nobody knows is no document, unless the job says that it is."""
    content = "utt,cls\n" + "".join(f"number {n},{label}\n" for n, (label, _) in enumerate(ROWS))
    with pytest.raises(DataError, match="'utt' and 'cls'") as raised:
        read(tmp_path, content)
    assert raised.value.code == Code.COLUMN_MISSING
    assert len(read(tmp_path, content, csv_header="absent")) == 31
    assert Counter(
        label for label, _ in read(tmp_path, content, label_column="CLS", text_column="utt")
    ) == {"bill": 15, "claim": 15}


def test_header_half_known_may_be_a_document(tmp_path: Path) -> None:
    """The error says what to set if it is."""
    with pytest.raises(DataError, match="'label', 'what'") as raised:
        read(tmp_path, "label,what\nx,one\n")
    assert "csv_header=absent" in raised.value.remedy


@pytest.mark.parametrize("name", ["a.tsv", "a"])
def test_tab_separated_lines_lose_no_row(tmp_path: Path, name: str) -> None:
    """Whatever quotation marks the texts hold."""
    texts = ['"one', 'two"', '"three" four', "five", '"six', '"seven"', 'eight ""']
    rows = [
        (label, f"{text} {n}")
        for n, (label, text) in enumerate(zip("xy" * 20, texts * 5, strict=False))
    ]
    content = "label\ttext\n" + "".join("\t".join(row) + "\n" for row in rows)
    assert read(tmp_path, content, name) == [Document(*row) for row in rows]


@pytest.mark.parametrize(
    ("content", "line", "lines"),
    [
        ('label,text\nx,one\nx,"' + "a\n" * 21 + '"\n', 3, 22),
        ('label,text\nx,"one\ny,two\nx,three\ny,four"\n', 2, 4),
    ],
    ids=["many lines", "lines like rows"],
)
def test_swallowed_rows_are_warned_of(
    tmp_path: Path, log: pytest.LogCaptureFixture, content: str, line: int, lines: int
) -> None:
    """Once a file, with the line where the record begins."""
    read(tmp_path, content + 'x,"one\n\n\ntwo"\n' * 2)
    warnings = [record.getMessage() for record in log.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert f"training/a.csv, line {line}: a record of {lines} lines" in warnings[0]


def test_text_of_some_lines_is_no_warning(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """A letter has an address."""
    read(tmp_path, 'label,text\nx,"Dear Sir,\n\nwe thank you, and\nare,\nyours"\n')
    assert not [record for record in log.records if record.levelname == "WARNING"]


@pytest.mark.parametrize(
    ("content", "name", "values"),
    [
        ("label\u200b,text\nx,one\n", "a.csv", {}),
        ("\ufeff\ufefflabel,text\nx,one\n", "a.csv", {}),
        ("\ufefflabel\ttext\u00ad\nx\tone\n", "a.tsv", {}),
        ("cate\u0301gorie,text\nx,one\n", "a.csv", {"label_column": "cat\u00e9gorie"}),
        ('{"label\u200b": "x", "\ufefftext": "one"}\n', "a.jsonl", {}),
        ('[{"cate\u0301gorie": "x", "text": "one"}]', "a.json", {"label_column": "cat\u00e9gorie"}),
    ],
)
def test_names_with_what_is_not_seen_are_found(
    tmp_path: Path, content: str, name: str, values: dict[str, str]
) -> None:
    """Nobody could mend a name that looks right."""
    assert read(tmp_path, content, name, **values) == [Document("x", "one")]


@pytest.mark.parametrize("where", ["label_column", "text_column"])
def test_columns_of_json_and_parquet_may_be_counted(tmp_path: Path, where: str) -> None:
    """By their place among all columns, not only among those that are read."""
    content = '{"id": [1, 2], "n": ["x", "y"], "said": ["one", "two"]}'
    values = {"label_column": "1", "text_column": "said"}
    if where == "text_column":
        values = {"label_column": "n", "text_column": "2"}
    assert read(tmp_path, content, "a.json", **values)[0] == Document("x", "one")


def test_manifest_of_ground_truth_has_class_names(tmp_path: Path) -> None:
    """Without a word about columns, by the attribute, and by the path to the name."""
    content = "".join(
        f'{{"source": "{text}", "letters": {n}, "letters-metadata": {{"class-name": "{name}"}}}}\n'
        for n, (name, text) in enumerate([("BILL", "one"), ("CLAIM", "two")])
    )
    expected = [Document("BILL", "one"), Document("CLAIM", "two")]
    for label_column in ("", "letters", "letters-metadata.class-name"):
        assert read(tmp_path, content, "a.manifest", label_column=label_column) == expected


@pytest.mark.parametrize("place", [0, 1])
def test_document_of_several_labels_is_told(tmp_path: Path, place: int) -> None:
    """As Ground Truth writes them, and as lists; wherever it stands, it is a bad row alone."""
    one = {"source": "a", "l": 0, "l-metadata": {"class-name": "x"}}
    several = {"source": "b", "l": [0, 1], "l-metadata": {"class-map": {"0": "x", "1": "y"}}}
    listed = {"source": "b", "label": ["x", "y"]}
    for bad in (several, listed):
        content = "\n".join(map(json.dumps, [bad, one] if place == 0 else [one, bad]))
        with pytest.raises(DataError, match="several labels; a document has one") as raised:
            read(tmp_path, content, "a.manifest")
        assert raised.value.where == f"training/a.manifest, line {place + 1}"
        assert read(tmp_path, content, "a.manifest", bad_rows="skip") == [Document("x", "a")]


def test_texts_elsewhere_are_told(tmp_path: Path) -> None:
    """A manifest may name objects in S3, which are not read."""
    content = '{"source-ref": "s3://b/k", "l": 0, "l-metadata": {"class-name": "x"}}\n'
    with pytest.raises(DataError) as raised:
        read(tmp_path, content, "a.manifest")
    assert "source-ref names objects in S3" in raised.value.remedy


def test_errors_of_json_hold_no_text(tmp_path: Path) -> None:
    """The parser repeats what it read; the error does not."""
    with pytest.raises(DataError) as raised:
        read(tmp_path, b'[{"label": "x", "text": "secret \xff"}]', "a.json")
    assert "secret" not in str(raised.value)
    assert "invalid bytes" in raised.value.message
