"""Read every document once: tokens become provisional ids while a corpus streams to disk.

The vocabulary may only be drawn from the training part, which is known after all documents have
been seen. So each token gets a provisional id at first sight, which it keeps on disk; once it is
known what a model is trained on, ``numbering`` gives the final ids.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.readers.row import Document
from text_classification.corpus.token_rules import BY_KERNEL, CUT, token_rules
from text_classification.corpus.tokenizer import Tokenizer
from text_classification.kernels.arrays import Ids, Indices
from text_classification.kernels.token_table import TokenTable

# Characters that are cut together: few enough for a cache, and many for a call.
BATCH_CHARACTERS = 1 << 18
# Documents may be empty.
_BATCH_DOCUMENTS = 1 << 12


@dataclass(frozen=True)
class LabelledCorpus:
    """A corpus whose ids are provisional, and the label of each document.

    labels: int32 [documents], numbers of ``names``, which stand in order of appearance.
    """

    corpus: EncodedCorpus
    labels: Ids
    names: tuple[str, ...]


class Interner:
    """Gives each distinct token a provisional id: 0, 1, 2, ... in order of appearance."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._table = TokenTable(token_rules(tokenizer))

    def intern(self, documents: Iterable[Document], path: Path) -> LabelledCorpus:
        """Write the provisional ids of ``documents`` to ``path`` and return the mapped corpus."""
        labels = array("i")
        names: dict[str, int] = {}
        lengths = array("q")
        with path.open("wb") as file:
            for batch in _batches(documents):
                for document in batch:
                    labels.append(names.setdefault(document.label, len(names)))
                ids, counts = self._numbered([document.text for document in batch])
                lengths.frombytes(counts.tobytes())
                ids.tofile(file)
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        corpus = EncodedCorpus.map(path, offsets)
        return LabelledCorpus(corpus, np.array(labels, dtype=np.int32), tuple(names))

    def _numbered(self, texts: list[str]) -> tuple[Ids, Indices]:
        """Return the ids of texts, and the number of tokens of each; the kernel cuts ASCII."""
        ascii_only = [text.isascii() for text in texts]
        cut = [
            text.encode() if is_ascii else self._tokenizer(text)
            for text, is_ascii in zip(texts, ascii_only, strict=True)
        ]
        return self._table.number(cut, [BY_KERNEL if each else CUT for each in ascii_only])

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens seen so far, in the order of their provisional ids."""
        return self._table.tokens


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
