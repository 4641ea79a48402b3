"""All documents of a channel, file by file, row by row."""

import csv
import logging
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import ijson

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.blazingtext import read_blazingtext
from text_classification.corpus.readers.changed import unchanged
from text_classification.corpus.readers.channel_files import (
    files_and_left_out,
    warn_of_left_out,
)
from text_classification.corpus.readers.delimited import layout_of, read_delimited
from text_classification.corpus.readers.file_documents import DocumentMaker
from text_classification.corpus.readers.folders import (
    class_files,
    classes,
    partition,
    read_whole,
    without_readmes,
)
from text_classification.corpus.readers.formats import Format
from text_classification.corpus.readers.json_files import read_json, read_json_lines
from text_classification.corpus.readers.packed import DAMAGED
from text_classification.corpus.readers.parquet import read_parquet
from text_classification.corpus.readers.piece import Kind, Opening
from text_classification.corpus.readers.pipe import pipe_path
from text_classification.corpus.readers.piped import Reader, piped_sources
from text_classification.corpus.readers.reading import Reading
from text_classification.corpus.readers.row import BadRow, Columns, Document, Row
from text_classification.corpus.readers.source import Source
from text_classification.corpus.readers.splits import warn_of_split
from text_classification.errors import Code, DataError

# ValueError covers broken UTF-8 and pyarrow's errors.
UNREADABLE = (*DAMAGED, ValueError, csv.Error, ijson.JSONError)
READERS: Mapping[Format, Reader] = {
    "csv": read_delimited,
    "tsv": read_delimited,
    "jsonlines": read_json_lines,
    "json": read_json,
    "blazingtext": read_blazingtext,
    "parquet": read_parquet,
}
_FORMATS = ", ".join(READERS)
SHOWN_BAD_ROWS = 5
# So many small files are looked at before any is read, about.
LOOKED_AT = 1000
LARGE_BYTES = 1 << 20

log = logging.getLogger(__name__)
# What the first look at files would tell is told when they are read.
SILENT = logging.getLogger(f"{__name__}.check_channel")
SILENT.disabled = True


def read_channel(channel: Channel, reading: Reading) -> Iterator[Document]:
    """Yield every document of a channel, its files in the order of their names.

    Raises ``DataError`` for an empty channel (unless other hosts have shares of it), an unreadable
    file, a missing column, or (unless they are to be skipped) a bad row, naming the file and the
    line.
    """
    return read_files(channel, open_channel(channel, reading))


def read_files(
    channel: Channel, files: Iterable[tuple[Source, Reader | None]]
) -> Iterator[Document]:
    """Yield the documents of the files of a channel, as ``read_channel`` does."""
    count = 0
    told: set[Columns] = set()
    for source, reader in files:
        for document in read_file(source, reader, told):
            count += 1
            yield document
    check_count(channel, count)


def check_count(channel: Channel, documents: int) -> None:
    """Raise ``DataError`` where a channel has no documents, nor other hosts shares of it."""
    if not documents and channel.is_sharded:
        log.info("%s: this host's share holds no documents", channel.name)
    elif not documents:
        raise DataError(
            Code.CHANNEL_EMPTY,
            f"the channel '{channel.name}' holds no documents",
            where=str(channel.folder),
            remedy="Check the S3 prefix of the channel and the format of its files; those are left "
            "out whose names begin with a dot or an underscore.",
        )


def check_channel(channel: Channel, reading: Reading) -> None:
    """Look at the first document of large files and of many small, before any is read whole.

    Raises ``DataError`` as ``read_channel`` does. It takes a moment a file, but for a JSON object:
    that is parsed whole, since its label and text may lie at either end. Nothing is logged before
    the files are read. Where a folder is a class, there is nothing in its files to look at; what
    comes through a pipe comes once.
    """
    if channel.is_piped:
        return
    files = [source for source, reader in open_channel(channel, reading, SILENT) if not reader]
    told: set[Columns] = set()
    for source in _looked_at(files):
        with closing(read_file(source, None, told)) as documents:
            next(documents, None)


def _looked_at(files: Sequence[Source]) -> Sequence[Source]:
    """Return all files, or those that are large and of the others some here and there.

    To look at a small one takes as long as to read it, which others do at the same time.
    """
    if len(files) <= LOOKED_AT:
        return files
    step = len(files) // LOOKED_AT
    return [
        source
        for number, source in enumerate(files)
        if number % step == 0 or source.path.stat().st_size >= LARGE_BYTES
    ]


def open_channel(
    channel: Channel, reading: Reading, log: logging.Logger = log
) -> Iterable[tuple[Source, Reader | None]]:
    """Return the files of a channel, each with what reads it; None where its format tells."""
    if channel.is_piped:
        return _piped(channel, reading, log)
    files, left_out = files_and_left_out(channel.folder)
    warn_of_left_out(left_out, channel, log)
    sources = [_source(path, channel, reading, log) for path in files]
    warn_of_split(sources, channel, log)
    inside = class_files(sources, channel.folder)
    if not inside:
        return [(source, None) for source in without_readmes(sources, log)]
    log.info("%s: each folder is a class: %s", channel.name, classes(inside))
    documents = {source.path for source in inside}
    for source in sources:
        if source.path not in documents:
            log.warning("%s is left out: it is no document of a class", source.where)
    return [(source, read_whole) for source in inside]


def _piped(
    channel: Channel, reading: Reading, log: logging.Logger
) -> Iterator[tuple[Source, Reader | None]]:
    try:
        yield from piped_sources(channel, reading, log)
    except UNREADABLE as error:  # between two records
        raise _unreadable(error, pipe_path(channel).name) from error


def _source(path: Path, channel: Channel, reading: Reading, log: logging.Logger) -> Source:
    inside = path.relative_to(channel.folder)
    where = f"{channel.name}/{inside}"
    return Source(path, where, reading, channel.content_type, partition(inside), log)


def opening(source: Source, reader: Reader) -> Opening | None:
    """Return what the first record of a file tells of the rest; None where that is bad.

    Raises as ``read_file`` does, ``DataError`` and what files raise that cannot be read.
    """
    maker = DocumentMaker(source)
    row = next(iter(reader(source)), None)
    if row is None:
        return None
    try:
        maker.document(row)
    except BadRow:
        return None
    layout = layout_of(source) if reader is read_delimited else None
    return Opening(maker.columns, layout) if maker.columns else None


def read_file(
    source: Source, reader: Reader | None, told: set[Columns]
) -> Generator[Document, None, None]:
    """Yield the documents of a file; told: the columns of the channel that the log has named.

    Raises ``DataError`` as ``read_channel`` does.
    """
    where, maker = source.where, DocumentMaker(source)
    line, is_first = source.first_line - 1, True
    skipped = source.piece.skipped if source.piece else 0
    try:
        for row in _rows(source, reader):
            line = row.line
            try:
                document = maker.document(row)
            except BadRow as problem:
                if not source.reading.skip_bad_rows:
                    raise _bad_row(problem, f"{where}, line {line}") from None
                skipped += 1
                if skipped <= SHOWN_BAD_ROWS:
                    source.log.warning(
                        "skipped %s, line %d: %s",
                        where,
                        line,
                        str(problem),
                        extra={"kind": Kind.BAD_ROW},
                    )
                continue
            if is_first:
                maker.tell(document, told)
                is_first = False
            yield document
    except UNREADABLE as error:
        raise _unreadable(error, f"{where}, after line {line}" if line else where) from error
    maker.check()
    if skipped:
        tell_skipped(source, skipped)


def tell_skipped(source: Source, count: int) -> None:
    """Log how many bad rows of a file were skipped."""
    extra = {"kind": Kind.BAD_ROWS}
    source.log.warning("skipped %d bad rows of %s", count, source.where, extra=extra)


def _rows(source: Source, reader: Reader | None) -> Iterator[Row]:
    """Yield the rows of a file; one that changes meanwhile is no file to learn from."""
    read = reader or READERS[source.format()]
    if source.stream or source.piece:
        yield from read(source)
        return
    with unchanged(source.path, source.where):
        yield from read(source)


def _bad_row(problem: BadRow, where: str) -> DataError:
    return DataError(
        Code.ROW_INVALID,
        f"a row is not a labelled document: {problem}",
        where=where,
        remedy=problem.remedy or "Correct the row, or set bad_rows=skip to leave such rows out.",
    )


def _unreadable(error: Any, where: str) -> DataError:
    reason = str(error) or type(error).__name__
    if isinstance(error, ijson.JSONError):
        told = error.args[0]  # in bytes, where it repeats some that are not UTF-8
        reason = told.decode("utf-8", "replace") if isinstance(told, bytes) else reason
        reason = reason.splitlines()[0]  # the lines behind it repeat the text
    if isinstance(error, UnicodeDecodeError):
        byte = error.object[error.start]
        reason = f"byte 0x{byte:02x} is not {error.encoding.upper()}; set encoding to what it is"
    return DataError(
        Code.FILE_UNREADABLE,
        f"the file cannot be read: {reason}",
        where=where,
        remedy=f"Give one of {_FORMATS}; in UTF-8 or the encoding that is set, plain or packed "
        "with gzip, bzip2, xz, zstd, lz4 or snappy.",
    )
