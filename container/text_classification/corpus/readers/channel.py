"""All documents of a channel, file by file, row by row."""

import csv
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ijson

from text_classification.contract.channels import Channel
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.corpus.readers.blazingtext import read_blazingtext
from text_classification.corpus.readers.delimited import Header, read_delimited
from text_classification.corpus.readers.json_files import read_json, read_json_lines
from text_classification.corpus.readers.parquet import read_parquet
from text_classification.corpus.readers.row import BadRow, Columns, Document, Row
from text_classification.corpus.readers.source import Format, detect_format
from text_classification.errors import Code, ConfigurationError, DataError

# EOFError: a gzip file cut off. ValueError covers broken UTF-8 and pyarrow's errors.
UNREADABLE = (OSError, EOFError, ValueError, csv.Error, zlib.error, ijson.JSONError)
SHOWN_BAD_ROWS = 5
SHOWN_FILES = 10

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """How documents are to be read: what the hyperparameters say about files."""

    columns: Columns = field(default_factory=Columns)
    header: Header = "auto"
    skip_bad_rows: bool = False

    @classmethod
    def of(cls, hyperparameters: Hyperparameters) -> "Reading":
        """Return what these hyperparameters say."""
        return cls(
            Columns(hyperparameters.label_column, hyperparameters.text_column),
            hyperparameters.csv_header,
            hyperparameters.bad_rows == "skip",
        )


def read_channel(channel: Channel, reading: Reading) -> Iterator[Document]:
    """Yield every document of a channel, its files in the order of their names.

    Raises ``DataError`` for an empty channel, an unreadable file, a missing column, or (unless
    they are to be skipped) a bad row, naming the file and the line.
    """
    count = 0
    for path in channel_files(channel.folder):
        where = f"{channel.name}/{path.relative_to(channel.folder)}"
        for document in _read_file(path, channel.content_type, reading, where):
            count += 1
            yield document
    if not count:
        raise DataError(
            Code.CHANNEL_EMPTY,
            f"the channel '{channel.name}' holds no documents",
            where=str(channel.folder),
            remedy="Check the S3 prefix of the channel and the format of its files.",
        )


def channel_files(folder: Path) -> list[Path]:
    """Return the files of a channel in order of name, without hidden files and marks.

    Names that begin with a dot or an underscore (``_SUCCESS``) and empty files, which stand for
    folders in S3, hold no documents.
    """
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        and path.stat().st_size
    ]


def only_one(channel: Channel, found: Sequence[Path], what: str) -> Path:
    """Return the one path that was found of what a channel is to hold one of.

    Raises ``ConfigurationError`` where it is not one, and names what is there.
    """
    if len(found) == 1:
        return found[0]
    paths = (found or channel_files(channel.folder))[:SHOWN_FILES]
    names = ", ".join(str(path.relative_to(channel.folder)) for path in paths)
    raise ConfigurationError(
        Code.CHANNEL_UNSUPPORTED if found else Code.CHANNEL_EMPTY,
        f"the channel '{channel.name}' is to hold one {what} and holds {len(found) or 'none'}"
        + (f": {names}" if names else ""),
        where=str(channel.folder),
        remedy="Check the S3 prefix of the channel; it may be that of the one file.",
    )


def _read_file(path: Path, content_type: str, reading: Reading, where: str) -> Iterator[Document]:
    line, columns, skipped = 0, None, 0
    try:
        for row in _rows(path, content_type, reading):
            line = row.line
            try:
                if columns is None and row.fields:
                    columns = reading.columns.resolve(row.fields, where)
                yield (columns or reading.columns).document(row)
            except BadRow as problem:
                if not reading.skip_bad_rows:
                    raise _bad_row(str(problem), f"{where}, line {line}") from None
                skipped += 1
                if skipped <= SHOWN_BAD_ROWS:
                    log.warning("skipped %s, line %d: %s", where, line, problem)
    except UNREADABLE as error:
        raise _unreadable(error, f"{where}, after line {line}" if line else where) from error
    if skipped:
        log.warning("skipped %d bad rows of %s", skipped, where)


def _rows(path: Path, content_type: str, reading: Reading) -> Iterator[Row]:
    columns = reading.columns
    readers: dict[Format, Callable[[], Iterator[Row]]] = {
        "csv": lambda: read_delimited(path, ",", reading.header, columns),
        "tsv": lambda: read_delimited(path, "\t", reading.header, columns),
        "jsonlines": lambda: read_json_lines(path),
        "json": lambda: read_json(path, columns),
        "blazingtext": lambda: read_blazingtext(path),
        "parquet": lambda: read_parquet(path, columns),
    }
    return readers[detect_format(path, content_type)]()


def _bad_row(problem: str, where: str) -> DataError:
    return DataError(
        Code.ROW_INVALID,
        f"a row is not a labelled document: {problem}",
        where=where,
        remedy="Correct the row, or set bad_rows=skip to leave such rows out.",
    )


def _unreadable(error: Any, where: str) -> DataError:
    reason = str(error) or type(error).__name__
    if isinstance(error, ijson.JSONError):
        reason = reason.splitlines()[0]  # the lines behind it repeat the text
    if isinstance(error, UnicodeDecodeError):
        reason = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
    return DataError(
        Code.FILE_UNREADABLE,
        f"the file cannot be read: {reason}",
        where=where,
        remedy="Give UTF-8 files as CSV, TSV, JSON Lines, JSON, Parquet or __label__ lines, "
        "plain or gzip.",
    )
