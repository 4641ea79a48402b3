"""Parquet, in batches of rows."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from text_classification.corpus.readers.row import Row
from text_classification.corpus.readers.source import Source
from text_classification.errors import Code, DataError

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
        _check_plain(file.schema_arrow, columns, source.where)
        rows = itertools.chain.from_iterable(_batches(file, columns, chosen.label))
        for number, fields in enumerate(rows, 1):
            yield Row(number, {**unread, **fields})


def _batches(file: Any, columns: list[str], label: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the fields of rows, some rows at a time."""
    narrow = _narrow_float(file.schema_arrow, label) if label in columns else None
    for batch in file.iter_batches(BATCH_ROWS, columns=columns):
        rows = batch.to_pylist()
        if narrow:
            for fields in rows:
                if fields[label] is not None:
                    # As it was written: 0.1 in four bytes is 0.10000000149011612 in eight.
                    fields[label] = float(str(narrow(fields[label])))
        yield rows


def _narrow_float(schema: Any, name: str) -> Any:
    """Return NumPy's type of a column of floats of less than eight bytes, None of another."""
    import pyarrow.types  # noqa: PLC0415 - as above

    kind = schema.field(name).type
    is_narrow = pyarrow.types.is_float16(kind) or pyarrow.types.is_float32(kind)
    return kind.to_pandas_dtype() if is_narrow else None


def _check_plain(schema: Any, columns: Iterable[str], where: str) -> None:
    """Raise ``DataError`` for a column that holds other columns or lists, whatever its rows."""
    import pyarrow.types  # noqa: PLC0415 - as above

    for name in columns:
        kind = schema.field(name).type
        if pyarrow.types.is_nested(kind):
            raise DataError(
                Code.COLUMN_MISSING,
                f"the column '{name}' is nested: {kind!s:.100}",
                where=where,
                remedy="Write the label and the text as columns of their own, or name others with "
                "label_column and text_column.",
            )
