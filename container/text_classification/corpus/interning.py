"""Read every document once: tokens become provisional ids while a corpus streams to disk.

The vocabulary may only be drawn from the training part, which is known after all documents have
been seen. So each token gets a provisional id at first sight, which it keeps on disk; once it is
known what a model is trained on, ``numbering`` gives the final ids.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from text_classification.corpus.encoded import EncodedCorpus
from text_classification.corpus.readers.row import Document
from text_classification.corpus.tokenizer import Tokenizer
from text_classification.kernels.arrays import Ids

# Ids kept in memory before they are written out.
BUFFER_IDS = 1 << 20


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
        self._ids: dict[bytes, int] = {}

    def intern(self, documents: Iterable[Document], path: Path) -> LabelledCorpus:
        """Write the provisional ids of ``documents`` to ``path`` and return the mapped corpus."""
        labels = array("i")
        names: dict[str, int] = {}
        lengths = array("q")
        buffer = array("i")
        with path.open("wb") as file:
            for document in documents:
                tokens = self._tokenizer(document.text).split()
                ids = self._ids
                buffer.extend([ids.setdefault(token, len(ids)) for token in tokens])
                lengths.append(len(tokens))
                labels.append(names.setdefault(document.label, len(names)))
                if len(buffer) >= BUFFER_IDS:
                    buffer.tofile(file)
                    del buffer[:]
            buffer.tofile(file)
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        corpus = EncodedCorpus.map(path, offsets)
        return LabelledCorpus(corpus, np.array(labels, dtype=np.int32), tuple(names))

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The tokens seen so far, in the order of their provisional ids."""
        return tuple(self._ids)
