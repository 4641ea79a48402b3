"""Pretrained word vectors: word2vec's text and binary formats and GloVe's, plain or gzip.

Mikolov et al. 2013, Distributed Representations of Words and Phrases and their Compositionality
(NIPS); Pennington, Socher and Manning 2014, GloVe: Global Vectors for Word Representation (EMNLP).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from text_classification.contract.channels import Channel
from text_classification.corpus.readers.channel_files import channel_files, only_one
from text_classification.corpus.readers.packed import DAMAGED, open_binary
from text_classification.corpus.readers.row import BadRow
from text_classification.corpus.readers.source import BOM, SNIFFED_BYTES
from text_classification.corpus.vector_rows import (
    LONGEST_LINE,
    binary_vectors,
    text_vector,
    text_vectors,
)
from text_classification.errors import Code, DataError
from text_classification.kernels.arrays import Floats

Vectors = dict[bytes, Floats]

_HEADER = re.compile(rb"([1-9][0-9]{0,11})[ \t]+([1-9][0-9]{0,5})\s*")
# No text holds these; numbers in binary can hardly do without.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1b]")


@dataclass(frozen=True)
class VectorFile:
    """A file of word vectors.

    where: how messages call it; size: the numbers of a vector; count: the rows that its header
    tells, 0 where it has none, as GloVe's files; binary ones have one.
    """

    path: Path
    where: str
    size: int
    count: int = 0
    is_binary: bool = False

    def read(self, tokens: Sequence[bytes]) -> Vectors:
        """Return the vectors of those tokens that the file has, float32 [size]; the first of each.

        Raises ``DataError`` for a file that is not as it should be, naming the line, and for one
        that has a vector for none of them.
        """
        found: Vectors = {}
        vectors = binary_vectors if self.is_binary else text_vectors
        try:
            with open_binary(self.path) as file:
                if self.count:
                    file.readline(LONGEST_LINE)
                for token, vector in vectors(file, self.size, self.count, frozenset(tokens)):
                    found.setdefault(token, vector)
        except (BadRow, *DAMAGED) as problem:
            raise _unreadable(str(problem), self.where) from None
        if not found:
            raise DataError(
                Code.FILE_UNREADABLE,
                f"there is no vector for any of the {len(tokens)} tokens of the documents",
                where=self.where,
                remedy="Give vectors of the documents' language, and the tokenizer that fits them.",
            )
        return found


def find_vectors(channel: Channel) -> VectorFile:
    """Return the one file of a channel, its format known by its first bytes.

    Raises ``ConfigurationError`` where there is none or more than one, ``DataError`` for a file of
    another format.
    """
    path = only_one(channel, channel_files(channel.folder), "file of word vectors")
    where = f"{channel.name}/{path.relative_to(channel.folder)}"
    try:
        with open_binary(path) as file:
            first, more = file.readline(LONGEST_LINE), file.read(SNIFFED_BYTES)
    except DAMAGED as error:
        raise _unreadable(str(error), where) from None
    header = _HEADER.fullmatch(first.removeprefix(BOM))
    if header:
        count, size = map(int, header.groups())
        return VectorFile(path, where, size, count, is_binary=bool(_NO_TEXT.search(more)))
    row = first.rstrip()
    if not _is_text_row(row):
        raise _unreadable("it is neither in word2vec's nor in GloVe's format", where)
    return VectorFile(path, where, row.count(b" "))


def _is_text_row(row: bytes) -> bool:
    try:
        text_vector(row.partition(b" ")[2], 1)
    except BadRow:
        return False
    return not _NO_TEXT.search(row)


def _unreadable(problem: str, where: str) -> DataError:
    return DataError(
        Code.FILE_UNREADABLE,
        f"the vectors cannot be read: {problem}",
        where=where,
        remedy="Give word2vec's text or binary format or GloVe's, whole, plain or gzip; a zip "
        "archive is to be unpacked.",
    )
