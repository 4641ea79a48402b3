"""What a process does: read some files, or a piece of one, into a part of the corpus."""

import logging
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from text_classification.corpus.interning import CorpusWriter, Interner, Part
from text_classification.corpus.parallel.log import Collected, kind_of
from text_classification.corpus.parallel.plain import plain_documents
from text_classification.corpus.readers.channel import read_file
from text_classification.corpus.readers.piece import CutRecord, Piece
from text_classification.corpus.readers.piped import Reader
from text_classification.corpus.readers.row import Columns
from text_classification.corpus.readers.source import Source
from text_classification.corpus.tokenizer import Tokenizer
from text_classification.errors import DataError


@dataclass(frozen=True)
class Task:
    """Files to read whole, or a piece of one; ids: where their ids go."""

    files: tuple[tuple[Source, Reader | None], ...]
    ids: Path

    @property
    def piece(self) -> Piece | None:
        """The piece that is read, where it is no whole files."""
        return self.files[0][0].piece


@dataclass(frozen=True)
class Outcome:
    """What came of a task.

    part: None where a piece must be read together with what is behind it. log: what was logged.
    lines: how many a piece has.
    """

    part: Part | None
    log: tuple[logging.LogRecord, ...] = ()
    lines: int = 0


class Work:
    """Does tasks with a tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def __call__(self, task: Task) -> Outcome:
        """Return the part of the corpus that the task's files make.

        Raises ``DataError`` for documents that cannot be read; those of a piece are told when it is
        read again, since a piece does not know where it stands.
        """
        with Collected() as log:
            if task.piece is None:
                return Outcome(self._part(task, log.logger), tuple(log.records))
            try:
                part = self._part(task, log.logger)
            except (CutRecord, DataError):
                return Outcome(None)
            if any(
                record.levelno >= logging.WARNING and not kind_of(record) for record in log.records
            ):
                return Outcome(None)
            return Outcome(part, tuple(log.records), _lines(task.piece.content))

    def _part(self, task: Task, log: logging.Logger) -> Part:
        interner = Interner(self._tokenizer)
        opening = task.piece.opening if task.piece else None
        # Behind the first piece of a file its columns have been told.
        told: set[Columns] = {opening.columns} if opening else set()
        with CorpusWriter(interner, task.ids) as writer:
            for source, reader in task.files:
                writer.begin(source.where)
                _write(writer, replace(source, log=log), reader, told)
        corpus = writer.corpus()
        return Part(
            corpus.names,
            corpus.labels,
            corpus.corpus.lengths,
            interner.lines,
            task.ids,
            corpus.files,
        )


def _write(writer: CorpusWriter, source: Source, reader: Reader | None, told: set[Columns]) -> None:
    """Write the documents of a file or a piece."""
    plain = plain_documents(source, reader)
    if plain is None:
        writer.write(read_file(source, reader, told))
        return
    if source.piece is None or source.piece.opening is None:
        with closing(read_file(source, reader, told)) as documents:
            next(documents)  # tells the columns
    writer.write_plain(plain)


def _lines(content: bytes) -> int:
    """Return how many lines there are, as readers count them: any of three breaks ends one."""
    lines = content.count(b"\n")
    return lines + content.count(b"\r") - content.count(b"\r\n") if b"\r" in content else lines
