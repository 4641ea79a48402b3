"""Parquet, in batches of rows."""

from collections.abc import Iterator
from pathlib import Path

from text_classification.corpus.readers.row import Columns, Row
from text_classification.corpus.readers.source import open_binary

BATCH_ROWS = 1024


def read_parquet(path: Path, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a Parquet file; only the two columns are read."""
    import pyarrow.parquet  # noqa: PLC0415 - only a job that has such files pays for the import

    with open_binary(path) as content, pyarrow.parquet.ParquetFile(content) as file:
        present = dict.fromkeys(file.schema_arrow.names)
        chosen = columns.resolve(present, path.name)
        number = 0
        for batch in file.iter_batches(BATCH_ROWS, columns=[chosen.label, chosen.text]):
            for fields in batch.to_pylist():
                number += 1
                yield Row(number, fields)
