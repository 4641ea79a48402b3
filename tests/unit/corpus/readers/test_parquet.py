"""corpus/readers/parquet.py."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from text_classification.corpus.readers.parquet import BATCH_ROWS, read_parquet
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import Columns
from text_classification.corpus.readers.source import Source
from text_classification.errors import DataError


def test_rows_are_numbered_through_all_batches(tmp_path: Path) -> None:
    """Row groups and batches leave no gap and change no order."""
    count = 2 * BATCH_ROWS + 5
    table = pa.table({"label": range(count), "text": [f"t{n}" for n in range(count)]})
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=700)
    rows = list(read_parquet(Source(tmp_path / "a.parquet", "a.parquet")))
    assert [row.line for row in rows] == list(range(1, count + 1))
    assert [row.fields["text"] for row in rows] == [f"t{n}" for n in range(count)]


def test_dictionaries_and_missing_values_are_read(tmp_path: Path) -> None:
    """Categories of pandas are text; a missing value is None, which no document has."""
    labels = pa.array(["x", None, "x"]).dictionary_encode()
    table = pa.table({"label": labels, "text": ["a", "b", None]})
    parquet.write_table(table, tmp_path / "a.parquet")
    rows = [dict(row.fields) for row in read_parquet(Source(tmp_path / "a.parquet", "a.parquet"))]
    assert rows == [
        {"label": "x", "text": "a"},
        {"label": None, "text": "b"},
        {"label": "x", "text": None},
    ]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_a_fraction_is_the_label_that_other_formats_write(
    tmp_path: Path, kind: pa.DataType
) -> None:
    """However many bytes its column gives it: 0.1 in four is 0.10000000149011612 in eight."""
    numbers = pa.array([0.1, 1, None, -2.5, 100], pa.float64()).cast(kind)
    table = pa.table({"label": numbers, "text": ["a"] * len(numbers)})
    parquet.write_table(table, tmp_path / "a.parquet")
    rows = list(read_parquet(Source(tmp_path / "a.parquet", "a.parquet")))
    assert [row.fields["label"] for row in rows] == [0.1, 1, None, -2.5, 100]


@pytest.mark.parametrize("values", [[{"title": "a"}, {"title": "b"}], [["a"], ["b", "c"]]])
def test_a_nested_column_is_told_by_its_kind(tmp_path: Path, values: list[Any]) -> None:
    """Not row by row, of which all might be skipped; others beside it harm nobody."""
    table = pa.table({"label": ["x", "y"], "text": values, "body": ["one", "two"]})
    parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"'text' is nested: (struct|list)") as error:
        list(read_parquet(Source(tmp_path / "a.parquet", "a.parquet")))
    assert error.value.where == "a.parquet"
    reading = Reading(Columns(text="body"))
    rows = read_parquet(Source(tmp_path / "a.parquet", "a.parquet", reading))
    assert [row.fields["body"] for row in rows] == ["one", "two"]
