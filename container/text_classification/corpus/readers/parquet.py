"""Parquet, in batches of rows."""

from collections.abc import Iterator

from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source

BATCH_ROWS = 1024


def read_parquet(source: Source) -> Iterator[Row]:
    """Yield the rows of a Parquet file; only the columns that are needed are read."""
    import pyarrow.parquet  # noqa: PLC0415 - only a job that has such files pays for the import

    if source.is_joined:
        raise ValueError(
            "Parquet files cannot be told apart where they come one behind the other; set the "
            "channel's RecordWrapperType to RecordIO"
        )
    source.keep()
    with source.binary() as content, pyarrow.parquet.ParquetFile(content) as file:
        present = file.schema_arrow.names
        unread = dict.fromkeys(present)  # columns may be meant by their position
        chosen = source.resolve(present)
        columns = [name for name in (chosen.label, *chosen.texts) if name in present]
        number = 0
        for batch in file.iter_batches(BATCH_ROWS, columns=columns):
            for fields in batch.to_pylist():
                number += 1
                yield Row(number, {**unread, **fields})
