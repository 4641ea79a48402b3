"""Read every document once: tokens become provisional ids while a corpus streams to disk.

The vocabulary may only be drawn from the training part, which is known after all documents have
been seen. So each token gets a provisional id at first sight, which it keeps on disk; once it is
known what a model is trained on, ``numbering`` gives the final ids.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from text_classification.corpus.encoded import CHUNK_IDS, EncodedCorpus
from text_classification.corpus.progress import Progress
from text_classification.corpus.readers.row import Document
from text_classification.corpus.token_rules import BY_KERNEL, CUT, token_rules
from text_classification.corpus.tokenizer import Tokenizer
from text_classification.errors import Code, DataError
from text_classification.kernels.arrays import Bools, Ids, Indices
from text_classification.kernels.token_table import TokenTable

# Characters that are cut together: few enough for a cache, and many for a call.
BATCH_CHARACTERS = 1 << 18
# From so many labels on it is told at once that most documents have one of their own.
_MANY_NAMES = 1 << 16
WRONG_COLUMNS = (
    "The columns may be the wrong way round: the log says which were taken; set label_column and "
    "text_column."
)
# Documents may be empty.
_BATCH_DOCUMENTS = 1 << 12


@dataclass(frozen=True)
class LabelledCorpus:
    """A corpus whose ids are provisional, and the label of each document.

    labels: int32 [documents], numbers of ``names``, which stand in order of appearance. files:
    those that it was read from, each with its first document, as far as they were noted.
    """

    corpus: EncodedCorpus
    labels: Ids
    names: tuple[str, ...]
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Part:
    """Documents whose ids and labels were numbered apart from others.

    names, labels, files: as of ``LabelledCorpus``; lengths: int64 [documents], the tokens of each;
    tokens: one a line, in the order of their ids; ids: the file that holds those, int32.
    """

    names: tuple[str, ...]
    labels: Ids
    lengths: Indices
    tokens: bytes
    ids: Path
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PlainDocuments:
    """Documents whose texts, in UTF-8, stand one behind the other.

    texts: uint8; ends: int64 [documents], where each ends; ascii: bool, whether it is ASCII.
    """

    labels: Sequence[str]
    texts: npt.NDArray[np.uint8]
    ends: Indices
    ascii: Bools


class Interner:
    """Gives each distinct token a provisional id: 0, 1, 2, ... in order of appearance."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._table = TokenTable(token_rules(tokenizer))

    def intern(self, documents: Iterable[Document], path: Path) -> LabelledCorpus:
        """Write the provisional ids of ``documents`` to ``path`` and return the mapped corpus."""
        with CorpusWriter(self, path) as writer:
            writer.write(documents)
        return writer.corpus()

    def number(self, texts: list[str]) -> tuple[Ids, Indices]:
        """Return the ids of texts, and the number of tokens of each."""
        ascii_only = [text.isascii() for text in texts]
        # The kernel cuts ASCII itself.
        cut = [
            text.encode() if is_ascii else self.tokenizer(text)
            for text, is_ascii in zip(texts, ascii_only, strict=True)
        ]
        return self._table.number(cut, [BY_KERNEL if each else CUT for each in ascii_only])

    def number_plain(self, documents: PlainDocuments) -> Iterator[tuple[Ids, Indices]]:
        """Yield the same of documents whose texts stand one behind the other, some at a time."""
        marks = np.arange(BATCH_CHARACTERS, len(documents.texts), BATCH_CHARACTERS)
        ends = documents.ends
        places = np.unique([0, *np.searchsorted(ends, marks, "right").tolist(), len(ends)])
        for first, last in pairwise(places.tolist()):
            start = int(ends[first - 1]) if first else 0
            is_ascii, text = documents.ascii[first:last], documents.texts[start : ends[last - 1]]
            if is_ascii.all():
                chosen = np.full(last - first, BY_KERNEL, np.uint8)
                yield self._table.number_joined(text, ends[first:last] - start, chosen)
            else:
                bounds = [0, *(ends[first:last] - start).tolist()]
                content = text.tobytes()
                yield self.number([content[a:b].decode() for a, b in pairwise(bounds)])

    def number_lines(self, tokens: bytes) -> Ids:
        """Return the id of each token of some, one a line."""
        return self._table.number([tokens], [CUT])[0]

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens seen so far, in the order of their provisional ids."""
        return self._table.tokens

    @property
    def lines(self) -> bytes:
        """The same, one a line."""
        return self._table.lines


class CorpusWriter:
    """Writes a corpus: documents as they are read, and parts that were read apart."""

    def __init__(self, interner: Interner, path: Path, progress: Progress | None = None) -> None:
        self._progress = progress
        self._interner = interner
        self._path = path
        self._file = path.open("wb")
        self._labels = array("i")
        self._names: dict[str, int] = {}
        self._lengths = array("q")
        self._files: list[tuple[str, int]] = []

    def __len__(self) -> int:
        """Return the number of documents so far."""
        return len(self._labels)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def begin(self, file: str, document: int = 0) -> None:
        """Note the file that comes next, so many documents on, if it is another than before."""
        if not self._files or self._files[-1][0] != file:
            self._files.append((file, len(self) + document))

    def write(self, documents: Iterable[Document]) -> None:
        """Write documents behind those that are there."""
        for batch in _batches(documents):
            self._labels.extend([self._label(document.label) for document in batch])
            ids, lengths = self._interner.number([document.text for document in batch])
            self._lengths.frombytes(lengths.tobytes())
            self._file.write(ids.data)
            self._tell()

    def write_plain(self, documents: PlainDocuments) -> None:
        """Write documents whose texts stand one behind the other."""
        self._labels.extend(map(self._label, documents.labels))
        for ids, lengths in self._interner.number_plain(documents):
            self._lengths.frombytes(lengths.tobytes())
            self._file.write(ids.data)

    def merge(self, part: Part) -> None:
        """Write a part behind the documents that are there, with the ids that it would have got."""
        for name, document in part.files:
            self.begin(name, document)
        numbers = np.array([self._label(name) for name in part.names], np.int32)
        self._labels.frombytes(numbers[part.labels].tobytes())
        self._lengths.frombytes(part.lengths.tobytes())
        ids = self._interner.number_lines(part.tokens)
        with part.ids.open("rb") as file:
            while len(own := np.fromfile(file, np.int32, CHUNK_IDS)):
                self._file.write(ids[own].data)
        self._tell()

    def corpus(self) -> LabelledCorpus:
        """Return the corpus, mapped; nothing is written any more."""
        self._file.close()
        offsets: Indices = np.zeros(len(self._lengths) + 1, np.int64)
        np.cumsum(np.frombuffer(self._lengths, np.int64), out=offsets[1:])
        self._lengths = array("q")
        corpus = EncodedCorpus.map(self._path, offsets)
        labels = np.array(self._labels, np.int32)
        return LabelledCorpus(corpus, labels, tuple(self._names), tuple(self._files))

    def _tell(self) -> None:
        """Say how far it is; raise ``DataError`` where so many labels differ that none is one."""
        documents, names = len(self._labels), len(self._names)
        if names > _MANY_NAMES and 2 * names > documents:
            raise DataError(
                Code.LABELS_INVALID,
                f"the first {documents} documents have {names} labels, nearly each one of its own",
                where=self._path.stem,
                remedy=WRONG_COLUMNS,
            )
        if self._progress:
            self._progress.written(len(self))

    def _label(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    held = 0
    for document in documents:
        batch.append(document)
        held += len(document.text)
        if held >= BATCH_CHARACTERS or len(batch) == _BATCH_DOCUMENTS:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch
