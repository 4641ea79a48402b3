"""corpus/readers/json_files.py: what the tests of the channel leave open."""

import io
import json
from pathlib import Path
from typing import BinaryIO

import ijson
import pandas as pd
import pytest

from text_classification.corpus.readers.json_files import read_json, read_json_lines
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns
from text_classification.corpus.readers.source import Source


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
    records = [{"label": "x", "text": "one"}, {"label": "y", "text": "{two}", "more": {"a": 1}}]
    (tmp_path / name).write_text("\n".join(json.dumps(each, indent=2) for each in records))
    source = Source(tmp_path / name, name)
    assert source.format() == "json"
    assert [(row.line, row.fields) for row in read_json(source)] == list(enumerate(records, 1))


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


def test_labels_that_were_refused_in_prodigy_are_bad_rows(tmp_path: Path) -> None:
    """It exports them too; a field "answer" of other records means what it means there."""
    answers = [("accept", {"_input_hash": 1}), ("reject", {"_input_hash": 2}), ("reject", {})]
    records = ({"label": "x", "text": "a", "answer": answer} | more for answer, more in answers)
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    rows = list(read_json_lines(Source(tmp_path / "a.jsonl", "a.jsonl")))
    assert [row.problem for row in rows] == ["", "in Prodigy its answer was reject", ""]
