"""corpus/readers/json_files.py: what the tests of the channel leave open."""

import io
import json
from pathlib import Path
from typing import BinaryIO

import ijson
import pandas as pd
import pytest

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel import read_channel
from text_classification.corpus.readers.json_files import read_json, read_json_lines
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns, Document
from text_classification.corpus.readers.source import SNIFFED_BYTES, Source
from text_classification.errors import Code, DataError


def test_lines_are_counted_with_the_empty_ones(tmp_path: Path) -> None:
    """A record stands on the line an editor shows; line separators inside strings are no breaks."""
    record = '{"label": "x", "text": "a\N{LINE SEPARATOR}b"}'
    (tmp_path / "a.jsonl").write_text(f"{record}\n\n{record}\r\n", encoding="utf-8", newline="")
    assert [row.line for row in read_json_lines(Source(tmp_path / "a.jsonl", "a.jsonl"))] == [1, 3]


def test_columns_are_joined_by_their_index(tmp_path: Path) -> None:
    """The row names of pandas join the columns, whatever their order."""
    columns = {"text": {"7": "seven", "3": "three"}, "label": {"3": "x", "7": "y"}}
    (tmp_path / "a.json").write_text(json.dumps(columns))
    rows = read_json(Source(tmp_path / "a.json", "a.json"))
    found = {row.fields["label"]: row.fields["text"] for row in rows}
    assert found == {"x": "three", "y": "seven"}


def test_columns_are_in_the_order_of_the_one_that_lacks_nothing(tmp_path: Path) -> None:
    """So that the number of a record is its own, also where the first column lacks it."""
    columns = {"label": {"0": "x", "2": "y"}, "text": {"0": "one", "1": "two", "2": "three"}}
    (tmp_path / "a.json").write_text(json.dumps(columns))
    rows = read_json(Source(tmp_path / "a.json", "a.json"))
    assert [(row.line, row.fields["label"]) for row in rows] == [(1, "x"), (2, None), (3, "y")]


def test_wanted_columns_are_read(tmp_path: Path) -> None:
    """Of many columns the named ones are taken, by name or position."""
    columns = {"text": ["no"], "kind": ["x"], "said": ["yes"]}
    (tmp_path / "a.json").write_text(json.dumps(columns))
    reading = Reading(Columns("kind", "2"))
    (row,) = read_json(Source(tmp_path / "a.json", "a.json", reading))
    assert row.fields == {"text": None, "kind": "x", "said": "yes"}


@pytest.mark.parametrize("content", ["[]", " [ ] "])
def test_empty_array_has_no_rows(tmp_path: Path, content: str) -> None:
    """An array without records is no error of its own."""
    (tmp_path / "a.json").write_text(content)
    assert list(read_json(Source(tmp_path / "a.json", "a.json"))) == []


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a"])
def test_objects_as_jq_prints_them_are_records(tmp_path: Path, name: str) -> None:
    """One behind the other, each on several lines, whatever the file is called."""
    first = {"label": "x", "text": "one"}
    records = [first, {"label": "y", "text": "{two}", "more": {"a": 1}}]
    (tmp_path / name).write_text("\n".join(json.dumps(each, indent=2) for each in records))
    source = Source(tmp_path / name, name)
    assert source.format() == "json"
    expected = [{**first, "more": None}, records[1]]  # the first has the names of all
    assert [(row.line, row.fields) for row in read_json(source)] == list(enumerate(expected, 1))


def test_what_stands_behind_an_object_is_told(tmp_path: Path) -> None:
    """An array is no record; what is no JSON ends the file."""
    record = json.dumps({"label": "x", "text": "one"}, indent=2)
    (tmp_path / "a.json").write_text(f"{record}\n{record}\n[1]\n")
    rows = list(read_json(Source(tmp_path / "a.json", "a.json")))
    assert [bool(row.problem) for row in rows] == [False, False, True]
    (tmp_path / "a.json").write_text(f"{record}\n{record}\nx\n")
    with pytest.raises(ijson.JSONError, match="invalid char"):
        list(read_json(Source(tmp_path / "a.json", "a.json")))


def test_numbers_keep_their_kind(tmp_path: Path) -> None:
    """A label that is an integer is not made a decimal."""
    (tmp_path / "a.json").write_text('[{"label": 3, "text": "a"}, {"label": 3.5, "text": 2.5}]')
    values = [row.fields["label"] for row in read_json(Source(tmp_path / "a.json", "a.json"))]
    assert [(value, type(value)) for value in values] == [(3, int), (3.5, float)]


@pytest.mark.parametrize("orient", ["split", "table", "columns", "index", "records"])
def test_pandas_writes_what_is_read(tmp_path: Path, orient: str) -> None:
    """Whatever the orient; columns that nobody reads are passed over."""
    records = [{"n": 1, "label": "x", "text": "one"}, {"n": 2, "label": "y", "text": "two"}]
    pd.DataFrame(records).to_json(tmp_path / "a.json", orient=orient)
    rows = read_json(Source(tmp_path / "a.json", "a.json"))
    assert [(row.fields["label"], row.fields["text"]) for row in rows] == [
        ("x", "one"),
        ("y", "two"),
    ]


def test_rows_of_another_width_than_their_columns_are_bad(tmp_path: Path) -> None:
    """And told as such; the others are read."""
    content = {"columns": ["label", "text"], "data": [["x"], ["y", "two"], 3]}
    (tmp_path / "a.json").write_text(json.dumps(content))
    rows = list(read_json(Source(tmp_path / "a.json", "a.json")))
    assert [bool(row.problem) for row in rows] == [True, False, True]
    assert "2 values" in rows[0].problem


VALUES = [["x", "one", 1], ["y", "two", None], ["x", "three"], 4]


@pytest.mark.parametrize("names", [None, ["kind", "said", "n"]], ids=["no names", "names"])
def test_arrays_of_values_are_read(tmp_path: Path, names: list[str] | None) -> None:
    """As pandas writes them by orient="values", and below names that a table of lists may have."""
    (tmp_path / "a.json").write_text(json.dumps([names, *VALUES] if names else VALUES))
    columns = Columns("kind", "said") if names else Columns("0", "1")
    rows = list(read_json(Source(tmp_path / "a.json", "a.json", Reading(columns))))
    assert [bool(row.problem) for row in rows] == [False, False, True, True]
    assert "3 values" in rows[2].problem
    chosen = columns.resolve(rows[0].fields, "a.json")
    assert [tuple(chosen.document(row)) for row in rows[:2]] == [("x", "one"), ("y", "two")]
    assert rows[0].line == 1 + bool(names)


def test_arrays_of_two_values_are_a_label_and_a_text(tmp_path: Path) -> None:
    """As the columns of a delimited file are; names that nobody knows are refused likewise."""
    rows = [["bill" if n % 2 else "claim", f"number {n}"] for n in range(9)]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    source = Source(tmp_path / "a.json", "a.json")
    first = next(read_json(source))
    assert first.fields == {"label": "claim", "text": "number 0"}
    (tmp_path / "a.json").write_text(json.dumps([["_c0", "_c1"], *rows]))
    with pytest.raises(DataError, match="'_c0' and '_c1', of which none is known"):
        list(read_json(source))


def test_columns_are_parsed_twice(tmp_path: Path) -> None:
    """For their names and for what they hold; none is taken apart to find that it is no record."""
    opened: list[Path] = []

    class Counted(Source):
        def json(self) -> BinaryIO:
            opened.append(self.path)
            return super().json()

    (tmp_path / "a.json").write_text('{"label": {"0": "x"}, "text": {"0": "one"}}')
    (row,) = read_json(Counted(tmp_path / "a.json", "a.json"))
    assert row.fields == {"label": "x", "text": "one"}
    assert len(opened) == 3  # once for the first character


def test_columns_named_data_are_columns(tmp_path: Path) -> None:
    """What only resembles an orient is read as the columns that it has."""
    content = {"label": ["x"], "data": ["one"], "columns": ["two"]}
    (tmp_path / "a.json").write_text(json.dumps(content))
    reading = Reading(Columns(text="data"))
    (row,) = read_json(Source(tmp_path / "a.json", "a.json", reading))
    assert (row.fields["label"], row.fields["data"]) == ("x", "one")


def test_a_long_text_is_read_in_large_parts(tmp_path: Path) -> None:
    """The parser begins it anew behind each part, so there are few, however long it is."""
    (tmp_path / "a.json").write_text(json.dumps([{"label": "x", "text": "a" * (1 << 22)}]))
    parts: list[int | None] = []

    class Parts(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            parts.append(size)
            return super().read(size)

    class InParts(Source):
        def json(self) -> BinaryIO:
            return Parts(self.path.read_bytes())

    (row,) = read_json(InParts(tmp_path / "a.json", "a.json"))
    assert len(row.fields["text"]) == 1 << 22
    assert len(parts) < 5


def documents(folder: Path, reading: Reading | None = None) -> list[Document]:
    """Return the documents of a folder."""
    return list(read_channel(Channel("a", folder), reading or Reading()))


SPARSE = [{"label": "x", "title": "a"}, {"label": "y", "title": "b", "body": "c"}, {"label": "z"}]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_columns_are_those_of_the_first_records_together(tmp_path: Path, name: str) -> None:
    """Not of the one that comes first: a likelier column is told; any of several may be missing."""
    lines = name == "a.jsonl"
    content = "\n".join(map(json.dumps, SPARSE[:2])) if lines else json.dumps(SPARSE[:2])
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match="'body' is missing") as raised:
        documents(tmp_path)
    assert raised.value.code == Code.ROW_INVALID
    assert "set text_column to all of them" in raised.value.remedy
    assert documents(tmp_path, Reading(Columns(text="title"))) == [("x", "a"), ("y", "b")]
    assert documents(tmp_path, Reading(Columns(text="body,title"))) == [("x", "a"), ("y", "c b")]


def test_lines_that_tell_the_columns_are_as_many_as_of_delimited_files(tmp_path: Path) -> None:
    """They lie in the first piece of a large file; behind it the columns are known."""
    lines = [json.dumps({"label": "x", "text": "one"})] * 100 + [json.dumps({"more": 1})]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    first, *others = read_json_lines(Source(tmp_path / "a.jsonl", "a.jsonl"))
    assert list(first.fields) == ["label", "text"]
    assert [row.line for row in others] == list(range(2, 102))
    (tmp_path / "a.jsonl").write_text("\n".join([lines[0], "x" * SNIFFED_BYTES, lines[-1]]))
    assert list(next(read_json_lines(Source(tmp_path / "a.jsonl", "a.jsonl"))).fields) == [
        "label",
        "text",
    ]


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": [{"label": "x", "text": "one"}]},
        {"version": "1.0", "data": [{"label": "x", "text": "one"}]},
        {"train": [{"label": "x", "text": "one"}], "test": []},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_object_around_records_is_told(
    tmp_path: Path, wrapped: dict[str, object], indent: int | None
) -> None:
    """Its fields are no columns, whose names could be given; a column of objects is one."""
    (tmp_path / "a.json").write_text(json.dumps(wrapped, indent=indent))
    for reading in (Reading(), Reading(skip_bad_rows=True)):
        with pytest.raises(DataError, match=r"around a list of records, '(data|train)'") as e:
            documents(tmp_path, reading)
    assert (e.value.code, "Give the list alone" in e.value.remedy) == (Code.COLUMN_MISSING, True)
    columns = {"label": ["x"], "text": ["one"], **wrapped}
    (tmp_path / "a.json").write_text(json.dumps(columns, indent=indent or 1))
    assert documents(tmp_path) == [("x", "one")]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
@pytest.mark.parametrize("is_lines", [True, False])
def test_json_that_was_encoded_twice_is_told(tmp_path: Path, name: str, *, is_lines: bool) -> None:
    """A string that holds all records, or each of them; in CSV it may be a text."""
    records = [{"label": "x", "text": "one"}] * 2
    content = [*map(json.dumps, records)] if is_lines else [json.dumps(records, indent=1)]
    (tmp_path / name).write_text("\n".join(map(json.dumps, content)))
    with pytest.raises(DataError, match="it was encoded twice") as raised:
        documents(tmp_path)
    assert raised.value.where == f"a/{name}, line 1"
    assert "give json.dump no text" in raised.value.remedy
    (tmp_path / name).write_text(f"{json.dumps(content[0])},BILL\n" * 3)
    if name == "a":
        found = documents(tmp_path, Reading(Columns("1", "0")))
        assert [label for label, _ in found] == ["BILL"] * 3


@pytest.mark.parametrize(
    ("name", "content_type", "told"),
    [
        ("a", "application/jsonlines", "The content type of the channel says"),
        ("a.jsonl", "", "The name of the file says"),
    ],
)
def test_what_says_that_lines_are_json_is_named(
    tmp_path: Path, name: str, content_type: str, told: str
) -> None:
    """A row cannot be corrected where the format is another."""
    (tmp_path / name).write_text("label,text\nx,one\n")
    with pytest.raises(DataError, match="it is not JSON") as raised:
        list(read_channel(Channel("a", tmp_path, content_type), Reading()))
    assert raised.value.remedy.startswith(told)


def test_labels_that_were_refused_in_prodigy_are_bad_rows(tmp_path: Path) -> None:
    """It exports them too; a field "answer" of other records means what it means there."""
    answers = [("accept", {"_input_hash": 1}), ("reject", {"_input_hash": 2}), ("reject", {})]
    records = ({"label": "x", "text": "a", "answer": answer} | more for answer, more in answers)
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    rows = list(read_json_lines(Source(tmp_path / "a.jsonl", "a.jsonl")))
    assert [row.problem for row in rows] == ["", "in Prodigy its answer was reject", ""]
