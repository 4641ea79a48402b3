"""Delimited files whose records are plain, as most are, are taken apart by a kernel."""

import re
from dataclasses import replace

from text_classification.corpus.interning import PlainDocuments
from text_classification.corpus.readers.channel import READERS, SILENT, UNREADABLE, opening
from text_classification.corpus.readers.delimited import Layout, read_delimited
from text_classification.corpus.readers.piece import Opening
from text_classification.corpus.readers.piped import Reader
from text_classification.corpus.readers.row import BadRow, label_text
from text_classification.corpus.readers.source import BOM, LONGEST_LINE, Source
from text_classification.errors import DataError
from text_classification.kernels.records import SplitRecords, split_records

# A smaller file is read sooner than its first lines are looked at once more.
ENOUGH_BYTES = 1 << 18
# Text is packed to a tenth at most, about.
_PACKED = 10
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)")


def plain_documents(source: Source, reader: Reader | None) -> PlainDocuments | None:
    """Return the documents of a delimited file or of a piece of one.

    None where it holds anything that its reader has something to say of, or is of another format or
    encoding: the reader then reads all of it, and tells what is wrong.
    """
    try:
        content = _content(source)
        begun = source.piece.opening if source.piece else None
        found = begun or (_opening(source, reader) if content else None)
    except (*UNREADABLE, DataError):
        return None
    if not content or not found or not found.layout:
        return None
    if not begun:
        content = _behind_header(content, found.layout)
    if found.columns.label in source.folders:
        return None  # whether both agree is to be seen
    split = _split(content, found, found.layout)
    # Where several files were joined, their headers are no documents.
    names = frozenset(found.layout.names if found.layout.has_header else ())
    return _documents(content, split, names) if split else None


def _content(source: Source) -> bytes:
    """Return what a source holds; nothing of what is small, too large or not UTF-8."""
    if source.reading.encoding != "utf-8" or _is_small(source):
        return b""
    with source.binary() as file:
        content = file.read(LONGEST_LINE)
    if not ENOUGH_BYTES <= len(content) < LONGEST_LINE:
        return b""
    if not content.isascii():
        content.decode()
    return content


def _is_small(source: Source) -> bool:
    """Tell whether a file is too small, whatever it may be packed by; it is not opened for that."""
    return source.piece is None and source.path.stat().st_size * _PACKED < ENOUGH_BYTES


def _opening(source: Source, reader: Reader | None) -> Opening | None:
    silent = replace(source, log=SILENT)
    reads = reader or READERS[silent.format()]
    return opening(silent, reads) if reads is read_delimited else None


def _behind_header(content: bytes, layout: Layout) -> bytes:
    at = len(BOM) if content.startswith(BOM) else 0
    for _ in range(layout.before):
        line = _LINE.match(content, at)
        at = line.end() if line else len(content)
    return content[at:]


def _split(content: bytes, found: Opening, layout: Layout) -> SplitRecords | None:
    """Return the records, None where one is not plain or there is more to a file than them."""
    columns, names, dialect = found.columns, layout.names, layout.sample.dialect
    quoting: str = dialect.quoting
    if quoting == "backslash":
        if b"\\" in content:
            return None
        quoting = "standard"
    in_folders = not {columns.label, columns.text} <= set(names)
    is_loose = quoting == "loose" and dialect.width != len(names)
    if columns.more or in_folders or is_loose or dialect.is_spaced:
        return None
    return split_records(
        content,
        delimiter=dialect.delimiter,
        quoting=quoting,
        width=len(names),
        label=names.index(columns.label),
        text=names.index(columns.text),
    )


def _documents(content: bytes, split: SplitRecords, names: frozenset[str]) -> PlainDocuments | None:
    """Return the documents of records, None where one has no label or one of these names as one."""
    known: dict[bytes, str] = {}
    labels = [content[start:end] for start, end in split.labels.tolist()]
    try:
        for label in dict.fromkeys(labels):
            known[label] = label_text(label.decode())
            if label.decode().removeprefix("\ufeff") in names:
                return None
    except BadRow:
        return None
    return PlainDocuments([known[label] for label in labels], split.texts, split.ends, split.ascii)
